"""What a model says of a drawing: a score, what is wrong, what to do about it.

Contract. ``criticism(text)`` reads a model's answer, JSON with score (0..10), critique and suggestions, wherever it
stands in the text and however its keys are spelled; never raises: what cannot be read has no score. ``hints`` are what
a ``DrawRequest`` takes for the next round.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from svggen.models.base import Hint

__all__ = ["GOOD", "Criticism", "criticism"]

GOOD: Final = 9.5
"""Score from which on there is nothing to mend (IntroSVG's own threshold)."""
_LONG: Final = 400
_MOST: Final = 8
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")


@dataclass(frozen=True)
class Criticism:
    """score: 0..10, None where the answer holds none. critique: what is wrong, in the model's words. suggestions: what
    to do about it, one each."""

    score: float | None
    critique: str
    suggestions: tuple[str, ...] = ()

    def hints(self) -> tuple[Hint, ...]:
        """Of a drawing that is not ``GOOD`` yet: the critique with its score, then each suggestion."""
        if self.score is not None and self.score >= GOOD:
            return ()
        found = [Hint("critic", self.critique, self.score, GOOD)] if self.critique else []
        return (*found, *(Hint("critic.suggestion", text) for text in self.suggestions))


def criticism(text: str) -> Criticism:
    """See the head of this file."""
    for data in _objects(text):
        named = {str(key).strip().lower(): value for key, value in data.items()}
        score = _score(named.get("score"))
        if score is not None or "critique" in named:
            return Criticism(score, _line(named.get("critique")), _suggestions(named.get("suggestions")))
    found = re.search(r"score\W{1,6}(\d{1,2}(?:\.\d+)?)", text, re.IGNORECASE)
    return Criticism(_score(found[1]) if found else None, _line(text))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of the text, as they begin; at most a few."""
    reader = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(32):
        if at < 0:
            return
        try:
            data, end = reader.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(data, dict):
                yield data
        at = text.find("{", end)


def _score(value: Any) -> float | None:
    if isinstance(value, str):
        head = re.match(r"\s*(\d{1,2}(?:\.\d+)?)\s*(?:/\s*10)?\s*$", value)
        value = float(head[1]) if head else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        return None
    return float(value)


def _suggestions(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part for part in _NUMBERED.split(value) if part.strip()]
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return ()
    return tuple(line for item in value[:_MOST] if (line := _line(item)))


def _line(value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
