"""Drawing words: a request read as a drawing (what, in what, with what mark, turned how), not as search terms.

``parse_words(text) -> Scene``. scene.py holds the Scene, tables.py the vocabulary (one table per kind), parse.py the
reading.
"""

from __future__ import annotations

from svggen.words.parse import parse_words
from svggen.words.scene import Mark, Scene, Thing, Turn

__all__ = ["Mark", "Scene", "Thing", "Turn", "parse_words"]
