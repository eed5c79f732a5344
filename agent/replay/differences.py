"""What differs, for people: two requests by path and value, two icons as text and as a picture.

Contract. ``differences(was, now)`` gives one line for each place where two JSON values differ, at most ``MOST`` and a
last line that counts the rest. ``nearest`` finds the recorded request with the fewest of them. ``same_icon`` compares
SVG by its canonical text. ``picture`` is a PNG: before, after, and what was added (green) and taken away (red).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from agent.replay.tape import Line, canonical, said

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["differences", "nearest", "picture", "same_icon", "unlike"]

MOST: Final = 8
LONG: Final = 60
"""Characters of a value that are shown."""
WORDS: Final = 400
"""Characters of a request by which two that differ in as many places are told apart."""
CELL: Final = 192
"""px of an icon in a picture."""
EQUAL: Final = 1e-3
"""Two numbers that differ by less are shown by no line (they may still make two requests)."""


def differences(was: Any, now: Any, *, most: int = MOST) -> list[str]:
    """ "words: 'bell' was recorded, 'bells' is asked", one line for each place."""
    found = list(_walk(was, now, ""))
    return found if len(found) <= most else [*found[:most], f"and {len(found) - most} more"]


def _walk(was: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys([*was, *now]):
            place = f"{where}.{key}" if where else str(key)
            if key not in now:
                yield f"{place}: {_shown(was[key])} was recorded, nothing is there"
            elif key not in was:
                yield f"{place}: nothing was recorded, {_shown(now[key])} is there"
            else:
                yield from _walk(was[key], now[key], place)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _lists(was, now, where)
    elif was != now or type(was) is not type(now):
        yield f"{where or 'value'}: {_shown(was)} was recorded, {_shown(now)} is there"


def _lists(was: list[Any], now: list[Any], where: str) -> Iterator[str]:
    matcher = SequenceMatcher(None, [canonical(x) for x in was], [canonical(x) for x in now], autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            continue
        for i in range(max(b - a, d - c)):
            old, new = a + i, c + i
            if old < b and new < d:
                yield from _walk(was[old], now[new], f"{where}[{new}]")
            elif old < b:
                yield f"{where}[{old}]: {_shown(was[old])} was recorded, it is gone"
            else:
                yield f"{where}[{new}]: {_shown(now[new])} is new"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("text") or value.get("id") or value
    text = repr(value)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def unlike(was: Any, now: Any) -> bool:
    """Do two results differ by more than the last digits of their numbers?"""
    if isinstance(was, int | float) and isinstance(now, int | float) and not isinstance(was, bool):
        return abs(float(was) - float(now)) > EQUAL
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return was.keys() != now.keys() or any(unlike(was[k], now[k]) for k in was)
    if isinstance(was, list | tuple) and isinstance(now, list | tuple):
        return len(was) != len(now) or any(unlike(a, b) for a, b in zip(was, now, strict=True))
    return bool(was != now)


def nearest(seam: str, request: Mapping[str, Any], lines: Iterable[Line]) -> tuple[Line, list[str]] | None:
    """The recorded line whose request differs in the fewest places (of several the one most alike), and the places;
    None where none of the kind was recorded at all."""
    kind = [line for line in lines if line["seam"] == seam]
    same = [line for line in kind if line["request"].get("method") == request.get("method")] or kind
    if not same:
        return None
    counts = [sum(1 for _ in _walk(line["request"], request, "")) for line in same]
    near = [line for line, count in zip(same, counts, strict=True) if count == min(counts)]
    best = max(near, key=lambda line: _likeness(line["request"], request)) if len(near) > 1 else near[0]
    return best, differences(best["request"], request)


def _likeness(was: Any, now: Any) -> float:
    return SequenceMatcher(None, canonical(was)[:WORDS], canonical(now)[:WORDS], autojunk=False).ratio()


def missed(seam: str, request: Mapping[str, Any], lines: Sequence[Line], again: int) -> str:
    """The message for a request that no recorded answer is left for. again: how often it was recorded."""
    name = said({"seam": seam, "request": request})
    if again:
        return f"{name}: it was recorded {again} time{'s' * (again > 1)} and is asked once more"
    found = nearest(seam, request, lines)
    if found is None:
        return f"{name}: nothing of the kind was recorded"
    line, places = found
    lines_ = [f"{name} was not recorded; the nearest that was, {said(line)}, differs in:", *(f"  {p}" for p in places)]
    return "\n".join(lines_)


# --------------------------------------------------------------------------------------------------------------- icons


def same_icon(was: str, now: str) -> bool:
    """Are two SVG documents the same drawing, written anew by our serialiser? False for what cannot be read."""
    from svggen.errors import SvgGenError
    from svggen.icon import parse, serialise

    if was == now:
        return True
    try:
        return bool(was and now) and serialise(parse(was)) == serialise(parse(now))
    except SvgGenError:
        return False


def picture(rows: Sequence[tuple[str, str, str]], *, columns: tuple[str, str] = ("before", "after")) -> bytes:
    """PNG of (label, SVG before, SVG after) rows; "" draws nothing. SvgGenError for SVG that cannot be read."""
    from PIL import Image, ImageDraw, ImageFont

    font, gap, head = ImageFont.load_default(18), 16, 34
    width = 3 * CELL + 4 * gap
    height = head + len(rows) * (CELL + gap + 28)
    page = Image.new("RGB", (width, height), "#eef0f3")
    draw = ImageDraw.Draw(page)
    for at, title in enumerate((*columns, "difference")):
        draw.text((gap + at * (CELL + gap), 8), title, font=font, fill="#1b1f24")
    for number, (label, was, now) in enumerate(rows):
        top = head + number * (CELL + gap + 28)
        draw.text((gap, top), _fitting(label, font, width - 2 * gap), font=font, fill="#6b7480")
        one, other = _drawn(was), _drawn(now)
        for at, tile in enumerate((one, other, _difference(one, other))):
            page.paste(tile, (gap + at * (CELL + gap), top + 28))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _drawn(svg: str) -> Image.Image:
    from PIL import Image

    if not svg:
        return Image.new("RGB", (CELL, CELL), "#ffffff")
    from svggen.icon import parse
    from svggen.render import png

    with Image.open(io.BytesIO(png(parse(svg), CELL))) as image:
        return image.convert("RGB")


def _difference(was: Image.Image, now: Image.Image) -> Image.Image:
    """Pale grey what both have, red what is gone, green what has come, blue what has another colour."""
    import numpy as np
    from PIL import Image

    a, b = (np.asarray(x, np.float32) for x in (was, now))
    ink_a, ink_b = 255.0 - a.min(-1), 255.0 - b.min(-1)
    both, gone, come = np.minimum(ink_a, ink_b), np.clip(ink_a - ink_b, 0, 255), np.clip(ink_b - ink_a, 0, 255)
    recoloured = np.clip(np.abs(a - b).max(-1) - gone - come, 0, 255)
    out = np.full(a.shape, 255.0, np.float32)
    for amount, colour in (
        (both * 0.25, (90, 98, 112)), (recoloured, (37, 99, 235)), (gone, (220, 38, 38)), (come, (22, 163, 74)),
    ):  # fmt: skip
        share = (amount / 255.0)[..., None]
        out = out * (1 - share) + np.asarray(colour, np.float32) * share
    return Image.fromarray(out.round().astype(np.uint8))


def _fitting(text: str, font: Any, width: int) -> str:
    text = " ".join(text.split())
    while text and font.getlength(text) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text
