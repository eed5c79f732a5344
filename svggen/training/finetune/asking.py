"""What a model is asked in training, and what it is to answer. The same words belong into its profile.

Contract. ``asked(lesson, form)`` gives the question and the answer of one lesson; pure text. Exemplars (name and
drawing of icons of the same set) stand before the question, so that a model learns to draw in the hand of what it is
shown: that is how a program with a memory will use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from svggen.training.finetune.examples import Task

__all__ = ["EXEMPLAR", "EXEMPLARS", "QUESTIONS", "QUESTION_OF_A_SET", "Lesson", "asked"]

QUESTIONS: Final = {
    "generate": "Draw an SVG icon: {words}",
    "picture": "Redraw this picture as an SVG icon.",
    "describe": "What does this SVG icon show?\n{drawing}",
    "look": "What does this picture show?",
    "critique": "This was drawn for: {words}\nJudge it as JSON: a score from 0 to 10, a critique, suggestions.",
    "refine": "Improve this SVG icon.\nIt should show: {words}\nIt is now: {drawing}\nWhat is wrong: {note}",
}
QUESTION_OF_A_SET: Final = "Draw an SVG icon of the same set: {words}"
EXEMPLARS: Final = "Icons of one set:\n{exemplars}\n\n"
EXEMPLAR: Final = "{words}: {drawing}"


@dataclass(frozen=True)
class Lesson:
    """What one sample is made of: ``drawing``, ``draft`` and the drawings of ``exemplars`` (words, drawing) in the form
    that the model writes."""

    task: Task
    words: str = ""
    drawing: str = ""
    draft: str = ""
    note: str = ""
    exemplars: Sequence[tuple[str, str]] = ()


def asked(lesson: Lesson) -> tuple[str, str]:
    """(question, answer)."""
    if lesson.task == "generate" or lesson.task == "any":
        if not lesson.exemplars:
            return QUESTIONS["generate"].format(words=lesson.words), lesson.drawing
        shown = "\n".join(EXEMPLAR.format(words=words, drawing=drawing) for words, drawing in lesson.exemplars)
        return EXEMPLARS.format(exemplars=shown) + QUESTION_OF_A_SET.format(words=lesson.words), lesson.drawing
    if lesson.task == "picture":
        return QUESTIONS["picture"], lesson.drawing
    if lesson.task == "describe":
        return QUESTIONS["describe" if lesson.drawing else "look"].format(drawing=lesson.drawing), lesson.words
    if lesson.task == "critique":
        return QUESTIONS["critique"].format(words=lesson.words), lesson.note
    question = QUESTIONS["refine"].format(words=lesson.words, drawing=lesson.draft, note=lesson.note)
    return question, lesson.drawing
