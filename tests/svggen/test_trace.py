"""Pictures in: loading them, and tracing them to the primitives and strokes that they were drawn with."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from svggen import pictures
from svggen.errors import InvalidPictureError, ModelError
from svggen.icon import Circle, Icon, Line, Rect, Shape, parse, serialise
from svggen.icon import Path as Outline
from svggen.models import DrawRequest, get_model
from svggen.models.trace.compare import ink_overlap, mean_squared_error, ssim
from svggen.models.trace.explain import commands
from svggen.models.trace.fit import fit_closed
from svggen.models.trace.layers import layers_of
from svggen.models.trace.net import Net, Seg, arc_of, sample, segment_of
from svggen.models.trace.outlines import resampled, vtracer_svg
from svggen.models.trace.primitives import primitive_of
from svggen.models.trace.refine import refine
from svggen.models.trace.skeleton import skeleton_of, thinned
from svggen.models.trace.snap import snapped
from svggen.models.trace.tracing import Traced, trace
from svggen.pictures import load_picture
from svggen.render.renderers import default_renderer
from svggen.style import StyleSpec

LINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def svg(inner: str, look: str = "") -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {look}>{inner}</svg>')


def drawn(icon: Icon, side: int = 256, **colours: str) -> bytes:
    """A PNG by skia: CairoSVG gives two corners of a rounded rectangle a larger radius than the other two."""
    return default_renderer().png(icon, side, **colours)


def traced(inner: str, look: str = "", side: int = 256, **colours: str) -> Traced:
    return trace(load_picture(drawn(svg(inner, look), side, **colours)))


def kinds(icon: Icon) -> list[str]:
    return sorted(type(s.geometry).__name__ for s in icon.shapes)


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------------------ pictures


def test_every_kind_of_picture_becomes_rgb_on_white() -> None:
    flat = {
        "L": Image.new("L", (8, 8), 128), "1": Image.new("1", (8, 8), 1), "P": Image.new("P", (8, 8), 0),
        "CMYK": Image.new("CMYK", (8, 8), (255, 0, 0, 0)), "RGB": Image.new("RGB", (8, 8), (1, 2, 3)),
    }  # fmt: skip
    for mode, image in flat.items():
        data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
        out = load_picture(data)
        assert out.shape == (8, 8, 3) and out.dtype == np.uint8, mode
    assert load_picture(encoded(flat["L"]))[0, 0].tolist() == [128, 128, 128]
    cyan = load_picture(encoded(flat["CMYK"], "JPEG", quality=95))[0, 0]
    assert cyan[0] < 40 and cyan[1] > 150 and cyan[2] > 200


def test_alpha_is_laid_on_white_and_16_bits_are_scaled() -> None:
    half = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    assert abs(int(load_picture(encoded(half))[0, 0, 0]) - 127) <= 1
    assert load_picture(encoded(Image.new("LA", (8, 8), (0, 0))))[0, 0].tolist() == [255, 255, 255]
    deep = Image.fromarray(np.full((8, 8), 257 * 100, np.uint16))
    assert load_picture(encoded(deep))[0, 0].tolist() == [100, 100, 100]


def test_an_animated_picture_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), c) for c in ("#ff0000", "#00ff00")]
    out = load_picture(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert out[0, 0].tolist() == [255, 0, 0]


def test_exif_rotation_is_applied() -> None:
    image = Image.new("RGB", (20, 10), "#000000")
    exif = Image.Exif()
    exif[0x0112] = 6
    assert load_picture(encoded(image, "JPEG", exif=exif.tobytes())).shape == (20, 10, 3)


def huge() -> bytes:
    """A PNG whose header says 20,000 x 20,000."""
    data = bytearray(encoded(Image.new("L", (8, 8))))
    data[16:24] = (20000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


BAD = {
    "empty": (b"", "empty"),
    "text": (b"hello there, this is no picture", "no picture"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG already"),
    "cut short": (encoded(Image.effect_noise((64, 64), 50))[:900], "broken or cut short"),
    "one pixel": (encoded(Image.new("RGB", (1, 1))), "1 x 1 px"),
    "20,000 px": (huge(), "megapixels"),
    "too many bytes": (b"x" * (pictures.MAX_BYTES + 1), "MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures_are_one_clear_error(name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(InvalidPictureError, match=said):
        load_picture(data)


def test_paths_are_read_and_named_in_errors(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(encoded(Image.new("RGB", (8, 8))))
    bad.write_bytes(b"nothing")
    assert load_picture(good).shape == (8, 8, 3)
    for path, said in ((bad, "bad.png"), (tmp_path / "none.png", "there is no picture"), (tmp_path, "regular file")):
        with pytest.raises(InvalidPictureError, match=said):
            load_picture(path)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 120))
def test_damaged_pictures_never_raise_anything_else(noise: bytes, at: int) -> None:
    whole = encoded(Image.effect_noise((16, 16), 50).convert("RGB"))
    for data in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert load_picture(data).ndim == 3
        except InvalidPictureError as error:
            assert str(error)


# ---------------------------------------------------------------------------------------------------------- similarity


def test_similarity_of_equal_and_of_opposite_pictures() -> None:
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    mixed = white.copy()
    mixed[16:48, 16:48] = 0
    assert ssim(mixed, mixed) == pytest.approx(1.0) and ink_overlap(mixed, mixed) == 1.0
    assert ssim(black, white) < 0.01 and mean_squared_error(black, white) == pytest.approx(1.0)
    moved = np.roll(mixed, 4, axis=1)
    assert ssim(mixed, moved) < 0.95 and ink_overlap(mixed, moved) == pytest.approx(28 / 36)


# ---------------------------------------------------------------------------------------------------------- geometry


@given(st.floats(-4, 4).filter(lambda v: abs(v) > 0.05), st.floats(0, 6.28))
def test_arcs_are_written_as_they_are_sampled(sagitta: float, angle: float) -> None:
    p = np.array([3.0, 4.0])
    q = p + 3.0 * np.array([np.cos(angle), np.sin(angle)])
    shape = np.array([sagitta])
    points = sample(p, q, "A", shape, 16)
    centre, radius, middle, _half = arc_of(p, q, sagitta)
    assert np.allclose(points[0], p) and np.allclose(points[-1], q)
    assert np.allclose(np.hypot(*(points - centre).T), radius) and np.allclose(points[8], centre + radius * middle)
    from svggen.geometry import flatten

    drawn = flatten(Outline((("M", (3.0, 4.0)), *segment_of(p, q, "A", shape))), 1e-4)[0][0]
    assert min(np.hypot(*(drawn - points[4]).T)) < 0.1


def test_least_squares_finds_a_line_and_the_width_around_it() -> None:
    net = Net(np.array([[2.0, 11.0], [22.0, 13.5]]), [Seg(0, 1, "L")])
    x = np.linspace(3, 21, 80)
    points = np.concatenate([np.stack([x, np.full(80, 11.0)], 1), np.stack([x, np.full(80, 13.0)], 1)])
    half = refine(net, points, half=0.7, rounds=12, scale=1.0)
    assert half == pytest.approx(1.0, abs=0.01) and np.allclose(net.nodes[:, 1], 12.0, atol=0.03)


def test_a_rounded_square_is_four_lines_and_four_arcs() -> None:
    from svggen.geometry import flatten, to_path

    points = resampled(flatten(to_path(Rect(4, 5, 16, 12, 3, 3)), 0.001)[0][0], 0.1)
    net = fit_closed(points, 0.04, 0.05)
    assert net is not None and sorted(s.kind for s in net.segs) == ["A"] * 4 + ["L"] * 4
    found = primitive_of(points, 0.03)
    assert (
        isinstance(found, Rect)
        and found.rx == pytest.approx(3, abs=0.05)
        and found.width == pytest.approx(16, abs=0.02)
    )


def test_thinning_keeps_the_connection() -> None:
    mask = np.zeros((40, 60), bool)
    mask[10:18, 5:55] = True
    mask[10:35, 26:34] = True
    thin = thinned(mask)
    from scipy import ndimage

    assert thin.sum() < 90 and not (thin & ~mask).any()
    assert ndimage.label(thin, np.ones((3, 3)))[1] == 1
    found = skeleton_of(mask, 4.0)
    assert found is not None and len(found.edges) == 3 and sorted(map(found.degree, found.nodes)) == [1, 1, 1, 3]
    disc = np.hypot(*np.indices((60, 60)) - 30) < 25
    assert skeleton_of(disc, 4.0) is None


def test_snapping_keeps_the_middle_of_an_arc() -> None:
    arc = Outline((("M", (3.02, 12.02)), ("A", (9.01, 9.01, 0.0, 0.0, 1.0, 11.98, 2.99))))
    done = snapped(Shape(arc), lambda v: round(v * 4) / 4).geometry
    assert isinstance(done, Outline)
    assert done.segments == (("M", (3.0, 12.0)), ("A", (9.0, 9.0, 0.0, 0.0, 1.0, 12.0, 3.0)))


# ------------------------------------------------------------------------------------------------------------- tracing


def test_a_ring_is_one_stroked_circle() -> None:
    found = traced('<circle cx="12" cy="12" r="8"/>', LINE)
    (shape,) = found.icon.shapes
    assert shape.geometry == Circle(12, 12, 8)
    assert (shape.look.stroke, shape.look.stroke_width, shape.look.fill) == ("currentColor", 2.0, "none")
    assert found.ssim > 0.995 and found.commands == 1


def test_a_rounded_square_is_one_rectangle() -> None:
    outline = traced('<rect x="4" y="4" width="16" height="16" rx="3"/>', LINE)
    (shape,) = outline.icon.shapes
    assert isinstance(shape.geometry, Rect) and shape.look.stroke_width == 2.0
    assert (shape.geometry.x, shape.geometry.width) == (4, 16) and shape.geometry.rx == 3
    filled = traced('<rect x="4" y="4" width="16" height="16" rx="3"/>')
    assert filled.icon.shapes[0].geometry == Rect(4, 4, 16, 16, 3, 3) and filled.icon.shapes[0].look.stroke == "none"


def test_three_lines_are_three_lines() -> None:
    for cap in ("round", "butt"):
        found = traced('<path d="M3 6h18M3 12h18M3 18h12"/>', LINE.replace('linecap="round"', f'linecap="{cap}"'))
        assert found.ssim > 0.99 and found.commands <= 3
        if cap == "round":
            ends = sorted(
                (g.y1, round(min(g.x1, g.x2), 2), round(max(g.x1, g.x2), 2))
                for g in (s.geometry for s in found.icon.shapes)
                if isinstance(g, Line)
            )
            assert ends == [(6, 3, 21), (12, 3, 21), (18, 3, 15)]
            assert {s.look.cap for s in found.icon.shapes} == {"round"}


def test_lines_that_meet_are_one_drawing_of_strokes() -> None:
    inner = '<rect x="3" y="4" width="18" height="18" rx="2"/><path d="M3 10h18M8 2v4M16 2v4"/>'
    found = traced(inner, LINE)
    assert kinds(found.icon) == ["Line", "Line", "Line", "Rect"] and found.commands == 4 and found.ssim > 0.99
    corner = traced('<path d="M4 12l5 5L20 6"/>', 'fill="none" stroke="currentColor" stroke-width="2"')
    assert corner.icon.shapes[0].look.join == "miter" and corner.icon.shapes[0].look.cap == "butt"


STAR = (
    '<path fill-rule="evenodd" d="M12 2l3 7h7l-5.5 4.5L18.5 21L12 16.5L5.5 21l2-7.5L2 9h7z'
    'M12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z"/>'
)


def test_a_star_keeps_its_hole_and_takes_far_fewer_commands_than_vtracer() -> None:
    picture = drawn(svg(STAR), 512)
    found = trace(load_picture(picture))
    (shape,) = found.icon.shapes
    assert isinstance(shape.geometry, Outline) and shape.look.fill_rule == "evenodd"
    ops = [op for op, _ in shape.geometry.segments]
    assert ops.count("M") == 2 and ops.count("A") == 2 and ops.count("L") <= 12
    plain = parse(vtracer_svg(picture).replace("<svg ", '<svg viewBox="0 0 512 512" ', 1))
    assert found.ssim >= 0.97 and 2.5 * found.commands < commands(plain.shapes)


def test_two_colours_keep_their_colours_without_a_seam() -> None:
    found = traced(
        '<circle cx="12" cy="12" r="9" fill="#0f766e"/><rect x="8" y="8" width="8" height="8" fill="#f59e0b"/>'
    )
    first, second = found.icon.shapes
    assert (first.geometry, first.look.fill) == (Circle(12, 12, 9), "#0f766e")  # whole below the square
    assert (second.geometry, second.look.fill) == (Rect(8, 8, 8, 8), "#f59e0b")
    assert found.ssim > 0.99


def test_a_lighter_tone_is_the_same_ink_with_opacity() -> None:
    inner = f'<rect x="4" y="4" width="16" height="16" opacity=".3"/><g {LINE}><path d="M7 12h10"/></g>'
    found = traced(inner)
    assert {s.look.fill for s in found.icon.shapes} | {s.look.stroke for s in found.icon.shapes} == {
        "none",
        "currentColor",
    }
    assert [round(s.look.opacity, 2) for s in found.icon.shapes] == [pytest.approx(0.3, abs=0.02), 1.0]


def test_one_ink_of_any_colour_on_any_ground_is_current_colour() -> None:
    found = traced('<circle cx="12" cy="12" r="8" fill="currentColor"/>', color="#ffe4e6", background="#1e293b")
    assert (found.ground, found.ink) == ((30, 41, 59), (255, 228, 230))
    assert found.icon.shapes[0].look.fill == "currentColor" and found.ssim > 0.99


def test_a_frame_that_touches_the_border_is_no_ground() -> None:
    found = traced('<rect x="1" y="1" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2"/>')
    assert found.ground == (255, 255, 255) and found.ssim > 0.99
    (shape,) = found.icon.shapes
    assert shape.geometry == Rect(1, 1, 22, 22) and (shape.look.stroke_width, shape.look.join) == (2.0, "miter")


def test_specks_are_dropped() -> None:
    clean = svg('<circle cx="12" cy="12" r="6"/>')
    picture = load_picture(drawn(clean)).copy()
    for x, y in ((10, 10), (240, 30), (20, 200), (230, 230)):
        picture[y : y + 3, x : x + 3] = 0
    assert [s.geometry for s in trace(picture).icon.shapes] == [Circle(12, 12, 6)]


def test_margins_are_kept_and_the_canvas_is_square() -> None:
    picture = np.full((100, 200, 3), 255, np.uint8)
    picture[25:75, 50:150] = 0
    found = trace(picture)
    assert found.icon.viewbox == (0, 0, 24, 24) and found.icon.shapes[0].geometry == Rect(6, 9, 12, 6)


def test_a_picture_of_nothing_or_of_countless_specks_is_refused() -> None:
    with pytest.raises(InvalidPictureError, match="all of one colour"):
        trace(np.full((64, 64, 3), 200, np.uint8))
    with pytest.raises(InvalidPictureError, match="too detailed"):
        trace(np.random.default_rng(3).integers(0, 255, (200, 200, 3)).astype(np.uint8))


@pytest.mark.slow
def test_a_patch_of_noise_is_traced_somehow() -> None:
    found = trace(np.random.default_rng(3).integers(0, 255, (20, 20, 3)).astype(np.uint8))
    assert -1 <= found.ssim <= 1 and parse(serialise(found.icon)).shapes


@pytest.mark.parametrize("side", [24, 64, 128])
def test_small_pictures_are_traced_too(side: int) -> None:
    found = traced('<path d="M4 12l5 5L20 6"/>', LINE, side=side)
    assert found.commands <= 4 and found.overlap > (0.75 if side == 24 else 0.9)


# ---------------------------------------------------------------------------------------------------------- the model


def request(**given: Any) -> DrawRequest:
    picture = drawn(svg('<circle cx="12" cy="12" r="8"/>', LINE), 128)
    return DrawRequest(**{"words": "ring", "image": picture, "n": 3, **given})


def test_the_model_draws_the_picture_and_says_how_like_it_is() -> None:
    (draft,) = get_model("trace").generate(request())
    assert draft.icon is not None and draft.icon.shapes[0].geometry == Circle(12, 12, 8)
    assert draft.confidence > 0.9 and "traced the picture" in draft.steps[0]
    assert parse(serialise(draft.icon)) == draft.icon


@pytest.mark.slow
def test_the_model_restyles_where_a_style_is_wanted() -> None:
    first, second = get_model("trace").generate(request(style=StyleSpec(stroke_width=1.0)))
    assert first.icon is not None and second.icon is not None
    assert first.icon.shapes[0].look.stroke_width == 1.0 and second.icon.shapes[0].look.stroke_width == 2.0
    assert len(get_model("trace").generate(request(style=StyleSpec(stroke_width=1.0), n=1))) == 1


@pytest.mark.parametrize(
    ("image", "failure"),
    [(None, "unknown_subject"), (b"no picture", "parse_error"), (encoded(Image.new("RGB", (32, 32))), "blank")],
)
def test_the_model_never_raises_for_what_it_cannot_trace(image: bytes | None, failure: str) -> None:
    (draft,) = get_model("trace").generate(request(image=image))
    assert (draft.icon, draft.failure, draft.confidence) == (None, failure, 0.0) and draft.notes


def test_without_vtracer_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vtracer", None)
    with pytest.raises(ModelError, match="pip install vtracer"):
        get_model("trace").generate(request())


def test_layers_hold_the_coverage_of_each_ink() -> None:
    picture = load_picture(drawn(svg('<rect x="2" y="6" width="10" height="12" fill="#ff0000"/>'), 48))
    layers = layers_of(picture)
    (layer,) = layers.layers
    assert layer.color == "currentColor" and layers.ink == (255, 0, 0)
    assert float(layer.cover.mean()) == pytest.approx(120 / 576, abs=0.01)
