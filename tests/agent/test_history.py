"""A session's turns as a tree: undo, redo, branches, and words for an earlier turn."""

from __future__ import annotations

import pytest

from agent.history import Lost, Turn, ancestors, back_to, drawing_at, find, redo, undo, versions


def turn(n: int, said: str, drawing: str | None, parent: int | None) -> Turn:
    return {
        "n": n, "said": said, "kind": "draw", "say": "", "drawing": drawing, "parent": parent, "candidates": [],
        "at": "",
    }  # fmt: skip


#   1 bell - 2 thicker - 4 filled (a branch after undo) - 5 a question about it
#                     \ 3 in a circle
TURNS = [
    turn(1, "a bell", "a", None),
    turn(2, "thicker", "b", 1),
    turn(3, "put it in a circle", "c", 2),
    turn(4, "filled please", "d", 2),
    turn(5, "why?", "d", 4),
]


def test_undo_goes_to_the_last_other_drawing() -> None:
    assert undo(TURNS, 5, 2) == 1
    assert undo(TURNS, 5) == 2 and undo(TURNS, 4) == 2 and undo(TURNS, 3) == 2 and undo(TURNS, 2) == 1
    for at in (1, None):
        with pytest.raises(Lost):
            undo(TURNS, at)


def test_redo_takes_what_undo_left() -> None:
    assert redo([3, 4]) == (4, [3])
    with pytest.raises(Lost, match="nothing was undone"):
        redo([])


def test_a_branch_leaves_the_other_one_where_it_was() -> None:
    assert [t["n"] for t in ancestors(TURNS, 4)] == [4, 2, 1] and drawing_at(TURNS, 3) == "c"


def test_a_circle_in_the_turns_ends() -> None:
    assert len(ancestors([turn(1, "a", "a", 2), turn(2, "b", "b", 1)], 1)) == 2


@pytest.mark.parametrize(("version", "found"), [(1, 1), (3, 3), (4, 4), (-1, 4), (-3, 2)])
def test_going_back_by_the_number_of_a_version(version: int, found: int) -> None:
    assert [t["n"] for t in versions(TURNS)] == [1, 2, 3, 4]
    assert back_to(TURNS, version) == found


def test_a_version_that_is_not_there_is_told() -> None:
    with pytest.raises(Lost, match="no version 9: there are 4"):
        back_to(TURNS, 9)
    with pytest.raises(Lost, match="version 1"):
        back_to(TURNS, 0)
    with pytest.raises(Lost, match="Nothing was drawn"):
        back_to([turn(1, "hello", None, None)], -1)


@pytest.mark.parametrize(
    ("words", "found"), [("the circle", 3), ("before the circle", 2), ("the filled one", 4), ("the bell", 1)]
)
def test_going_back_by_words(words: str, found: int) -> None:
    assert find(TURNS, words) == found


def test_words_of_no_turn_are_said() -> None:
    with pytest.raises(Lost, match="dragon"):
        find(TURNS, "the dragon")
