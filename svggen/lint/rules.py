"""The table: the 20 design rules, each with number, id, level, source, threshold, check and repair.

A ``must`` rule blocks an icon; a ``should`` rule is advice with a measured number. Numbers are for icons on a 24 px
canvas; where a StyleSpec says otherwise it wins. "calibrated" means: set from what unmodified Lucide and Tabler show,
counted by tests/bench/bench_lint.py.

Unmodified icons that keep a rule, % (Lucide 1,856 icons, Tabler 6,220 with its filled ones; rules not named: 100):

    rule                  level   Lucide  Tabler        rule               level   Lucide  Tabler
    2 safe-zone           must    99.89   98.05         9 centred          should  96.07   97.91
    5 corner-radius       should  99.41   98.31         10 keylines        should  99.41   98.22
    6 gap                 must   100.00   99.12         11 pixel-grid      should  95.64   97.75
    7 thicker-stroke      should  99.62   97.01         12 complexity      should  93.80   93.07
    8 optical-volume      should  97.79   97.52         14 smooth-joins    should  98.38   98.14
                                                        16 legible-at-16   should  98.92   98.60
    every must rule       99.89 (Lucide), 97.17 (Tabler); every rule 81.57, 79.26
"""

from __future__ import annotations

from svggen.lint import drawing_rules as d
from svggen.lint import picture_rules as p
from svggen.lint import repairs as r
from svggen.lint.findings import Rule
from svggen.lint.snapping import snap

__all__ = ["BY_ID", "RULES"]

RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "square-canvas",
        "must",
        "Lucide, Tabler: viewBox 0 0 24 24; Material: 24 dp",
        "sides equal to 0.1 %",
        d.square_canvas,
        r.square,
    ),
    Rule(
        2,
        "safe-zone",
        "must",
        "Lucide, Tabler: 1 px of 24; IBM: 1.25 of 20; Material: live area 20 of 24",
        f"ink at least {p.MARGIN:g} px from the edge, or the style's padding less 0.25 px where that is less",
        p.safe_zone,
        r.fit_live_area,
    ),
    Rule(
        3,
        "one-stroke-width",
        "must",
        "Lucide, Tabler: 2 px; Octicons: 1.5; IBM: 2, 1.5, 1.25, 1 by size",
        "all strokes equal to 0.05 px, and equal to the style's where it names one (lines drawn as areas: to 0.35 px,"
        " blocking from 0.75 px)",
        d.one_stroke_width,
        r.unify_widths,
    ),
    Rule(
        4,
        "round-caps-and-joins",
        "must",
        "Lucide, Tabler, Octicons: round; other sets: one cap and one join throughout",
        "one cap and one join where ends and corners show, the style's where it names them",
        d.round_caps_and_joins,
        r.unify_caps,
    ),
    Rule(
        5,
        "corner-radius",
        "should",
        "Lucide: 2 px, 1 px on elements under 8 px; IBM: as the stroke; Octicons: 1 px",
        "at most 4 px, or 1.25 px under to 1.5 px over the style's",
        d.corner_radius,
        r.clamp_radius,
    ),
    Rule(
        6,
        "gap",
        "must",
        "Lucide: 2 px clear; Octicons: 1 px; Nimbus: the stroke's width; calibrated: Lucide keeps 0.6 px in every icon,"
        " Tabler in 99.1 %, and a gap under 0.6 px is no clear pixel on any grid",
        f"separate parts at least {p.GAP:g} px apart at a 2 px stroke (in proportion below it), 3/4 of that in filled"
        " icons; parts that touch are joined, and fine",
        p.gap,
        r.open_gap,
    ),
    Rule(
        7,
        "thicker-stroke",
        "should",
        "Lucide pull request 1224: holes may only close at twice the stroke; calibrated (Tabler's usual gap of 1 px"
        " closes at 1.5 times, in 31 % of its icons)",
        f"components and holes stay the same at {p.THICKER:g} times the stroke",
        p.thicker_stroke,
    ),
    Rule(
        8,
        "optical-volume",
        "should",
        "Lucide, guide 9: near the volume of the circle and the square; calibrated",
        f"ink share {p.VOLUME['outline'][0]:g} to {p.VOLUME['outline'][1]:g} of the canvas (outline), more if filled;"
        f" blurred density at most {p.DENSITY:g}",
        p.optical_volume,
    ),
    Rule(
        9,
        "centred",
        "should",
        "Lucide, guide 10: centre of gravity; calibrated",
        f"ink centroid at most {p.CENTROID:g} px from the middle",
        p.centred,
        r.centre,
    ),
    Rule(
        10,
        "keylines",
        "should",
        "Material: circle 20, square 18; Burtson: circle 18 to 20, square 17 to 18; Phosphor; calibrated",
        f"the longer side of the ink {p.SPAN[0]:g} to {p.SPAN[1]:g} px",
        p.keylines,
        r.scale_to_keylines,
    ),
    Rule(
        11,
        "pixel-grid",
        "should",
        "Lucide: whole or half pixels; calibrated",
        f"at least {d.GRID_SHARE:g} of the anchors on whole or half px, quarter px for strokes of broken width"
        " (icons drawn with strokes, canvas 12 to 64)",
        d.pixel_grid,
        snap,
    ),
    Rule(
        12,
        "complexity",
        "should",
        'Burtson: at most 8 elements, "more than 8, it\'s probably two icons"; calibrated',
        f"at most {d.ELEMENTS} elements in outlines; drawing commands at most {d.COMMANDS['outline']} (outline),"
        f" {d.COMMANDS['filled']} (filled), {d.COMMANDS['color']} (colour)",
        d.complexity,
    ),
    Rule(
        13,
        "allowed-elements",
        "must",
        "Lucide: path, line, polyline, polygon, circle, ellipse, rect; no filter, no use, no mask",
        "something to see, no clip or mask, no gradient unless the style is colour",
        d.allowed_elements,
    ),
    Rule(
        14,
        "smooth-joins",
        "should",
        "Lucide, guide 12: mirrored control points; calibrated",
        f"fewer than {d.KINKS} curve joins that bend by {d.KINK[0]:g} to {d.KINK[1]:g} degrees",
        d.smooth_joins,
    ),
    Rule(
        15,
        "contrast",
        "must",
        "WCAG 2.2, SC 1.4.11: 3:1 for graphics; Carbon asks for 4.5",
        "some fixed colour at least 3:1 to #ffffff and to #16181d; currentColor is exempt; advice only where the style"
        " asks for the colour",
        d.contrast,
        r.adapt_colour,
    ),
    Rule(
        16,
        "legible-at-16",
        "should",
        'Phosphor homepage issue 85: "too thin at 16px"; calibrated',
        f"overlap of the 16 px picture with the 96 px one at least {p.LEGIBLE:g}, less for strokes under 2 px",
        p.legible,
    ),
    Rule(
        17,
        "monochrome",
        "must",
        "Carbon: solid, monochromatic unless the style says otherwise",
        "one colour, or those of the style's palette",
        d.monochrome,
        r.recolour,
    ),
    Rule(
        18,
        "touch-target",
        "should",
        "Carbon: 44 px touch target; Material: 48 dp",
        "an even canvas up to 44 px, so that the target's padding is whole pixels",
        d.touch_target,
    ),
    Rule(
        19,
        "set-consistency",
        "should",
        "Lucide issue 650 and others: same stroke, cap and join, ink within 25 % of the set's median",
        f"ink within {d.INK_SPREAD:.0%} of the set's median; stroke width to 0.1 px; cap and join",
        d.set_consistency,
    ),
    Rule(
        20,
        "naming",
        "should",
        "Lucide: kebab-case, what it depicts, element-modifier",
        "lower-case words joined by hyphens",
        d.naming,
    ),
)

BY_ID = {rule.id: rule for rule in RULES}
