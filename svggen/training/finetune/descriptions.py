"""What each new token means, in a few English words that every base model knows.

Contract. ``new_words(numbers, brackets)`` lists the tokens that a tokenizer gets, each with its description and, for a
number, its value on a scale of 0..1 (None for a word). New rows are begun from the rows of the description's own
tokens (``initial.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from svggen.tokens.semantic_words import NAMES, NUMBERS, number_word, word

__all__ = ["DESCRIPTIONS", "NewWord", "new_words"]

DESCRIPTIONS: Final = {
    "START_OF_SVG": "the drawing begins",
    "END_OF_SVG": "the drawing ends",
    "start_of_g": "a group of shapes begins",
    "end_of_g": "the group of shapes ends",
    "svg_path": "a path, the outline of a free shape",
    "svg_circle": "a circle, round shape",
    "svg_rect": "a rectangle, box with four corners",
    "svg_ellipse": "an ellipse, oval shape",
    "svg_polygon": "a polygon, closed shape of straight sides",
    "svg_line": "a straight line between two points",
    "svg_polyline": "an open chain of straight lines",
    "svg_text": "letters written in the drawing",
    "svg_linearGradient": "colours that blend along a line",
    "svg_radialGradient": "colours that blend outward from a point",
    "svg_stop": "one colour of a gradient",
    "moveto": "lift the pen and move to a point",
    "lineto": "draw a straight line to a point",
    "horizontal_lineto": "draw a horizontal line, left or right",
    "vertical_lineto": "draw a vertical line, up or down",
    "curveto": "draw a curve with two control points",
    "smooth_curveto": "go on smoothly with another curve",
    "quadratic_bezier_curve": "draw a curve with one control point",
    "smooth_quadratic_bezier_curveto": "go on smoothly with a simple curve",
    "elliptical_Arc": "draw an arc, part of an ellipse",
    "close_the_path": "close the shape, back to where it began",
    "tag_id": "the name of an element",
    "path_d": "the pen moves of a path",
    "fill": "the colour inside a shape",
    "stroke-width": "how thick a line is",
    "stroke-linecap": "how the ends of a line look",
    "stroke": "the colour of a line",
    "opacity": "how solid or transparent it is",
    "transform": "shift, turn or scale it",
    "gradientTransform": "shift, turn or scale the gradient",
    "offset": "position of a colour along the gradient",
    "width": "how wide it is",
    "height": "how high it is",
    "cx": "horizontal position of the centre",
    "cy": "vertical position of the centre",
    "rx": "horizontal radius",
    "ry": "vertical radius",
    "r": "radius of the circle",
    "points": "the list of corner points",
    "x1": "horizontal position of the first end",
    "y1": "vertical position of the first end",
    "x2": "horizontal position of the second end",
    "y2": "vertical position of the second end",
    "x": "horizontal position, from the left",
    "y": "vertical position, from the top",
    "fr": "radius of the inner circle of a gradient",
    "fx": "horizontal position of a gradient's focus",
    "fy": "vertical position of a gradient's focus",
    "href": "reference to another element",
    "rotate": "turn by an angle",
    "font-size": "size of the letters",
    "font-style": "upright or slanted letters",
    "font-family": "typeface of the letters",
    "text-content": "the letters that are written",
}
"""Of all 58 words."""


@dataclass(frozen=True, slots=True)
class NewWord:
    """token: as it is spelled; value: of a number, 0..1 across ``NUMBERS``."""

    token: str
    description: str
    value: float | None = None


def new_words(*, numbers: bool = False, brackets: bool = False) -> list[NewWord]:
    """The tokens that a tokenizer gets, always in the same order. brackets: ``[<|name|>]``, as LLM4SVG's code spells
    them."""
    span = NUMBERS[-1] - NUMBERS[0]
    words = [NewWord(word(name), DESCRIPTIONS[name]) for name in NAMES]
    if numbers:
        words += [NewWord(number_word(n), f"the number {n}", (n - NUMBERS[0]) / span) for n in NUMBERS]
    return [NewWord(f"[{w.token}]", w.description, w.value) for w in words] if brackets else words
