"""Icons and drafts for the tests of the agent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from svggen.icon import Circle, Icon, Line, Look, Shape
from svggen.models.base import Draft

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LINE = Look(fill="none", stroke="currentColor", stroke_width=2.0, cap="round", join="round")


class NoLibrary:
    """A library that knows nothing."""

    def search(self, query: str, **options: Any) -> list[Any]:
        return []


def circle(r: float = 9.0, look: Look = LINE) -> Icon:
    return Icon((0, 0, 24, 24), (Shape(Circle(12, 12, r), look),))


def clock_face(look: Look = LINE) -> Icon:
    """A circle with two hands and a dot: four parts."""
    dot = Look(fill="currentColor")
    return Icon(
        (0, 0, 24, 24),
        (
            Shape(Circle(12, 12, 9), look),
            Shape(Line(12, 12, 12, 7), look),
            Shape(Line(12, 12, 15, 14), look),
            Shape(Circle(18, 5, 1), dot),
        ),
    )


def draft(icon: Icon | None, confidence: float = 1.0, **fields: Any) -> Draft:
    return Draft(icon, "fake", "1", 0, confidence, **fields)
