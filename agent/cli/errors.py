"""Every error as one clear line and an exit code.

Contract. Exit codes: 0 done, 1 no acceptable icon, 2 bad input (or a place that cannot be written, a store that cannot
be used: something that the caller can change), 130 interrupted, 70 a fault of our own. ``explain`` turns an exception
into an ``Outcome``; with ``--json`` it is printed as ``{"error": {...}}`` on stdout, else as one line on stderr.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

DONE = 0
NO_ICON = 1
BAD_INPUT = 2
OUR_FAULT = 70  # EX_SOFTWARE of sysexits.h: never to be taken for the caller's mistake
INTERRUPTED = 130
CLOSED_PIPE = 141  # as a shell reports a program that SIGPIPE ended
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MAX_LINE = 400  # characters of an error line


class InputError(Exception):
    """Bad input: ``message`` says what is wrong and where, ``hint`` what to do."""

    def __init__(self, message: str, *, hint: str = "", code: int = BAD_INPUT) -> None:
        self.message, self.hint, self.code = message, hint, code
        super().__init__(f"{message}; {hint}" if hint else message)


@dataclass(frozen=True)
class Outcome:
    """What went wrong: an exit code, the kind of error (its class name), one line, and what to do."""

    code: int
    kind: str
    message: str
    hint: str = ""

    def to_dict(self) -> dict[str, Any]:
        out: dict[str, Any] = {"kind": self.kind, "message": self.message, "exit_code": self.code}
        if self.hint:
            out["hint"] = self.hint
        return out

    @property
    def line(self) -> str:
        return one_line(f"{self.message}; {self.hint}" if self.hint else self.message)


def hostile(char: str) -> bool:
    """Could this character command a terminal or reorder what is read? (control, surrogate, bidirectional override)"""
    return unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """``text`` on one line, without control characters (a prompt or a file name may hold terminal escapes)."""
    flat = re.sub(r"\s+", " ", text).strip()
    flat = "".join("\N{REPLACEMENT CHARACTER}" if hostile(c) else c for c in flat)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def explain(error: BaseException) -> Outcome:
    """The outcome of an exception that reached ``main``."""
    if isinstance(error, InputError):
        return Outcome(error.code, "InputError", one_line(error.message), error.hint)
    if isinstance(error, KeyboardInterrupt):
        return Outcome(INTERRUPTED, "Interrupted", "interrupted")
    known = _ours(error)
    if known is not None:
        return known
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return Outcome(BAD_INPUT, type(error).__name__, one_line(f"{where}{error.strerror or error}"))
    return Outcome(
        OUR_FAULT,
        type(error).__name__,
        one_line(f"a fault in mnemicon: {type(error).__name__}: {error}"),
        "set MNEMICON_DEBUG=1 to see where, and please report it",
    )


def _ours(error: BaseException) -> Outcome | None:
    """Errors that the three packages raise on purpose, recognised without importing what has not been imported."""
    from typer.exceptions import TyperException

    if isinstance(error, TyperException):
        hint = "see mnemicon --help"
        return Outcome(BAD_INPUT, "UsageError", one_line(error.format_message().rstrip(".")), hint)
    from agent.errors import AgentError
    from agent.settings import SettingsError
    from memory.errors import MemoryError_, MemoryUnavailable
    from svggen.errors import RenderError, SvgGenError

    if isinstance(error, MemoryUnavailable):
        return Outcome(
            BAD_INPUT, type(error).__name__, one_line(f"memory cannot be used: {error}"), "see mnemicon doctor"
        )
    if isinstance(error, RenderError):
        return Outcome(BAD_INPUT, type(error).__name__, one_line(f"it cannot be rendered: {error}"))
    if isinstance(error, SvgGenError | MemoryError_ | AgentError | SettingsError):
        return Outcome(BAD_INPUT, type(error).__name__, one_line(str(error)))
    return None


def debugging() -> bool:
    return os.environ.get("MNEMICON_DEBUG", "") not in ("", "0")
