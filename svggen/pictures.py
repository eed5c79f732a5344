"""Pictures from outside, made into one kind of array.

Contract. ``load_picture`` takes the bytes or the path of a PNG, JPEG, GIF, WebP, BMP or TIFF file and gives uint8
(height, width, 3): RGB, rows top down, alpha laid on white, EXIF rotation applied. An animated picture gives its first
frame; 16 bits a channel, palettes, greys, one-bit and CMYK pictures become 8-bit RGB. The size is read from the header
and judged before anything is decoded. Whatever is wrong with a picture is an ``InvalidPictureError`` that says what.
"""

from __future__ import annotations

import io
import stat
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svggen.errors import InvalidPictureError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["MAX_BYTES", "MAX_PIXELS", "MIN_SIDE", "load_picture", "picture_bytes", "picture_size"]

MAX_BYTES = 32_000_000
"""Of a file. A photograph of 64 megapixels as JPEG is smaller than that."""
MAX_PIXELS = 64_000_000
"""Width x height: 192 MB of RGB, which a laptop can hold."""
MIN_SIDE = 4
"""px: a picture with a shorter side shows nothing."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_warnings_lock = threading.Lock()  # catch_warnings changes the whole process


def load_picture(source: bytes | Path, *, name: str = "") -> npt.NDArray[np.uint8]:
    """uint8 (h, w, 3), RGB on white. name: what errors call it (its path, or "the picture"). Raises InvalidPictureError
    (no picture, broken, too large, too small, no such file)."""
    name = name or ("the picture" if isinstance(source, bytes) else str(source))
    data = source if isinstance(source, bytes) else picture_bytes(source)
    if not data:
        raise InvalidPictureError(f"{name} is empty")
    if len(data) > MAX_BYTES:
        raise InvalidPictureError(f"{name} has more than {MAX_BYTES // 1_000_000} MB; give a smaller one")
    picture = _open(data, name)
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_large(name, f"{width:,} x {height:,} px are")
    if min(width, height) < MIN_SIDE:
        raise InvalidPictureError(
            f"{name}: {width} x {height} px show nothing; give a picture of at least {MIN_SIDE} x {MIN_SIDE} px"
        )
    try:
        return _rgb(picture)
    except MemoryError:
        raise _too_large(name, f"{width:,} x {height:,} px are") from None
    except Exception as error:  # decoders of foreign bytes fail in many ways, and each means the same to the caller
        raise InvalidPictureError(f"{name} is broken or cut short: {error}") from error


def picture_size(data: bytes) -> tuple[int, int]:
    """(width, height) in px as the header says; nothing is decoded. Raises InvalidPictureError (no picture)."""
    width, height = _open(data, "the picture").size
    return width, height


def picture_bytes(path: Path) -> bytes:
    """The content of a picture file, not looked at; one byte more than ``MAX_BYTES`` at most. InvalidPictureError where
    it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InvalidPictureError(f"{path} is not a regular file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidPictureError(f"there is no picture {path}") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InvalidPictureError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error


def _open(data: bytes, name: str) -> Any:
    """The picture with its header read and nothing else. Pillow has a size limit of its own, which it tells as a
    warning below twice its value and as an error above it."""
    from PIL import Image, UnidentifiedImageError

    try:
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_large(name, "its width x height is") from None
    except UnidentifiedImageError:
        head = data[:400].lstrip().lower()
        if head.startswith(b"<") and b"svg" in head:
            raise InvalidPictureError(f"{name} is an SVG already; give a PNG or JPEG") from None
        raise InvalidPictureError(f"{name} is no picture that can be read; give a PNG, JPEG, WebP, GIF, BMP") from None
    except Exception as error:
        raise InvalidPictureError(f"{name} is broken: {error}") from error


def _too_large(name: str, what: str) -> InvalidPictureError:
    return InvalidPictureError(f"{name}: {what} more than {MAX_PIXELS // 1_000_000} megapixels; scale it down")


def _rgb(picture: Any) -> npt.NDArray[np.uint8]:
    import numpy as np
    from PIL import Image, ImageOps

    picture.load()
    if picture.mode.startswith(("I", "F")):  # 16 or 32 bits a pixel, one channel: Pillow would clip, not scale
        return _grey(np.asarray(picture))
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(ground, picture)
    return np.array(picture.convert("RGB"), dtype=np.uint8)


def _grey(values: Any) -> npt.NDArray[np.uint8]:
    """One channel of any range as RGB: above 255 it counts as 16 bits, floats up to 1 as shares of white."""
    import numpy as np

    data = np.nan_to_num(np.asarray(values, dtype=np.float64))
    top = float(data.max(initial=0.0))
    if values.dtype.kind == "f":
        data = data * (255.0 if top <= 1.0 else 1.0)
    elif values.dtype.itemsize == 2 or top > 255:
        data = data / 257.0
    grey = np.clip(np.rint(data), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
