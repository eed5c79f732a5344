"""The drawer "What I remember": every preference and icon with its reason; changed, forgotten, taken back, exported."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from agent.ui import keeping
from agent.ui.chat import when
from agent.ui.elements import Dialog, Field, Tag, button, image
from agent.ui.keeping import Remembered
from agent.ui.pictures import uri
from svggen.icon import serialise

if TYPE_CHECKING:
    from agent.ui.page import Page
    from memory.records import Decision, Exemplar, Preference

__all__ = ["Drawer"]

PAGE = 24
"""Icons that are listed at a time."""
SCOPES = {"user": "everywhere", "project": "in project {}", "session": "in conversation {}"}


class Drawer:
    """Reads memory when it is opened, and again when something of it has changed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._found = Remembered()
        self._shown, self._words = PAGE, ""
        self._gone: list[tuple[str, list[dict[str, Any]]]] = []
        self._wrong: dict[str, str] = {}
        self._editing: str | None = None
        self.dialog = Dialog("What I remember", "drawer")
        self.dialog.on_close(self._closed)
        with self.dialog:
            with Tag("header"):
                Tag("h2", "", "What I remember")
                button("Close", self.dialog.close, icon="close", only_icon=True, classes="quiet", key="memory-close")
            Tag(
                "p",
                "hint",
                "Icons are drawn from this. Forgetting deletes for good, from the files too; you can take it back "
                "while this drawer is open.",
            )
            with Tag("div", "row"):
                button("Export as JSON lines", self._export, icon="download", key="memory-export")
            self._undo = Tag("div", "undo", role="status").mark("undo-list")
            self._body = Tag("div", "memories").mark("memories")

    def open(self) -> None:
        self.dialog.open()
        self._body.clear()
        with self._body:
            Tag("p", "note", "Looking into memory …")
        self.read()

    def read(self) -> None:
        if self.dialog.is_open:
            studio = self.page.studio
            self.page.later(
                lambda: keeping.remembered(studio.memory(), studio.tenant, studio.icons), self._show, self._trouble
            )

    def _closed(self) -> None:
        """What was forgotten is now gone for good."""
        self._gone.clear()
        self._wrong.clear()
        self._editing = None
        self._show_gone()

    def _trouble(self, said: str) -> None:
        self._show(Remembered(trouble=said))

    # ---------------------------------------------------------------------------------------------------------- showing

    def _show(self, found: Remembered) -> None:
        self._found = found
        self._body.clear()
        with self._body:
            if found.trouble:
                Tag("p", "bad", f"Memory cannot be read: {found.trouble}", role="alert")
                return
            Tag("h3", "", f"Preferences ({len(found.preferences)})")
            if not found.preferences:
                Tag(
                    "p",
                    "empty",
                    "None yet. Say it in the conversation: always use 1.5px strokes; my brand colour is teal.",
                )
            for preference in found.preferences:
                self._preference(preference)
            if found.past:
                with Tag("details", "past"):
                    Tag("summary", "", f"Replaced by something newer ({len(found.past)})")
                    for preference in found.past:
                        self._past(preference)
            self._icons(found.icons)
            self._rejections(found.rejections)

    def _preference(self, p: Preference) -> None:
        with Tag("article", "memory").mark(f"memory-{p.id}"):
            Tag("p", "what", p.text)
            Tag("p", "hint", keeping.why(p))
            scope = SCOPES[p.scope].format(p.scope_id or "")
            Tag(
                "p",
                "hint",
                f"{scope}, {p.confidence:.0%} sure, {p.provenance.origin} by {_source(p.provenance.source)}, "
                f"{when(p.provenance.at)}",
            )
            if self._editing == p.id:
                Field(
                    f"New value of {p.slot.partition('.')[2] or p.slot}", keeping.spoken(p.slot, p.value),
                    options=keeping.choices(p.slot), change=lambda text: self._change(p, text), key=f"value-{p.id}",
                    invalid=self._wrong.get(p.id),
                )  # fmt: skip
            with Tag("div", "row"):
                label = "Leave it" if self._editing == p.id else "Change"
                button(
                    label,
                    lambda: self._edit(p),
                    icon="edit",
                    classes="quiet",
                    key=f"change-{p.id}",
                    spoken=f"{label}: {p.text}",
                )
                button(
                    "Forget",
                    lambda: self.forget(p.id, p.text),
                    icon="forget",
                    classes="quiet",
                    key=f"forget-{p.id}",
                    spoken=f"Forget: {p.text}",
                )

    def _past(self, p: Preference) -> None:
        with Tag("article", "memory"):
            Tag("p", "what", p.text)
            Tag("p", "hint", keeping.why(p))
            button(
                "Forget",
                lambda: self.forget(p.id, p.text),
                icon="forget",
                classes="quiet",
                key=f"forget-{p.id}",
                spoken=f"Forget what was replaced: {p.text}",
            )

    def _icons(self, icons: list[Exemplar]) -> None:
        wanted = [e for e in icons if self._words in f"{e.name} {e.prompt} {' '.join(e.tags)}".lower()]
        Tag("h3", "", f"Icons ({len(icons):,})")
        if not icons:
            Tag("p", "empty", "None yet. Accept one, or drop a folder of SVG files on the page.")
            return
        if len(icons) > PAGE:
            Field("Find an icon", self._words, change=self._find, key="find-icon", live=True)
        for icon in wanted[: self._shown]:
            self._icon(icon)
        if len(wanted) > self._shown:
            button(f"Show more ({len(wanted) - self._shown:,} left)", self._more, classes="quiet", key="more-icons")

    def _icon(self, e: Exemplar) -> None:
        svg = serialise(e.icon)
        with Tag("article", "memory with-icon").mark(f"memory-{e.id}"):
            image(uri(svg), 40, "", "on-light")
            image(uri(svg, "dark"), 40, "", "on-dark")
            with Tag("div", "words"):
                Tag("p", "what", e.name)
                Tag("p", "hint", f"{_origin(e)}, {when(e.created_at)}{f', project {e.project}' if e.project else ''}")
                if e.prompt:
                    Tag("p", "hint", f"asked for as '{e.prompt}'")
                Tag("p", "hint", f"licence: {e.licence}")
            button(
                "Forget",
                lambda: self.forget(e.id, e.name),
                icon="forget",
                only_icon=True,
                classes="quiet",
                key=f"forget-{e.id}",
                title=f"Forget {e.name}",
            )

    def _rejections(self, found: list[dict[str, Any]]) -> None:
        if not found:
            return
        Tag("h3", "", f"Rejected ({len(found)})")
        for r in found:
            with Tag("article", "memory"):
                Tag(
                    "p",
                    "what",
                    f"{str(r['exemplar_id'])[:60]}, ranks lower" + (f" ({r['times']} times)" if r["times"] > 1 else ""),
                )
                Tag("p", "hint", f"'{r['reason']}', {when(r['at'])}" if r["reason"] else when(r["at"]))
                button(
                    "Forget",
                    partial(self.forget, r["id"], "a rejection"),
                    icon="forget",
                    classes="quiet",
                    key=f"forget-{r['id']}",
                    spoken="Forget this rejection",
                )

    def _find(self, text: str) -> None:
        self._words, self._shown = text.strip().lower(), PAGE
        self._show(self._found)

    def _more(self) -> None:
        self._shown += 4 * PAGE
        self._show(self._found)

    # --------------------------------------------------------------------------------------------------------- changing

    def _edit(self, p: Preference) -> None:
        self._editing = None if self._editing == p.id else p.id
        self._wrong.pop(p.id, None)
        self._show(self._found)

    def _change(self, p: Preference, text: str) -> None:
        studio = self.page.studio

        def done(decision: Decision) -> None:
            if decision.action == "reject":
                failed(decision.reason)
                return
            self._editing = None
            self.page.say(f"Changed: {decision.preference.text if decision.preference else text}")
            studio.tell("memory")

        def failed(said: str) -> None:
            self._wrong[p.id] = said
            self._show(self._found)

        self._wrong.pop(p.id, None)
        self.page.later(lambda: keeping.change(studio.memory(), studio.tenant, p, text), done, failed)

    def forget(self, id: str, name: str) -> None:
        studio = self.page.studio

        def done(records: list[dict[str, Any]]) -> None:
            self._gone.append((name, records))
            self._show_gone()
            studio.tell("memory")

        self.page.later(lambda: keeping.forget(studio.memory(), studio.tenant, id), done)

    def _show_gone(self) -> None:
        self._undo.clear()
        with self._undo:
            for number, (name, records) in enumerate(self._gone):
                with Tag("p", "gone-row"):
                    Tag("span", "", f"Forgotten: {name}")
                    if records:
                        button(
                            "Take it back",
                            partial(self._restore, number),
                            icon="undo",
                            key=f"restore-{number}",
                            spoken=f"Take it back: {name}",
                        )

    def _restore(self, number: int) -> None:
        studio = self.page.studio
        name, records = self._gone[number]

        def done(decisions: list[Decision]) -> None:
            refused = [d.reason for d in decisions if d.action == "reject"]
            if refused:
                self.page.say(f"It could not be taken back: {refused[0]}", bad=True)
                return
            self._gone = [pair for pair in self._gone if pair[1] is not records]
            self._show_gone()
            self.page.say(f"Taken back: {name}")
            studio.tell("memory")

        self.page.later(lambda: keeping.restore(studio.memory(), studio.tenant, records), done)

    def _export(self) -> None:
        studio = self.page.studio
        name = f"memory-{studio.tenant.user}-{time.strftime('%Y-%m-%d')}.jsonl"
        self.page.later(
            lambda: b"".join(keeping.lines(studio.memory(), studio.tenant)),
            lambda data: self.page.download(name, "application/x-ndjson", data),
        )


def _source(source: str) -> str:
    """Where a statement came from, in words."""
    kind, _, more = source.partition(":")
    if kind == "accepted":
        return "what you accepted"
    return {"message": "a message", "ui": "this page", "llm": "a message"}.get(kind, kind) + (
        f" ({more})" if more else ""
    )


def _origin(e: Exemplar) -> str:
    if e.source == "accepted":
        return "you accepted it"
    return f"added from {e.source.removeprefix('library add ')}" if e.source.startswith("library add") else e.source
