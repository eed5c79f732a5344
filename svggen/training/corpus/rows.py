"""One icon of a set -> what the corpus keeps of it: its canonical text, its hash, its mode; or why it is left out.

Contract. ``made(candidates)`` gives a ``Made`` for each candidate, in order, whatever is wrong with it: ``reason`` is
"" where it may stay. It is what the worker processes run; nothing in it depends on other icons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from svggen.errors import RenderError
from svggen.icon import Icon, Path, icon_id, serialise
from svggen.render import inks
from svggen.training.convert import fitted

if TYPE_CHECKING:
    import numpy.typing as npt

    from svggen.training.choose import Candidate

    Floats = npt.NDArray[np.float32]

__all__ = ["BITS", "HASH_SIDE", "Made", "commands", "made", "mode", "phash"]

HASH_SIDE: Final = 32
"""Side in px of the picture that is hashed."""
BITS: Final = 8
"""The hash holds BITS x BITS - 1 low frequencies, one bit each."""
BLANK: Final = 4.0
"""Ink in px of the hashed picture below which an icon shows nothing (1,024 would be a full square)."""
FLAT: Final = 0.1
"""A frequency counts as present above this share of the root mean square: bits of absent ones do not flicker."""
THICK: Final = 0.04
"""Share of the ink that must survive five pixels of erosion for a drawing to be filled: strokes of up to 2.5 px of 24
leave nothing but some of their crossings."""
_OUTLINE = frozenset("outline outlined line regular light thin stroke linear".split())
_FILLED = frozenset("fill filled solid baseline".split())


@dataclass(frozen=True, slots=True)
class Made:
    """reason: why it is left out, "" for an icon that stays; only then is the rest there. ink: the hashed picture,
    HASH_SIDE squared bytes."""

    name: str
    reason: str = ""
    id: str = ""
    svg: str = ""
    mode: str = ""
    phash: int = 0
    n_commands: int = 0
    flags: tuple[str, ...] = ()
    ink: bytes = b""


def made(candidates: Sequence[Candidate]) -> list[Made]:
    found: list[Made] = []
    drawn: list[tuple[int, Candidate, Icon]] = []
    for candidate in candidates:
        icon, reason = fitted(candidate.body, candidate.box)
        if icon is not None:
            drawn.append((len(found), candidate, icon))
        found.append(Made(candidate.name, reason))
    pictures = _pictures([icon for _, _, icon in drawn])
    hashes = phash(pictures)
    for (at, candidate, icon), picture, value in zip(drawn, pictures, hashes, strict=True):
        found[at] = _made(candidate, icon, picture, int(value))
    return found


def _made(candidate: Candidate, icon: Icon, picture: Floats, value: int) -> Made:
    if np.isnan(picture[0, 0]):
        return Made(candidate.name, "not rendered")
    if float(picture.sum()) < BLANK:
        return Made(candidate.name, "blank")
    return Made(
        candidate.name,
        "",
        icon_id(icon),
        serialise(icon),
        mode(icon, picture, candidate.variant),
        value,
        commands(icon),
        _flags(candidate.body, icon),
        np.rint(picture * 255).astype(np.uint8).tobytes(),
    )


def _pictures(icons: Sequence[Icon]) -> Floats:
    """float32 (n, HASH_SIDE, HASH_SIDE); one that cannot be rendered is all NaN and costs no other its picture."""
    if not icons:
        return np.zeros((0, HASH_SIDE, HASH_SIDE), np.float32)
    try:
        return inks(icons, HASH_SIDE)
    except RenderError:
        if len(icons) == 1:
            return np.full((1, HASH_SIDE, HASH_SIDE), np.nan, np.float32)
        half = len(icons) // 2
        return np.concatenate([_pictures(icons[:half]), _pictures(icons[half:])])


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """(BITS, HASH_SIDE): the first rows of the discrete cosine transform of type 2, orthonormal."""
    n = np.arange(HASH_SIDE)
    rows = np.cos(np.pi / HASH_SIDE * (n[None, :] + 0.5) * np.arange(BITS)[:, None]) * np.sqrt(2 / HASH_SIDE)
    rows[0] /= np.sqrt(2)
    table: Floats = rows.astype(np.float32)
    return table


def phash(pictures: Floats) -> npt.NDArray[np.uint64]:
    """uint64 (n,): for each picture which of its 63 low frequencies are clearly positive, lowest first; the mean ink
    has no bit."""
    table = _cosines()
    low = (table @ np.nan_to_num(pictures) @ table.T).reshape(len(pictures), BITS * BITS)[:, 1:]
    scale = np.sqrt((low**2).mean(axis=1, keepdims=True))
    bits = (low > FLAT * scale).astype(np.uint64)
    value: npt.NDArray[np.uint64] = (bits << np.arange(bits.shape[1], dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    return value


def commands(icon: Icon) -> int:
    """Drawing commands: each segment of a path, M and Z too, and one for any other shape."""
    return sum(len(s.geometry.segments) if isinstance(s.geometry, Path) else 1 for s in icon.shapes)


def _flags(body: str, icon: Icon) -> tuple[str, ...]:
    """gradient: has one; dash: a broken stroke; clip: a mask was written as opacities."""
    flags = []
    looks = [shape.look for shape in icon.shapes]
    if any(not isinstance(paint, str) for look in looks for paint in (look.fill, look.stroke)):
        flags.append("gradient")
    if any(look.dash for look in looks):
        flags.append("dash")
    if "mask=" in body or "clip-path=" in body:
        flags.append("clip")
    return tuple(flags)


def mode(icon: Icon, picture: Floats, variant: str) -> str:
    """outline, filled, duotone or color: judged by the paints, else by the words of the variant, else by whether the
    ink is thicker than a stroke. Agrees with the measured mode (svggen.style) on 93 % of 84,768 icons of the library;
    most of the others are arrows and letters, which filled sets draw as outline sets do."""
    paints: set[object] = set()
    opacities: set[float] = set()
    for shape in icon.shapes:
        look = shape.look
        for paint, opacity in ((look.fill, look.fill_opacity), (look.stroke, look.stroke_opacity)):
            if paint != "none" and opacity * look.opacity > 0:
                paints.add(paint)
                opacities.add(round(opacity * look.opacity, 2))
    if len(paints) > 1 or not paints <= {"currentColor", "#000000"}:
        return "color"
    if len(opacities) > 1:
        return "duotone"
    words = set(variant.split("-"))
    if words & _OUTLINE:
        return "outline"
    if words & _FILLED:
        return "filled"
    if all(shape.look.fill == "none" for shape in icon.shapes):
        return "outline"
    return "filled" if _thick(picture) > THICK else "outline"


def _thick(picture: Floats) -> float:
    """Share of the ink that is left when five pixels are taken off its width."""
    eroded = picture
    for axis in (0, 1):
        padded = np.pad(eroded, [(2, 2) if a == axis else (0, 0) for a in (0, 1)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=axis)
        eroded = windows.min(axis=-1)
    return float(eroded.sum() / max(float(picture.sum()), 1e-6))
