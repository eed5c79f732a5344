"""The errors of svggen, split by who must act.

SvgGenError
├── UnsafeSvgError          the file's author: refused by the accept-list or a budget (what, where, limit)
│   └── BudgetError         too large, too deep, too many
├── InvalidSvgError         the file's author: not well formed, not an SVG, nothing to draw (reason, where)
├── StyleError              the caller: a style value out of range or of the wrong type
├── GeometryError           the caller: an operation that this geometry does not allow
├── RenderError             the operator: the renderer failed, ran out of time or of memory
└── ModelError              the operator: a model cannot be loaded or reached
"""

from __future__ import annotations

__all__ = [
    "BudgetError",
    "GeometryError",
    "InvalidSvgError",
    "ModelError",
    "RenderError",
    "StyleError",
    "SvgGenError",
    "UnsafeSvgError",
]


class SvgGenError(Exception):
    """Base of every error that svggen raises on purpose."""


class UnsafeSvgError(SvgGenError):
    """Refused: ``what`` was found at ``where``; ``limit`` names the rule or number that it broke."""

    def __init__(self, what: str, where: str = "", limit: str = "") -> None:
        self.what, self.where, self.limit = what, where, limit
        parts = [what]
        if where:
            parts.append(f"at {where}")
        if limit:
            parts.append(f"({limit})")
        super().__init__(" ".join(parts))


class BudgetError(UnsafeSvgError):
    """Refused for its size: bytes, elements, segments, nesting, references or number range."""


class InvalidSvgError(SvgGenError):
    """Not an SVG that can be drawn: ``reason``, and ``where`` when it is known."""

    def __init__(self, reason: str, where: str = "") -> None:
        self.reason, self.where = reason, where
        super().__init__(f"{reason} at {where}" if where else reason)


class StyleError(SvgGenError, ValueError):
    """A style value is out of range or of the wrong type."""


class GeometryError(SvgGenError):
    """This geometry does not allow the operation; the message says why."""


class RenderError(SvgGenError):
    """The renderer failed, ran out of time or out of memory."""


class ModelError(SvgGenError):
    """A model cannot be loaded or reached."""
