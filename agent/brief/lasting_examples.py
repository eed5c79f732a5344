"""Example clauses of each kind, from which ``lasting_train`` makes the numbers of ``lasting_table``.

Contract. Text only, our own words, never read at run time. ``{a}`` stands for a style adjective, ``{n}`` for a style
noun, ``{s}`` for a subject; ``clauses()`` fills them in turn, so that no kind goes with one style. None of these
clauses stands in ``tests/bench/dialogues.jsonl``.

Kinds: ``want`` and ``avoid`` last; ``once`` is a wish for one drawing; ``question`` asks; ``other`` is talk.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.brief.examples_lasting import LASTING
from agent.brief.examples_passing import PASSING

KINDS = ("want", "avoid", "once", "question", "other")
ADJECTIVES = ("teal", "filled", "thin", "outlined", "rounded", "dark green", "duotone", "chunky", "navy", "sharp")
NOUNS = ("2px strokes", "round caps", "rounded corners", "thin lines", "filled shapes", "gradients", "flat colours",
         "sharp corners", "drop shadows", "bold outlines")  # fmt: skip
SUBJECTS = ("bell", "umbrella", "shopping cart", "rocket", "folder", "cat")
FILLS = 4
"""Variants of each clause that has a place to fill."""

EXAMPLES: dict[str, str] = {**LASTING, **PASSING}


def clauses() -> Iterator[tuple[str, str, int]]:
    """(kind, clause, number of its template) with the places filled; the fillings go round, each kind alike."""
    turn = template = 0
    for kind in KINDS:
        for line in EXAMPLES[kind].strip().splitlines():
            template += 1
            for _ in range(FILLS if "{" in line else 1):
                yield (
                    kind,
                    line.format(
                        a=ADJECTIVES[turn % len(ADJECTIVES)],
                        n=NOUNS[(turn * 3 + turn // 10) % len(NOUNS)],
                        s=SUBJECTS[turn % len(SUBJECTS)],
                    ),
                    template,
                )
                turn += 1
