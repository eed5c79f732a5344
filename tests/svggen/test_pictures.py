"""Pictures from outside: every kind becomes RGB on white; what is broken, tiny or huge is one clear error."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from svggen.errors import InvalidPictureError
from svggen.pictures import MAX_BYTES, load_picture


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_rgb_comes_back_as_it_was(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 256, (20, 31, 3)).astype(np.uint8)
    data = encoded(Image.fromarray(values))
    (tmp_path / "a.png").write_bytes(data)
    for source in (data, tmp_path / "a.png"):
        got = load_picture(source)
        assert got.dtype == np.uint8 and np.array_equal(got, values)


def test_alpha_is_laid_on_white() -> None:
    half = load_picture(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 128))))
    assert abs(int(half[0, 0, 0]) - 127) <= 1
    assert (load_picture(encoded(Image.new("LA", (8, 8), (0, 0)))) == 255).all()
    clear = Image.new("P", (8, 8), 3)
    clear.putpalette([200, 0, 0] * 4)
    assert (load_picture(encoded(clear, transparency=3)) == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
@pytest.mark.parametrize("ink", [0, 1])
def test_every_kind_of_pixel_is_rgb(mode: str, ink: int) -> None:
    colours = {"1": (0, 1), "L": (0, 255), "P": (0, 1), "CMYK": ((0, 0, 0, 255), (0, 0, 0, 0)), "I;16": (0, 65535)}
    image = Image.new(mode, (16, 16), colours[mode][ink])  # type: ignore[index]
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    got = load_picture(encoded(image, "TIFF" if mode == "CMYK" else "PNG"))
    assert got.shape == (16, 16, 3) and np.abs(got.astype(int) - 255 * ink).max() <= 1


def test_of_an_animation_the_first_frame() -> None:
    frames = [Image.new("RGB", (12, 9), colour) for colour in ("red", "blue", "lime")]
    for kind in ("GIF", "WEBP", "PNG"):
        got = load_picture(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert got.shape == (9, 12, 3)
        assert np.abs(got.reshape(-1, 3).mean(0) - [255, 0, 0]).max() < 6, kind


def test_a_photograph_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert load_picture(encoded(Image.new("RGB", (30, 20)), "JPEG", exif=exif)).shape == (30, 20, 3)


def test_a_huge_picture_is_refused_before_it_is_decoded() -> None:
    data = encoded(Image.new("1", (20_000, 20_000)))
    started = time.perf_counter()
    with pytest.raises(InvalidPictureError, match="megapixels"):
        load_picture(data)
    assert time.perf_counter() - started < 0.5
    with pytest.raises(InvalidPictureError, match="32 MB"):
        load_picture(b"\x89PNG" + bytes(MAX_BYTES))


def test_a_tiny_or_missing_or_empty_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPictureError, match="1 x 1"):
        load_picture(encoded(Image.new("RGB", (1, 1))))
    with pytest.raises(InvalidPictureError, match="empty"):
        load_picture(b"")
    with pytest.raises(InvalidPictureError, match="nowhere"):
        load_picture(tmp_path / "nowhere.png")
    with pytest.raises(InvalidPictureError, match="regular"):
        load_picture(tmp_path)
    with pytest.raises(InvalidPictureError, match="SVG"):
        load_picture(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.floats(0, 1), st.integers(0, 255), st.booleans())
def test_damage_is_a_picture_or_one_kind_of_error(kind: str, where: float, value: int, cut: bool) -> None:
    data = bytearray(encoded(Image.effect_noise((24, 24), 40).convert("RGB"), kind))
    place = int(where * (len(data) - 1))
    if cut:
        del data[place:]
    else:
        data[place] = value
    try:
        got = load_picture(bytes(data))
    except InvalidPictureError as error:
        assert str(error)
    else:
        assert got.dtype == np.uint8 and got.ndim == 3 and got.shape[2] == 3
