"""Drawing words: a request read as a drawing (what, in what, with what mark, turned how), not as search terms.

Contract. ``parse_words(text) -> Scene``; never raises. ``Scene.concepts`` is what must be recalled to draw it.

    scene.py  the Scene      clean.py     text to plain words     patterns.py  the patterns of the rules
    parse.py  the rules      reading.py   what the rules share    tables.py, nouns.py  the vocabulary
"""

from __future__ import annotations

from svggen.words.parse import parse_words
from svggen.words.scene import Mark, Scene, Thing, Turn

__all__ = ["Mark", "Scene", "Thing", "Turn", "parse_words"]
