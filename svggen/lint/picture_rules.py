"""Rules that are judged by the picture: safe zone, gaps, volume, balance, keylines, legibility.

Each ``check`` takes a Case and gives a Verdict where its rule is broken. Lengths are units of a 24 px canvas, called px
in the messages, as designers do. Where the numbers come from stands in ``rules.py``.
"""

from __future__ import annotations

from svggen.lint.case import Case
from svggen.lint.findings import Verdict

__all__ = [
    "GAP",
    "centred",
    "gap",
    "gap_limit",
    "keylines",
    "legible",
    "margin_limit",
    "optical_volume",
    "safe_zone",
    "thicker_stroke",
]

MARGIN = 1.0
GAP = 0.6
CENTROID = 2.6
VOLUME = {"outline": (0.08, 0.40), "filled": (0.10, 0.68), "duotone": (0.08, 0.80), "color": (0.08, 0.95)}
DENSITY = 0.87
SPAN = (13.9, 22.25)
LEGIBLE = 0.50
THICKER = 1.35


def margin_limit(case: Case) -> float:
    """Clear px that the style asks for at the edge: 1, less where the set itself goes further out."""
    wanted = case.style.padding
    return MARGIN if wanted is None else max(0.0, min(MARGIN, wanted - 0.25))


def safe_zone(case: Case) -> Verdict | None:
    limit = margin_limit(case)
    margin = case.seen.margin
    if case.seen.blank or margin >= limit - 0.13:
        return None
    x0, y0, x1, y1 = case.seen.box
    edge = min(("left", x0), ("top", y0), ("right", 24 - x1), ("bottom", 24 - y1), key=lambda e: e[1])[0]
    return Verdict(
        f"ink comes to {margin:.2f} px from the {edge} edge, wanted at least {limit:g} px: move or shrink the drawing",
        margin,
        limit,
    )


def gap_limit(case: Case) -> float:
    """Narrowest clear gap in px: GAP for a 2 px stroke, in proportion for thinner ones; 3/4 of it without strokes."""
    if case.pixel_art or case.mode != "outline":
        return GAP * 0.75
    width = case.style.stroke_width or (sum(case.widths) / len(case.widths) if case.widths else 2.0)
    return GAP * max(0.5, min(1.0, width / 2.0))


def gap(case: Case) -> Verdict | None:
    found, limit = case.seen.gap, gap_limit(case)
    if found is None or found[0] >= limit:
        return None
    return Verdict(
        f"two parts are {found[0]:.2f} px apart, wanted at least {limit:.2f} px: join them or move them apart",
        found[0],
        limit,
    )


def thicker_stroke(case: Case) -> Verdict | None:
    if case.mode != "outline" or not case.widths or case.pixel_art:
        return None
    width = max(case.widths)
    parts, holes, grown_parts, grown_holes = case.seen.thickened(width * (THICKER - 1) / 2)
    lost = abs(parts - grown_parts) + max(0, holes - grown_holes)
    if lost == 0:
        return None
    what = "gap or hole closes" if lost == 1 else "gaps or holes close"
    return Verdict(
        f"at {THICKER:g} times the stroke {lost} {what}, wanted 0: leave more room between the lines",
        float(lost),
        0.0,
    )


def optical_volume(case: Case) -> Verdict | None:
    if case.seen.blank:
        return None
    low, high = VOLUME[case.mode]
    ratio = case.seen.ratio
    if ratio < low:
        return Verdict(f"ink covers {ratio:.3f} of the canvas, wanted at least {low:g}: draw it larger", ratio, low)
    if ratio > high:
        return Verdict(f"ink covers {ratio:.3f} of the canvas, wanted at most {high:g}: draw it lighter", ratio, high)
    if case.mode == "outline" and case.seen.density > DENSITY:
        return Verdict(
            f"the darkest spot has ink density {case.seen.density:.2f}, wanted at most {DENSITY:g}: thin it out there",
            case.seen.density,
            DENSITY,
        )
    return None


def centred(case: Case) -> Verdict | None:
    if case.seen.blank:
        return None
    x, y = case.seen.centroid
    off = ((x - 12) ** 2 + (y - 12) ** 2) ** 0.5
    if off <= CENTROID:
        return None
    return Verdict(
        f"the centre of gravity is {off:.2f} px from the middle, wanted at most {CENTROID:g} px: move the drawing by"
        f" ({12 - x:+.1f}, {12 - y:+.1f}) px or balance it",
        off,
        CENTROID,
    )


def keylines(case: Case) -> Verdict | None:
    if case.seen.blank:
        return None
    x0, y0, x1, y1 = case.seen.box
    span = max(x1 - x0, y1 - y0)
    low, high = SPAN
    if case.style.padding is not None:
        wanted = 24 - 2 * case.style.padding
        low, high = min(low, wanted - 4), max(high, wanted + 1)
    if low <= span <= high:
        return None
    limit = low if span < low else high
    return Verdict(
        f"the drawing spans {span:.1f} px, wanted {low:g} to {high:g} px (keylines: circle 20, square 18): scale it",
        span,
        limit,
    )


def legible(case: Case) -> Verdict | None:
    if case.seen.blank or case.mode == "color":
        return None
    overlap = case.seen.legibility
    width = case.style.stroke_width or (min(case.widths) if case.widths else 2.0)
    limit = LEGIBLE * max(0.5, min(1.0, width / 2.0)) if case.mode == "outline" else LEGIBLE
    if overlap >= limit:
        return None
    return Verdict(
        f"at 16 px only {overlap:.2f} of the drawing survives, wanted {limit:.2f}: fewer or thicker lines",
        overlap,
        limit,
    )
