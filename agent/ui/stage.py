"""The icon at hand and the candidates beside it, at 16, 24, 48 and 128 px on light and dark; and what can be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from agent.ui.elements import Tag, button, image, switch
from agent.ui.pictures import GROUNDS, uri

if TYPE_CHECKING:
    from agent.ui.page import Page

__all__ = ["Stage"]

SIZES = (128, 48, 24, 16)
KEYS = 8
EDITS = (
    ("thicker", "Thicker"), ("thinner", "Thinner"), ("rounder", "Rounder"), ("sharper corners", "Sharper"),
    ("bigger", "Bigger"), ("smaller", "Smaller"), ("simpler", "Simpler"), ("make it filled", "Filled"),
    ("as an outline", "Outline"), ("try again", "Another try"),
)  # fmt: skip
QUICK = ("editor", "combiner")
"""Who is so quick that placeholders would only flicker."""


class Grounds:
    """One icon on light and on dark at all sizes; changed in place, so that the focus around it stays."""

    def __init__(self, large: int = SIZES[0]) -> None:
        self._images: list[tuple[str, Tag]] = []
        for ground in GROUNDS:
            with Tag("span", f"ground {ground}"):
                self._images.append((ground, image("", large, "", "large")))
                with Tag("span", "sizes"):
                    self._images += [(ground, image("", size)) for size in SIZES[1:]]

    def show(self, svg: str | None) -> None:
        for ground, made in self._images:
            made.put("src", uri(svg, ground) if svg is not None else None)
            made.set_visibility(svg is not None)


class Card:
    """A candidate, or the place where one will be."""

    def __init__(self, page: Page, number: int) -> None:
        self.number = number
        key = f"card-{number}"
        self._element = Tag("button", "card", type="button", data_key=key, aria_pressed="false").mark(key)
        self._element.on("click", lambda: page.pick(number), args=[])
        with self._element:
            self._grounds = Grounds()
            with Tag("span", "caption"):
                Tag("kbd", "", str(number)) if number <= KEYS else Tag("span", "", str(number))
                self._words = Tag("span", "words", "")
                self._score = Tag("span", "number", "")

    def show(self, svg: str | None, words: str, score: float | None, *, current: bool, usable: bool) -> None:
        self._grounds.show(svg)
        self._element.classes(**{"remove" if svg is not None else "add": "waiting"})
        self._words.words = words
        self._score.words = f"{score:.2f}" if score is not None else ""
        self._element.put("aria-pressed", "true" if current else "false")
        state = words or ("being drawn" if svg is None else "")
        scored = f", score {score:.2f}" if score is not None else ""
        self._element.put("aria-label", f"Candidate {self.number}{scored}{', ' if state else ''}{state}")
        switch(self._element, usable)

    def delete(self) -> None:
        self._element.delete()


class Stage:
    """Builds itself where it is made."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cards: list[Card] = []
        with Tag("section", "panel icons", aria_label="Icons"):
            with Tag("div", "hero") as self._hero:
                with Tag("div", "grounds"):
                    self._grounds = Grounds(192)
                with Tag("div", "about"):
                    self._title = Tag("h2", "", "")
                    self._verdict = Tag("p", "verdict", "")
                    self._findings = Tag("ul", "findings")
                    self._tools()
            self._heading = Tag("h3", "", "Candidates")
            self._list = Tag("div", "cards")
            self._empty = Tag("p", "empty", "Candidates appear here while they are drawn.")

    def _tools(self) -> None:
        page = self.page
        with Tag("div", "tools", role="group", aria_label="Decide"):
            accept = button(
                "Accept",
                lambda: page.send("accept"),
                icon="accept",
                classes="primary",
                key="accept",
                title="It joins your set",
            )
            reject = button(
                "Reject", page.ask_reason, icon="reject", key="reject", title="It is not taken as a model again"
            )
            undo = button("Undo", lambda: page.send("undo"), icon="undo", key="undo", title="Ctrl+Z")
            redo = button("Redo", lambda: page.send("redo"), icon="redo", key="redo", title="Ctrl+Shift+Z")
            why = button("Why", page.explain, icon="why", key="why", title="Which memories and icons shaped it")
            export = button("Export", lambda: page.export(whole=False), icon="download", key="export")
        with Tag("div", "tools small", role="group", aria_label="Change it"):
            edits = [
                button(label, partial(page.send, text), classes="chip", key=f"edit-{label.lower()}")
                for text, label in EDITS
            ]
        self._needs_icon = [accept, reject, why, export, *edits]
        self._needs_idle = [accept, reject, undo, redo, *edits]

    # ------------------------------------------------------------------------------------------------------- refreshing

    def refresh(self) -> None:
        live = self.page.live
        shown: dict[str, Any] = live.shown or {}
        current = shown.get("current")
        idle = live.pending is None and live.loaded
        self._grounds.show(current["svg"] if current else None)
        self._hero.set_visibility(current is not None)
        if current:
            self._about(shown)
        for made in {*self._needs_icon, *self._needs_idle}:
            usable = (current is not None or made not in self._needs_icon) and (idle or made not in self._needs_idle)
            switch(made, usable)
        self._show_cards(shown, current, idle)

    def _about(self, shown: dict[str, Any]) -> None:
        record = self.page.record_of(shown["current"]["id"]) or {}
        self._title.words = str(record.get("subject") or record.get("prompt") or "This icon")[:80]
        score, passed = record.get("score"), record.get("passed")
        style = self.page.style_of(record)
        verdict = f"score {score:.2f}, {'passed' if passed else 'not passed'}" if isinstance(score, float) else ""
        self._verdict.words = ", ".join(part for part in (verdict, style) if part)
        self._findings.clear()
        with self._findings:
            for finding in (record.get("findings") or ())[:3]:
                Tag("li", str(finding.get("level", "")), str(finding.get("message", "")))

    def _show_cards(self, shown: dict[str, Any], current: Any, idle: bool) -> None:
        pending = self.page.live.pending
        slow = pending is not None and any(s == "draw" and not m.endswith(QUICK) for s, m in pending.stages)
        if pending is not None and (slow or pending.drafts):
            waiting = max(0, self.page.studio.n - len(pending.drafts))
            message = pending.stages[-1][1] if pending.stages else ""
            rows = [(svg, "draft", None, False) for svg in pending.drafts] + [(None, message, None, False)] * waiting
        else:
            chosen = current["id"] if current else None
            rows = [
                (c["svg"], "current" if c["id"] == chosen else "", c.get("score"), c["id"] == chosen)
                for c in shown.get("candidates") or ()
            ]
        while len(self._cards) > len(rows):
            self._cards.pop().delete()
        with self._list:
            while len(self._cards) < len(rows):
                self._cards.append(Card(self.page, len(self._cards) + 1))
        for card, (svg, words, score, at) in zip(self._cards, rows, strict=True):
            card.show(svg, words, score, current=at, usable=idle and svg is not None)
        self._heading.set_visibility(bool(rows))
        self._empty.set_visibility(not rows)

    def progress(self) -> None:
        live = self.page.live
        shown: dict[str, Any] = live.shown or {}
        self._show_cards(shown, shown.get("current"), idle=False)
