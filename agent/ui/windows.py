"""The smaller windows: conversations, a rejection's reason, why a drawing came out so, a dropped SVG, an import."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from agent.ui.elements import Dialog, Field, Tag, button, counted, image
from agent.ui.importing import Import, read
from agent.ui.pictures import uri

if TYPE_CHECKING:
    from agent.ui.page import Page

__all__ = ["Conversations", "Dropped", "Importing", "Reason", "Why"]

REASONS = ("too thick", "too thin", "too detailed", "wrong metaphor", "does not look like it")


def _head(window: Dialog, title: str, key: str) -> Tag:
    with Tag("header"):
        heading = Tag("h2", "", title)
        button("Close", window.close, icon="close", only_icon=True, classes="quiet", key=key)
    return heading


class Conversations:
    """List, new, delete with a question."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._asked: str | None = None
        self.window = Dialog("Conversations", "window")
        with self.window:
            _head(self.window, "Conversations", "sessions-close")
            self._name = Field(
                "New conversation", "", change=self._new, placeholder="its name, then Enter", key="new-session"
            )
            self._wrong = Tag("p", "bad", "", role="alert")
            self._list = Tag("ul", "sessions").mark("sessions")

    def open(self) -> None:
        self._asked, self._wrong.words = None, ""
        self.window.open()
        self.read()

    def read(self) -> None:
        if self.window.is_open:
            self.page.later(self.page.studio.sessions, self._show)

    def _show(self, found: list[dict[str, Any]]) -> None:
        here = self.page.live.name
        if all(about["name"] != here for about in found):
            found = [{"name": here, "turns": 0, "began": "", "current": None}, *found]
        self._list.clear()
        with self._list:
            for about in found:
                self._row(str(about["name"]), about, here=about["name"] == here)

    def _row(self, name: str, about: dict[str, Any], *, here: bool) -> None:
        with Tag("li", "session here" if here else "session"):
            svg = self.page.svg_of(str(about.get("current") or ""))
            if svg is not None:
                image(uri(svg), 32, "", "on-light")
                image(uri(svg, "dark"), 32, "", "on-dark")
            with Tag("div", "words"):
                Tag("p", "what", name)
                turns = about.get("turns") or 0
                Tag(
                    "p",
                    "hint",
                    f"{counted(turns, 'turn')}, began with '{about.get('began')}'" if turns else "nothing was said yet",
                )
            if self._asked == name:
                Tag("p", "asks", "Delete it for good? Icons and memory stay.")
                button(
                    "Delete",
                    lambda: self._delete(name),
                    classes="danger",
                    key=f"really-{name}",
                    spoken=f"Really delete {name}",
                )
                button("Keep it", lambda: self._ask(None), classes="quiet", key=f"keep-{name}")
                return
            if not here:
                button("Open", lambda: self.page.go(name), key=f"open-{name}", spoken=f"Open {name}")
            button(
                "Delete",
                lambda: self._ask(name),
                icon="forget",
                only_icon=True,
                classes="quiet",
                key=f"delete-{name}",
                title=f"Delete {name}",
            )

    def _ask(self, name: str | None) -> None:
        self._asked = name
        self.read()

    async def _delete(self, name: str) -> None:
        self._asked = None
        try:
            await self.page.studio.delete(name)
        except Exception as error:
            self._wrong.words = self.page.explained(error)
            return
        if name == self.page.live.name:
            self.page.go(name)
        else:
            self.read()

    def _new(self, text: str) -> None:
        from memory.errors import TenantError

        name = text.strip()
        if not name:
            return
        try:
            self.page.studio.live(name)
        except TenantError as error:
            self._wrong.words = str(error)
            return
        self._name.set("")
        self.page.go(name)


class Reason:
    """Why it did not please; the reason is kept with the rejection."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.window = Dialog("Reject", "window")
        with self.window:
            _head(self.window, "What is wrong with it?", "reject-close")
            with Tag("div", "examples"):
                for text in REASONS:
                    button(text, partial(self._send, text), classes="chip", key=f"reason-{text}")
            self._own = Field("In your own words", "", change=self._send, key="reason")
            with Tag("div", "row"):
                button("Reject without a reason", lambda: self._send(""), key="reject-plain")

    def open(self) -> None:
        self._own.set("")
        self.window.open()

    def _send(self, reason: str) -> None:
        self.window.close()
        self.page.send(f"reject: {reason.strip()}" if reason.strip() else "reject")


class Why:
    """Which memories and icons shaped a drawing."""

    def __init__(self) -> None:
        self.window = Dialog("Why it looks like this", "window")
        with self.window:
            _head(self.window, "Why it looks like this", "why-close")
            self._text = Tag("div", "why").mark("why-text")

    def open(self, text: str) -> None:
        self._text.clear()
        with self._text:
            for line in text.splitlines():
                Tag("p", "", line)
        self.window.open()


class Dropped:
    """One SVG file that was dropped: to be changed here, or made part of the set."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.window = Dialog("An SVG file", "window")

    def open(self, name: str, text: str) -> None:
        made = read(name, text.encode("utf-8", "replace"), self.page.studio.tenant.project)
        self.window.clear()
        with self.window:
            _head(self.window, name[-80:], "dropped-close")
            if isinstance(made, str):
                Tag("p", "bad", f"It cannot be used: {made}", role="alert")
            else:
                from svggen.icon import serialise

                svg, exemplar = serialise(made.icon), made
                with Tag("div", "halves"):
                    for ground in ("light", "dark"):
                        with Tag("span", f"ground {ground}"):
                            image(uri(svg, ground), 128)
                with Tag("div", "row"):
                    button(
                        "Change it in the conversation",
                        lambda: self._change(exemplar.name, svg),
                        icon="edit",
                        classes="primary",
                        key="dropped-change",
                    )
                    button("Add it to my icons", lambda: self._add(exemplar), icon="add", key="dropped-add")
        self.window.open()

    def _change(self, name: str, svg: str) -> None:
        self.window.close()
        self.page.attached.icon(name, svg)

    def _add(self, exemplar: Any) -> None:
        studio = self.page.studio
        self.window.close()

        def done(count: int) -> None:
            self.page.say(f"{exemplar.name} is one of your icons now.")
            studio.tell("memory")

        self.page.later(lambda: studio.memory().add_exemplars(studio.tenant, [exemplar]), done)


class Importing:
    """Files that are being taken in: how far, and which of them could not be used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._job: Import | None = None
        self._listed = -1
        self.window = Dialog("Import", "window")
        with self.window:
            self._title = _head(self.window, "Taking in SVG files", "import-close")
            self._bar = Tag("progress", "meter", max=1, value=0, aria_label="Files taken in")
            self._words = Tag("p", "", "", role="status").mark("import-words")
            self._note = Tag("p", "hint", "")
            self._broken = Tag("ul", "broken").mark("import-broken")

    @property
    def running(self) -> bool:
        return self._job is not None and not self._job.ended

    def follow(self) -> None:
        """The newest import, unless it is known and over."""
        jobs = list(self.page.studio.imports.values())
        newest = jobs[-1] if jobs else None
        if newest is None or (newest is not self._job and newest.ended):
            return
        if newest is not self._job:
            self._job, self._listed = newest, -1
            self.window.open()
        self._show(newest)

    def _show(self, job: Import) -> None:
        self._bar.put("max", job.total)
        self._bar.put("value", job.done)
        twice = f", {counted(job.twice, 'was', 'were')} there twice" if job.twice else ""
        failed = f", {job.failed:,} could not be used" if job.failed else ""
        self._title.words = "Taken in" if job.ended else "Taking in SVG files"
        self._words.words = f"{job.done:,} of {job.total:,} files: {counted(job.added, 'icon')}{twice}{failed}."
        said = job.trouble or ("" if job.ended else "What has been taken in stays, also if you close the page.")
        left_out = (
            f" {counted(job.left_out, 'file is no SVG and was', 'files are no SVG and were')} left out."
            if job.left_out
            else ""
        )
        self._note.words = said + left_out
        if job.ended and len(job.broken) != self._listed:
            self._listed = len(job.broken)
            self._broken.clear()
            with self._broken:
                for name, reason in job.broken:
                    with Tag("li"):
                        Tag("code", "", name)
                        Tag("span", "", f" {reason}")
                if job.failed > len(job.broken):
                    Tag("li", "hint", f"and {job.failed - len(job.broken):,} more")
