"""What a language model is shown of an icon: a line of words and a PNG of 256 px; hosts take no SVG as a picture."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from svggen.errors import SvgGenError

if TYPE_CHECKING:
    from agent.result import IconResult

NAME = "design_icon"
DESCRIPTION = "Draw an SVG icon in the user's own remembered style; returns a preview and the SVG."
PROMPT = "What the icon shows, with style wishes, e.g. 'a rounded coffee cup, thin lines, teal'"
EDIT = "Id of an earlier icon, or 'last', if that one is to be changed"
SEED = "Another seed gives other candidates"
MENDABLE = (ValueError, SvgGenError)
"""BriefError, TenantError, StyleError, an SVG that is refused: the model may mend its request."""
PREVIEW = 256
"""px: 5 to 10 kB."""


def words(result: IconResult) -> str:
    """One line: what came of it, the id for later edits, the score, and the first rules that it breaks."""
    found = "; ".join(f["message"] for f in result.findings[:3])
    verdict = "passed" if result.passed else "not passed"
    return f"{result.message} id {result.id[:12]}, score {result.score:.2f}, {verdict}. {found}".strip()


def picture(result: IconResult) -> bytes | None:
    """PNG bytes, None where nothing was drawn."""
    from svggen.icon import parse
    from svggen.render import png

    return png(parse(result.svg), PREVIEW) if result.svg else None


def picture_text(result: IconResult) -> str | None:
    """The same in base64."""
    data = picture(result)
    return None if data is None else base64.b64encode(data).decode()
