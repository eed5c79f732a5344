"""Does a phrase name something that can be drawn? Asked of the shipped library, for ``BriefContext.knows``.

Contract. ``drawable(phrase)`` is true where the library has, by name or by meaning, one of the things that the phrase
names. It opens the library (and, for words that it lacks, the embedder) when it is first asked: tens of milliseconds a
phrase, some tenths of a second the first time. A library that cannot be read knows everything, so that nothing is asked
about that would have been drawn.
"""

from __future__ import annotations

from agent.seams import taped

LEAST = 0.66
"""Concept score. Of 27 leftovers of chat messages those that name a thing reach 0.82 ("meeting", "roof") and mostly 1,
those that do not stay at 0.65 and below ("excellent work", "make everything")."""


@taped("drawable")
def drawable(phrase: str) -> bool:
    from memory.errors import LibraryError
    from memory.library import open_library
    from svggen.words import parse_words

    try:
        library = open_library()
        return any(library.concept_score(part) >= LEAST for part in parse_words(phrase).parts)
    except LibraryError:
        return True
