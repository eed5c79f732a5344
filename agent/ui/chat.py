"""The conversation: what was said, what came of it, what is being done, and where the next message is written."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from nicegui.events import GenericEventArguments

from agent.ui.elements import Composer, Tag, button, image
from agent.ui.pictures import uri

if TYPE_CHECKING:
    from agent.history import Turn
    from agent.ui.live import Failed, Pending
    from agent.ui.page import Page

__all__ = ["Chat", "when"]

LAST = 40
"""Turns that are shown at first."""
EXAMPLES = ("a coffee cup", "calendar with a check mark", "a paper plane, 1.5px, rounded")
DRAWS = ("draw", "edit", "pick", "undo", "redo", "back", "accept", "reject")
"""Turns that are about a drawing."""
STAGES = {
    "understand": "Reading", "recall": "Remembering", "draw": "Drawing", "critique": "Looking", "refine": "Mending",
    "present": "Choosing", "learn": "Keeping",
}  # fmt: skip


class Chat:
    """Builds itself where it is made; ``refresh`` after every change of the conversation, ``progress`` in between."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._built: list[tuple[int, str]] = []
        self._first = 0
        with Tag("section", "chat", aria_label="Conversation"):
            with Tag("div", "log", role="log", aria_label="What was said", tabindex="0"):
                self._earlier = Tag("div", "earlier")
                self._turns = Tag("div", "turns")
                self._tail = Tag("div", "tail").mark("tail")
            self.composer = Composer(session=f"{page.studio.tenant.user}/{page.live.name}", busy=False, taken=0)
            self.composer.mark("composer")
            self.composer.on("send", self._send).on("drop", lambda: page.attached.drop(), args=[])

    # ------------------------------------------------------------------------------------------------------- refreshing

    def refresh(self) -> None:
        live = self.page.live
        self.composer.put("busy", live.pending is not None)
        self._show_turns(live.turns)
        self._show_tail()

    def _show_turns(self, turns: list[Turn]) -> None:
        known = [(t["n"], t["said"]) for t in turns]
        if known[: len(self._built)] != self._built:
            self._turns.clear()
            self._built, self._first = [], 0
        if not self._built:
            self._first = max(0, len(turns) - LAST)
            self._show_earlier(turns)
            self._built = known[: self._first]
        with self._turns:
            for turn in turns[len(self._built) :]:
                self._turn(turn)
        self._built = known

    def _show_earlier(self, turns: list[Turn]) -> None:
        self._earlier.clear()
        if not self._first:
            return
        with self._earlier:
            button(f"Show {self._first} earlier", lambda: self._all(turns), classes="quiet", key="earlier")

    def _all(self, turns: list[Turn]) -> None:
        self._earlier.clear()
        self._turns.clear()
        with self._turns:
            for turn in turns:
                self._turn(turn)

    def _turn(self, turn: Turn) -> None:
        with Tag("article", "turn", aria_label=f"Turn {turn['n']}"):
            self._said(turn["said"], when=when(turn["at"]))
            with Tag("div", "answer"):
                drawing = turn["drawing"] if turn["kind"] in DRAWS else None
                svg = self.page.svg_of(drawing) if drawing else None
                if svg is not None:
                    with button(
                        f"Show turn {turn['n']} in the history",
                        lambda: self.page.show_version(turn["n"]),
                        only_icon=True,
                        classes="thumb",
                        key=f"turn-{turn['n']}",
                    ):
                        image(uri(svg), 40, "", "on-light")
                        image(uri(svg, "dark"), 40, "", "on-dark")
                Tag("p", "say", turn["say"] or "…")

    def _said(self, text: str, *, when: str = "") -> None:
        with Tag("div", "said", title=when or None):
            Tag("p", "", text or "(a picture)")

    def _show_tail(self) -> None:
        live, tail = self.page.live, self._tail
        tail.clear()
        with tail:
            if not live.loaded and live.pending is None:
                Tag("p", "note", "Reading the conversation …")
            elif not live.turns and live.pending is None and live.failed is None:
                self._welcome()
            if live.shown is not None and live.pending is None:
                self._more()
            if self.page.told:
                with Tag("p", "note changed", role="status"):
                    Tag("span", "", self.page.told)
            if live.pending is not None:
                self._pending(live.pending)
            if live.failed is not None:
                self._failed(live.failed)
        self.page.frame.put("tail", int(self.page.frame._props.get("tail", 0)) + 1)

    def _welcome(self) -> None:
        with Tag("div", "welcome"):
            Tag("h2", "", "What shall the icon show?")
            Tag(
                "p",
                "",
                "Say it in a few words. Then pick one, change it (thicker, rounder, without the dot), and accept it: "
                "it joins your set, and the next one is drawn to belong.",
            )
            with Tag("div", "examples"):
                for text in EXAMPLES:
                    button(text, partial(self.page.send, text), classes="chip")

    def _more(self) -> None:
        """What is only known of the last turn."""
        shown = self.page.live.shown or {}
        for change in shown.get("memory") or ():
            with Tag("p", "note learned"):
                Tag("span", "", f"{_LEARNED.get(change['action'], change['action'])}: {change['text']}")
        for note in shown.get("notes") or ():
            Tag("p", "note", str(note))
        asks = shown.get("asks")
        if asks and asks != shown.get("say"):
            Tag("p", "asks", str(asks))
        options = [str(option) for option in shown.get("options") or ()]
        if options:
            with Tag("div", "examples", role="group", aria_label="Answers"):
                for text in options[:6]:
                    button(text, partial(self.page.send, text), classes="chip")

    def _pending(self, pending: Pending) -> None:
        with Tag("article", "turn pending", aria_busy="true"):
            self._said(pending.text)
            with Tag("div", "answer", role="status"):
                Tag("span", "spin", aria_hidden="true")
                message = pending.stages[-1][1] if pending.stages else "reading the request"
                with Tag("div", "words"):
                    Tag("p", "say", f"{message[:1].upper()}{message[1:]} …").mark("progress")
                    Tag(
                        "p", "steps", " → ".join(dict.fromkeys(STAGES.get(stage, stage) for stage, _ in pending.stages))
                    )

    def _failed(self, failed: Failed) -> None:
        with Tag("div", "failed", role="alert").mark("failed"):
            Tag("p", "", failed.reason)
            if failed.text:
                Tag("p", "quote", failed.text)
            if failed.hint:
                Tag("p", "hint", failed.hint)
            with Tag("div", "row"):
                if failed.text or failed.picture:
                    button("Try again", self.page.try_again, icon="again", key="try-again")
                    button("Change it", self._take_back, icon="edit", key="take-back")
                else:
                    button("Read it again", self.page.live.refresh, icon="again", key="read-again")
                button("Dismiss", self.page.live.dismiss, classes="quiet", key="dismiss")

    def _take_back(self) -> None:
        """The text of a message that failed, into the box."""
        if self.page.live.failed is not None:
            self.give(self.page.live.failed.text, force=True)
            self.page.live.dismiss()

    def progress(self) -> None:
        self._show_tail()

    # --------------------------------------------------------------------------------------------------------- messages

    def _send(self, event: GenericEventArguments) -> None:
        text = event.args.get("text") if isinstance(event.args, dict) else None
        if isinstance(text, str) and self.page.send(text, attached=True):
            self.taken()

    def taken(self) -> None:
        """The server has the message: the box is emptied."""
        self.composer.put("taken", int(self.composer._props.get("taken", 0)) + 1)

    def give(self, text: str, *, force: bool = False) -> None:
        """Puts a text into the box; over another one only where forced."""
        count = int((self.composer._props.get("given") or {}).get("n", 0)) + 1
        self.composer.put("given", {"text": text, "n": count, "force": force})


_LEARNED = {
    "add": "Remembered", "supersede": "Changed in memory", "reinforce": "Known already", "forget": "Forgotten",
}  # fmt: skip


def when(at: str) -> str:
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%d %b %Y, %H:%M")
    except ValueError:
        return ""
