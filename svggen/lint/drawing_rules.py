"""Rules that are judged by the drawing: canvas, strokes, corners, grid, complexity, elements, colours, set, name.

Each ``check`` takes a Case and gives a Verdict where its rule is broken. Lengths are units of a 24 px canvas, called px
in the messages, as designers do. Where the numbers come from stands in ``rules.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from svggen.lint.case import Case, filled, open_ends, sharp_turns
from svggen.lint.findings import Verdict

__all__ = [
    "allowed_elements",
    "common",
    "complexity",
    "contrast",
    "contrast_ratio",
    "corner_radius",
    "grid_share",
    "grid_step",
    "monochrome",
    "naming",
    "one_stroke_width",
    "pixel_grid",
    "radius_limit",
    "round_caps_and_joins",
    "set_consistency",
    "smooth_joins",
    "square_canvas",
    "touch_target",
    "usual",
]

SEEN_WIDTH = (0.35, 0.75)
RADIUS = (1.25, 1.5)
GRID_SHARE = 0.25
ELEMENTS = 8
COMMANDS = {"outline": 28, "filled": 80, "duotone": 80, "color": 200}
KINK = (5.0, 18.0)
KINKS = 2
CONTRAST = 3.0
GROUNDS = (("light", "#ffffff"), ("dark", "#16181d"))
INK_SPREAD = 0.25
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def common(values: Iterable[float]) -> float:
    """The most frequent value, to 0.01; the larger of equals."""
    counts = Counter(round(v, 2) for v in values)
    return max(counts, key=lambda v: (counts[v], v))


def square_canvas(case: Case) -> Verdict | None:
    _x, _y, width, height = case.icon.viewbox
    ratio = max(width, height) / min(width, height)
    if ratio <= 1.001:
        return None
    return Verdict(
        f"the canvas is {width:g} by {height:g}, {ratio:.2f} times as long as wide, wanted 1: make the viewBox square",
        ratio,
        1.0,
    )


def one_stroke_width(case: Case) -> Verdict | None:
    wanted = case.style.stroke_width if case.mode in ("outline", "duotone") else None
    pen = tuple(w for w, s in zip(case.widths, case.strokes, strict=True) if not filled(s)) or case.widths
    if not pen:
        return _drawn_width(case, wanted)
    target = wanted if wanted is not None else common(pen)
    if case.mode in ("filled", "color") and case.style.mode is not None:
        return None
    worst = max(pen, key=lambda w: abs(w - target))
    if abs(worst - target) <= 0.051:
        return None
    if wanted is not None:
        text = f"a stroke is {worst:.2f} px wide, wanted {target:g} px everywhere: set stroke-width {target:g}"
    else:
        text = (
            f"strokes of {worst:.2f} px and {target:.2f} px in one icon, wanted one width: set all to {target:.2f} px"
        )
    return Verdict(text, worst, target)


def _drawn_width(case: Case, wanted: float | None) -> Verdict | None:
    """For lines that are drawn as areas: the width that is seen, held against the wanted one. It is a measure, not an
    attribute, so it blocks only where it is clearly another width, and says nothing of drawings that are no outline."""
    if wanted is None or case.mode != "outline" or not case.shapes:
        return None
    from svggen.style import measure

    look = measure(case.icon)
    seen = look.stroke_width
    if seen is None or look.mode != "outline" or abs(seen - wanted) <= SEEN_WIDTH[0]:
        return None
    return Verdict(
        f"its lines look {seen:.2f} px wide, wanted {wanted:g} px: redraw or restyle them",
        seen,
        wanted,
        "should" if abs(seen - wanted) <= SEEN_WIDTH[1] else None,
    )


def usual(words: Sequence[str], wanted: str | None = None) -> str:
    """The wanted word, else the most frequent one; "round" among equals and for none at all."""
    return wanted or max([*words, "round"], key=lambda w: (words.count(w), w == "round", w))


def round_caps_and_joins(case: Case) -> Verdict | None:
    if case.pixel_art:
        return None
    caps = [s.look.cap for s in case.strokes if open_ends(s)]
    joins = [s.look.join for s in case.strokes if sharp_turns(s)]
    return _one_word("cap", caps, case.style.cap) or _one_word("join", joins, case.style.join)


def _one_word(what: str, used: Sequence[str], wanted: str | None) -> Verdict | None:
    target = usual(used, wanted)
    odd = sum(1 for u in used if u != target)
    if not odd:
        return None
    asked = "" if wanted else " as the others have"
    return Verdict(
        f"{odd} of {len(used)} strokes have another line {what} than {target}{asked}, wanted 0:"
        f" set stroke-line{what} {target}",
        float(odd),
        0.0,
    )


def radius_limit(case: Case) -> float:
    """Largest radius of a corner, px: a little above the style's own; 4 where the style is free."""
    return 4.0 if case.style.corner_radius is None else case.style.corner_radius + RADIUS[1]


def corner_radius(case: Case) -> Verdict | None:
    if case.pixel_art:
        return None
    limit, wanted = radius_limit(case), case.style.corner_radius
    for radius, side in case.radii:
        if radius >= side / 2 - 0.3:  # a pill or a circle is meant to be round
            continue
        if radius > limit + 0.01:
            return Verdict(
                f"a corner has radius {radius:.2f} px, wanted at most {limit:.2f} px: use a smaller radius",
                radius,
                limit,
            )
        if wanted is not None and side >= 8 and radius < wanted - RADIUS[0]:
            return Verdict(
                f"a corner has radius {radius:.2f} px, wanted about {wanted:g} px: round it more",
                radius,
                wanted - RADIUS[0],
            )
    return None


def grid_step(case: Case) -> float | None:
    """Half a pixel of the canvas the icon was drawn on, own units; None for a canvas that is no pixel grid.

    A quarter for strokes that are no whole number of px wide: only there can one of their edges be crisp.
    """
    if not 12 <= case.side <= 64:
        return None
    width = common(s.look.stroke_width for s in case.strokes) if case.strokes else 1.0
    return 0.5 if abs(width - round(width)) < 0.05 else 0.25


def grid_share(case: Case) -> float:
    """Share of the anchors' coordinates on the grid of ``grid_step``, to 0.01 px; 1 where there is no grid."""
    step = grid_step(case)
    if step is None or not case.anchors:
        return 1.0
    return sum(1 for v in case.anchors if abs(v / step - round(v / step)) * step <= 0.011) / len(case.anchors)


def pixel_grid(case: Case) -> Verdict | None:
    if case.mode != "outline" or not case.lines_only:
        return None
    share = grid_share(case)
    if share >= GRID_SHARE:
        return None
    return Verdict(
        f"{share:.2f} of the anchors lie on the {grid_step(case)} px grid, wanted at least {GRID_SHARE:g}: snap them",
        share,
        GRID_SHARE,
    )


def complexity(case: Case) -> Verdict | None:
    if case.mode == "outline" and case.elements > ELEMENTS:
        return Verdict(
            f"{case.elements} elements, wanted at most {ELEMENTS}: more is probably two icons; leave details out",
            float(case.elements),
            float(ELEMENTS),
        )
    limit = COMMANDS[case.mode] * (2 if case.mode == "outline" and not case.lines_only else 1)
    if case.commands > limit:
        return Verdict(
            f"{case.commands} drawing commands, wanted at most {limit}: simplify the outline",
            float(case.commands),
            float(limit),
        )
    return None


def allowed_elements(case: Case) -> Verdict | None:
    if not case.shapes:
        return Verdict("nothing in it can be seen: draw something", 0.0, 1.0)
    clipped = sum(1 for s in case.shapes if s.clip is not None)
    if clipped:
        return Verdict(
            f"{clipped} shape{'s' if clipped > 1 else ''} behind a clip or mask, wanted 0: cut the geometry itself",
            float(clipped),
            0.0,
        )
    if case.style.mode == "color":
        return None
    shaded = sum(1 for s in case.shapes for p in (s.look.fill, s.look.stroke) if not isinstance(p, str))
    if shaded:
        return Verdict(f"{shaded} gradient{'s' if shaded > 1 else ''}, wanted 0: use plain colours", float(shaded), 0.0)
    return None


def smooth_joins(case: Case) -> Verdict | None:
    if case.mode == "color":
        return None  # pictures have their own outlines
    low, high = KINK
    kinks = [turn for turn, before, after in case.corners if low < turn < high and before + after >= 1]
    if len(kinks) < KINKS:
        return None
    return Verdict(
        f"{len(kinks)} curve joins bend by {max(kinks):.0f} degrees or less without being corners, wanted fewer than"
        f" {KINKS}: mirror the control points",
        float(len(kinks)),
        float(KINKS - 1),
    )


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(a: str, b: str) -> float:
    """WCAG 2.2 contrast of two ``#rrggbb`` colours, 1..21."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast(case: Case) -> Verdict | None:
    fixed = [c for c in case.colors if c != "currentColor"]
    if not fixed or "currentColor" in case.colors:
        return None  # the part in currentColor adapts, and carries the drawing
    for name, ground in GROUNDS:
        best = max(fixed, key=lambda c, ground=ground: contrast_ratio(c, ground))  # type: ignore[misc]
        ratio = contrast_ratio(best, ground)
        if ratio < CONTRAST:
            asked = case.style.palette is not None and set(fixed) <= set(case.style.palette)
            uncoloured = set(fixed) == {"#000000"}  # what every fill is that a file says nothing of
            return Verdict(
                f"{best} has a contrast of {ratio:.2f} to a {name} ground, wanted at least {CONTRAST:g}:"
                " use currentColor or a colour of middle lightness",
                ratio,
                CONTRAST,
                "should" if asked or uncoloured or case.style.mode == "color" else None,
            )
    return None


def monochrome(case: Case) -> Verdict | None:
    palette = case.style.palette
    if case.style.mode == "color":
        return None
    allowed = len(palette) if palette else 1
    if len(case.colors) > allowed:
        return Verdict(
            f"{len(case.colors)} colours ({', '.join(case.colors[:4])}), wanted {allowed}: use one colour, and opacity"
            " for a second tone",
            float(len(case.colors)),
            float(allowed),
        )
    strange = [c for c in case.colors if palette and c not in palette]
    if strange:
        return Verdict(
            f"the colour {strange[0]} is not in the palette ({', '.join(palette or ())}), wanted 0 others: recolour it",
            float(len(strange)),
            0.0,
        )
    return None


def touch_target(case: Case) -> Verdict | None:
    canvas = case.style.grid or case.side
    if case.side > 64 and case.style.grid is None:
        return None  # not a pixel canvas
    if canvas > 44 or abs(canvas / 2 - round(canvas / 2)) < 1e-6:
        return None
    return Verdict(
        f"a canvas of {canvas:g} px leaves {(44 - canvas) / 2:g} px around it in a 44 px touch target, wanted a whole"
        f" number: deliver it on {2 * round(canvas / 2 + 0.01)} px",
        float(canvas),
        float(2 * round(canvas / 2 + 0.01)),
    )


def set_consistency(case: Case) -> Verdict | None:
    stats = case.set_stats
    if stats is None or case.seen.blank:
        return None
    ratio = case.seen.ratio
    low, high = stats.ink * (1 - INK_SPREAD), stats.ink * (1 + INK_SPREAD)
    if not low <= ratio <= high:
        limit = low if ratio < low else high
        word = "lighter" if ratio < low else "heavier"
        return Verdict(
            f"ink {ratio:.3f} is {word} than the set ({stats.ink:.3f}, wanted {low:.3f} to {high:.3f}):"
            " scale the drawing",
            ratio,
            limit,
        )
    if stats.stroke_width is not None and case.widths and abs(common(case.widths) - stats.stroke_width) > 0.1:
        width = common(case.widths)
        return Verdict(
            f"stroke {width:.2f} px, the set has {stats.stroke_width:.2f} px: set that width", width, stats.stroke_width
        )
    for what, wanted in (("cap", stats.cap), ("join", stats.join)):
        odd = [s for s in case.strokes if wanted is not None and getattr(s.look, what) != wanted]
        if odd:
            return Verdict(f"line {what} {getattr(odd[0].look, what)}, the set has {wanted}: set that {what}")
    return None


def naming(case: Case) -> Verdict | None:
    if case.name is None or NAME.fullmatch(case.name):
        return None
    better = "-".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", case.name).lower())) or "icon"
    return Verdict(f"the name {case.name!r} is not kebab-case: call it {better!r}, after what it depicts")
