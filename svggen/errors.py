"""The errors of svggen, split by who must act.

SvgGenError
├── UnsafeSvgError          the file's author: refused by the accept-list or a budget (what, where, limit)
│   └── BudgetError         too large, too deep, too many
├── InvalidSvgError         the file's author: not well formed, not an SVG, nothing to draw (reason, where)
├── InvalidPictureError     the file's author: a picture that cannot be read, is broken, too large or too small
├── StyleError              the caller: a style value out of range or of the wrong type
├── RulesError              the caller: rules of a set that cannot be read (key, value, what is allowed)
├── GeometryError           the caller: an operation that this geometry does not allow
├── TokenError              the caller: a sequence of tokens that is no drawing (position, what was expected)
├── RenderError             the operator: the renderer failed, ran out of time or of memory
├── CorpusError             the operator: the training corpus cannot be built or read (what, where, what to do)
├── TrainingError           the operator: a training cannot be begun, gone on with or kept (what, where, what to do)
├── ExportError             the caller: icons that cannot be exported as asked (what is wrong, what to do)
├── WireError               the caller: JSON that is no request or no answer (field, reason)
├── ServingError            the operator: a server cannot be started as asked (what is wrong, what to do)
└── ModelError              the operator: a model cannot be loaded or reached
    ├── RemoteError         the operator: a model's server did not answer, or not with what can be used
    └── WeightsError        the operator: a file of weights is missing, cut short, altered or of another version
"""

from __future__ import annotations

__all__ = [
    "BudgetError",
    "CorpusError",
    "ExportError",
    "GeometryError",
    "InvalidPictureError",
    "InvalidSvgError",
    "ModelError",
    "RemoteError",
    "RenderError",
    "RulesError",
    "ServingError",
    "StyleError",
    "SvgGenError",
    "TokenError",
    "TrainingError",
    "UnsafeSvgError",
    "WeightsError",
    "WireError",
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


class InvalidPictureError(SvgGenError, ValueError):
    """A picture (PNG, JPEG ...) that cannot be used; the message says what is wrong with it and what to give."""


class StyleError(SvgGenError, ValueError):
    """A style value is out of range or of the wrong type."""


class RulesError(SvgGenError, ValueError):
    """Rules of a set that cannot be read: the message names the key, what is there and what is allowed."""


class GeometryError(SvgGenError):
    """This geometry does not allow the operation; the message says why."""


class TokenError(SvgGenError, ValueError):
    """A sequence of tokens that is no drawing: ``reason`` says what was expected and what was found, ``position`` is
    the index of the offending token (0-based; None where the sequence as a whole is meant)."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        self.reason, self.position = reason, position
        super().__init__(reason if position is None else f"token {position}: {reason}")


class RenderError(SvgGenError):
    """The renderer failed, ran out of time or out of memory."""


class CorpusError(SvgGenError):
    """The training corpus cannot be built or read; the message says what, where, and what to do."""


class TrainingError(SvgGenError):
    """A training cannot be begun, gone on with or kept; the message says what is wrong, where, and what to do."""


class ExportError(SvgGenError, ValueError):
    """Icons cannot be exported as asked; the message says what is wrong and what to do."""


class WireError(SvgGenError, ValueError):
    """JSON that is no request or no answer: ``reason``, and the ``field`` ("references.3.svg"; "" means the whole)."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.reason, self.field = reason, field
        super().__init__(f"{field}: {reason}" if field else reason)


class ServingError(SvgGenError, ValueError):
    """A server cannot be started as asked; the message says what is wrong and what to do."""


class ModelError(SvgGenError):
    """A model cannot be loaded or reached."""


class RemoteError(ModelError):
    """A model's server did not answer, or answered what cannot be used. status: of HTTP, 0 where there was none."""

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


class WeightsError(ModelError):
    """A file of weights is missing, cut short, altered or of another version; the message names it."""
