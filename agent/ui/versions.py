"""The versions of the conversation's icon: which came from which, two compared, going on from an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from agent import history
from agent.ui.chat import when
from agent.ui.elements import Field, Tag, button, image, switch
from agent.ui.pictures import Compared, compare, uri

if TYPE_CHECKING:
    from agent.history import Turn
    from agent.ui.page import Page

__all__ = ["Versions", "drawn"]

MOVES = ("undo", "redo", "back")


def drawn(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that gave a drawing of their own, oldest first."""
    return [
        t for t in turns
        if t["drawing"] and t["kind"] not in MOVES and t["drawing"] != history.drawing_at(turns, t["parent"])
    ]  # fmt: skip


class Versions:
    """Builds itself where it is made. The two that are compared are the last two until others are chosen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._pair: tuple[int, int] | None = None
        self._shown: tuple[object, ...] = ()
        with Tag("section", "panel history", aria_label="History"):
            Tag("h2", "", "Versions")
            self._compare = Tag("div", "compare")
            self._list = Tag("ol", "versions")
            self._empty = Tag("p", "empty", "Every version of this conversation's icon will be listed here.")

    def refresh(self) -> None:
        turns = drawn(self.page.live.turns)
        current = ((self.page.live.shown or {}).get("current") or {}).get("id")
        idle = self.page.live.pending is None and self.page.live.loaded
        self._empty.set_visibility(not turns)
        state = (tuple(t["n"] for t in turns), current, idle, self._chosen(turns))
        if state == self._shown:
            return
        self._shown = state
        self._list.clear()
        with self._list:
            for turn in reversed(turns):
                self._version(turn, current=turn["drawing"] == current, idle=idle)
        self._show_compare(turns)

    def _version(self, turn: Turn, *, current: bool, idle: bool) -> None:
        svg = self.page.svg_of(turn["drawing"] or "")
        n = turn["n"]
        drawings = [v["drawing"] for v in history.versions(self.page.live.turns)]
        number = 1 + drawings.index(turn["drawing"]) if turn["drawing"] in drawings else 1
        with Tag("li", "version current" if current else "version", aria_current="true" if current else None) as item:
            if svg is None:
                Tag("span", "gone", "no longer kept")
            else:
                image(uri(svg), 48, "", "on-light")
                image(uri(svg, "dark"), 48, "", "on-dark")
            with Tag("div", "words"):
                Tag("p", "", turn["said"] or "(a picture)")
                before = f", from turn {turn['parent']}" if turn["parent"] else ""
                Tag("p", "hint", f"turn {n}{before}, {when(turn['at'])}{', current' if current else ''}")
            if svg is not None:
                made = button(
                    "Go on from here",
                    lambda: self.page.send(f"back to version {number}"),
                    icon="branch",
                    key=f"branch-{n}",
                    title="A change after that is a branch beside what came later",
                )
                switch(made, idle and not current)
                button(
                    "Compare",
                    lambda: self._with(n),
                    icon="compare",
                    classes="quiet",
                    key=f"compare-{n}",
                    title="With the version that is chosen second",
                )
        item.mark(f"version-{n}")

    # -------------------------------------------------------------------------------------------------------- comparing

    def show(self, n: int) -> None:
        """Puts a turn's version beside the current one."""
        turns = drawn(self.page.live.turns)
        id = history.drawing_at(self.page.live.turns, n)
        found = next((t["n"] for t in reversed(turns) if t["drawing"] == id), None)
        if found is not None:
            self._with(found)

    def _with(self, n: int) -> None:
        turns = drawn(self.page.live.turns)
        other = self._chosen(turns)
        last = turns[-1]["n"] if turns else n
        second = other[1] if other and other[1] != n else last
        self._pair = (n, second)
        self.refresh()

    def _chosen(self, turns: Sequence[Turn]) -> tuple[int, int] | None:
        numbers = [t["n"] for t in turns]
        if self._pair is not None and set(self._pair) <= set(numbers):
            return self._pair
        return (numbers[-2], numbers[-1]) if len(numbers) > 1 else None

    def _show_compare(self, turns: Sequence[Turn]) -> None:
        self._compare.clear()
        pair = self._chosen(turns)
        if pair is None:
            return
        names = {t["n"]: f"turn {t['n']}: {t['said'][:40]}" for t in turns}
        svgs = [self.page.svg_of(history.drawing_at(turns, n) or "") for n in pair]
        with self._compare:
            with Tag("div", "pair"):
                for side, label in enumerate(("First", "Second")):
                    with Tag("figure", "side"):
                        _both(svgs[side], names[pair[side]])
                        Field(
                            label,
                            names[pair[side]],
                            options=names.values(),
                            key=f"side-{side}",
                            change=partial(self._choose, side, names),
                        )
                    if side == 0:
                        difference = Tag("figure", "difference")
            notes = Tag("div", "differences", role="status")
        if svgs[0] is not None and svgs[1] is not None:
            self._compare_later(svgs[0], svgs[1], difference, notes)

    def _choose(self, side: int, names: dict[int, str], text: str) -> None:
        pair = self._chosen(drawn(self.page.live.turns))
        n = next((n for n, name in names.items() if name == text), None)
        if pair is not None and n is not None:
            self._pair = (n, pair[1]) if side == 0 else (pair[0], n)
            self.refresh()

    def _compare_later(self, a: str, b: str, figure: Tag, notes: Tag) -> None:
        def done(found: Compared) -> None:
            if figure.is_deleted:
                return
            with figure:
                image(
                    found.picture, 160, "What differs: orange is only in the first, blue only in the second", "overlay"
                )
                Tag("figcaption", "", "Difference")
            with notes:
                Tag(
                    "p",
                    "",
                    f"{found.changed:.0%} of the ink differs." if found.changed >= 0.005 else "They look the same.",
                )
                with Tag("p", "legend"):
                    Tag("span", "only-a", "only in the first")
                    Tag("span", "only-b", "only in the second")
                for line in found.notes[:6]:
                    Tag("p", "", line)

        self.page.later(lambda: compare(a, b), done)


def _both(svg: str | None, name: str) -> None:
    with Tag("div", "halves"):
        for ground in ("light", "dark"):
            with Tag("span", f"ground {ground}"):
                if svg is not None:
                    image(uri(svg, ground), 128, name if ground == "light" else "")
