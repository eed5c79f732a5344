"""One open page: what it shows, and what its buttons do.

Contract. Made by NiceGUI for each visit; all of the conversation's state is in ``Live``, so that a page that is closed
loses nothing and one that is opened again shows where it stands. Two pages of one conversation both follow it; the one
that did not send says so. What blocks goes through ``later``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from nicegui import context, ui
from nicegui.events import GenericEventArguments

from agent.ui.attaching import Attached, texts
from agent.ui.chat import Chat
from agent.ui.elements import Frame, Tag, button
from agent.ui.remembering import Drawer
from agent.ui.routes import head
from agent.ui.set_view import SetView, export_window, trouble_of
from agent.ui.stage import KEYS, Stage
from agent.ui.versions import Versions
from agent.ui.windows import Conversations, Dropped, Importing, Reason, Why
from svggen.errors import StyleError
from svggen.style import StyleSpec, describe

if TYPE_CHECKING:
    from agent.state import Json
    from agent.ui.elements import Dialog
    from agent.ui.packing import Packed
    from agent.ui.studio import Studio

__all__ = ["Page"]

log = logging.getLogger(__name__)

T = TypeVar("T")
VIEWS = (("chat", "Chat"), ("icons", "Icons"), ("history", "History"), ("set", "Set"))
THEMES = {"auto": "dark", "dark": "light", "light": "auto"}
DREW = ("draw", "edit", "pick", "undo", "redo", "back")
ELSEWHERE = "This conversation went on in another window."


class Page:
    """See the head of this file."""

    def __init__(self, studio: Studio, name: str) -> None:
        self.studio, self.live = studio, studio.live(name)
        self.told = ""
        self._seen, self._mine = 0, False
        self.attached = Attached(self)
        self._records: dict[str, Json | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client = context.client
        self._client.title = f"{name} · Mnemicon"
        ui.add_head_html(head())
        self._build()
        stops = (self.live.listen(self._live), studio.listen(self._studio))
        self._client.on_delete(lambda: [stop() for stop in stops])
        self._refresh()
        self.live.open()

    def _build(self) -> None:
        self.frame = Frame(view="chat", theme="", tail=0)
        self.frame.mark("frame")
        self.frame.on("key", self._key).on("picture", self.attached.picture).on("svg", self._svg)
        self.frame.on("trouble", self._heard_trouble).on("theme", self._heard_theme)
        with self.frame:
            Tag("a", "skip", "Skip to the message", href="#message")
            self._bar()
            with Tag("main", "body"):
                self.chat = Chat(self)
                with Tag("div", "work"):
                    self._tabs = self._nav("tabs", VIEWS[1:])
                    self._doing = Tag("p", "doing", "", aria_hidden="true")
                    self.stage = Stage(self)
                    self.versions = Versions(self)
                    self.set = SetView(self)
            self._bottom = self._nav("bottom", VIEWS)
            self._status = Tag("div", "sr", "", role="status", aria_live="polite").mark("status")
            self.drawer = Drawer(self)
            self.conversations = Conversations(self)
            self.reason = Reason(self)
            self.why = Why()
            self.dropped = Dropped(self)
            self.importing = Importing(self)
            self._exports = {whole: export_window(self, whole) for whole in (True, False)}

    def _bar(self) -> None:
        with Tag("header", "bar"):
            with Tag("span", "mark", aria_hidden="true"):
                Tag("span", "g g-mark")
            Tag("h1", "", "Mnemicon")
            with button(
                f"Conversations (this one is {self.live.name})",
                lambda: self.conversations.open(),
                only_icon=True,
                classes="session-name",
                key="sessions",
            ):
                Tag("span", "", self.live.name)
                Tag("span", "g g-chevron", aria_hidden="true")
            Tag("span", "space")
            button("What I remember", lambda: self.open_memory(), icon="memory", key="memory", classes="labelled")
            self._theme = button(
                "Theme: as the system", self._next_theme, icon="moon", only_icon=True, classes="quiet", key="theme"
            )

    def _nav(self, classes: str, views: tuple[tuple[str, str], ...]) -> dict[str, Tag]:
        with Tag("nav", classes, aria_label="Views"):
            return {
                view: button(label, partial(self.view, view), icon=view, key=f"{classes}-{view}")
                for view, label in views
            }

    # ------------------------------------------------------------------------------------------------------- refreshing

    def _live(self, what: str) -> None:
        if self._client.is_deleted:
            return
        with self._client:
            if what == "progress":
                self.chat.progress()
                self.stage.progress()
                self._show_doing()
            else:
                self._refresh()

    def _studio(self, what: str) -> None:
        if self._client.is_deleted:
            return
        with self._client:
            if what == "memory":
                self.drawer.read()
                self.set.changed()
            elif what == "sessions":
                self.conversations.read()
            elif what == "import":
                self.importing.follow()
                self.frame.put("importing", self.importing.running)

    def _refresh(self) -> None:
        live, count = self.live, len(self.live.turns)
        done = live.pending is None and live.loaded
        if done and self._mine:
            self._mine = False
            self._answered()
        elif done and 0 < self._seen < count and live.last_by is not self:
            self.told = ELSEWHERE
        if done:
            self._seen = count
        self.chat.refresh()
        self.stage.refresh()
        self.versions.refresh()
        self._show_doing()
        self.frame.put("busy", not done)

    def _answered(self) -> None:
        """This page's own message is done."""
        shown = self.live.shown or {}
        kind = shown.get("kind")
        if self.live.failed is not None:
            self._status.words = self.live.failed.reason
        else:
            self._status.words = str(shown.get("asks") or shown.get("say") or "")
        if kind in DREW and shown.get("current") and self.live.failed is None:
            self.view("icons")
        elif self.shows("chat", "icons"):
            self.view("chat")
        if kind == "accept" or shown.get("memory") or kind == "reject":
            self.studio.tell("memory")
        self.studio.tell("sessions")

    def _show_doing(self) -> None:
        pending = self.live.pending
        self._doing.words = (pending.stages[-1][1] if pending.stages else "reading the request") if pending else ""
        self._doing.set_visibility(pending is not None)

    # ---------------------------------------------------------------------------------------------------- what is shown

    def record_of(self, id: str) -> Json | None:
        """A kept drawing; None where it is gone or damaged."""
        if id not in self._records:
            try:
                self._records[id] = self.studio.drawings.get(id)
            except KeyError:
                return None
        return self._records[id]

    def svg_of(self, id: str) -> str | None:
        record = self.record_of(id) if id else None
        return str(record["svg"]) if record and isinstance(record.get("svg"), str) else None

    def style_of(self, record: Json) -> str:
        try:
            return describe(StyleSpec.from_dict(dict(record.get("style") or {})))
        except (StyleError, TypeError, ValueError):
            return ""

    def view(self, name: str) -> None:
        self.frame.put("view", name)
        for tabs in (self._tabs, self._bottom):
            for view, tab in tabs.items():
                at = view == name or (tabs is self._tabs and name == "chat" and view == "icons")
                tab.put("aria-current", "page" if at else None)
        if name == "set":
            self.set.show()

    def shows(self, *views: str) -> bool:
        return self.frame._props.get("view") in views

    def show_version(self, n: int) -> None:
        self.view("history")
        self.versions.show(n)

    def say(self, text: str, *, bad: bool = False) -> None:
        """A word that passes."""
        ui.notify(text[:400], position="bottom", timeout=6000 if bad else 3500, classes="toast bad" if bad else "toast")

    def explained(self, error: Exception) -> str:
        return trouble_of(error)

    def later(
        self, task: Callable[[], T], done: Callable[[T], Any], failed: Callable[[str], Any] | None = None
    ) -> None:  # fmt: skip
        """``task`` in a thread; then ``done`` on this page, if it is still there."""

        async def run() -> None:
            said, result = "", None
            try:
                result = await self.studio.work(task)
            except Exception as error:
                said = trouble_of(error)
            if self._client.is_deleted:
                return
            with self._client:
                if not said:
                    self._do(done, result)
                elif failed is not None:
                    failed(said)
                else:
                    self.say(said, bad=True)

        made = asyncio.create_task(run())
        self._tasks.add(made)
        made.add_done_callback(self._tasks.discard)

    def _do(self, done: Callable[[Any], Any], result: Any) -> None:
        """A fault of our own is said and logged; the page goes on."""
        try:
            done(result)
        except Exception as error:
            log.exception("a fault of the page")
            self.say(trouble_of(error), bad=True)

    def teller(self, tell: Callable[[int], None]) -> Callable[[int], None]:
        """For a thread: ``tell`` on this page."""
        loop = asyncio.get_running_loop()

        def here(done: int) -> None:
            if not self._client.is_deleted:
                with self._client:
                    tell(done)

        def there(done: int) -> None:
            loop.call_soon_threadsafe(here, done)

        return there

    # --------------------------------------------------------------------------------------------------------- messages

    def send(self, text: str, *, attached: bool = False) -> bool:
        """A message of this page; False where it cannot be begun, which is said. attached: with what is attached."""
        try:
            picture, edit = self.attached.now() if attached else (None, None)
        except LookupError as error:
            self.say(str(error), bad=True)
            return False
        if not text.strip() and picture is None:
            return False
        why = self.live.send(text, picture=picture, edit=edit, seen=self._seen if self.live.loaded else None, by=self)
        if why:
            self.say(why)
            return False
        self.told, self._mine = "", True
        if attached:
            self.attached.drop()
        self.view("icons")
        self._refresh()
        return True

    def try_again(self) -> None:
        why = self.live.try_again(by=self)
        if why:
            self.say(why)
            return
        self.told, self._mine = "", True
        self._refresh()

    def pick(self, number: int) -> None:
        candidates = (self.live.shown or {}).get("candidates") or ()
        if number <= len(candidates):
            self.send(f"number {number}")

    def ask_reason(self) -> None:
        self.reason.open()

    def explain(self) -> None:
        from agent import talk

        current = (self.live.shown or {}).get("current")
        record = self.record_of(current["id"]) if current else None
        self.why.open(talk.why(record) if record else "There is no drawing yet.")

    def go(self, name: str) -> None:
        """Another conversation."""
        ui.navigate.to(f"/?session={quote(name, safe='')}")

    def open_memory(self, forget: tuple[str, str] | None = None) -> None:
        self.drawer.open()
        if forget is not None:
            self.drawer.forget(*forget)

    # ------------------------------------------------------------------------------------------------------ keys, theme

    def _key(self, event: GenericEventArguments) -> None:
        (key,) = texts(event, "key")
        if key in ("undo", "redo"):
            self.send(key)
        elif key.isdecimal() and 1 <= int(key) <= KEYS and self.shows("chat", "icons"):
            self.pick(int(key))

    def _svg(self, event: GenericEventArguments) -> None:
        name, text = texts(event, "name", "text")
        self.dropped.open(name or "icon.svg", text)

    def _heard_trouble(self, event: GenericEventArguments) -> None:
        (said,) = texts(event, "said")
        self.say(said, bad=True)

    def _heard_theme(self, event: GenericEventArguments) -> None:
        if event.args in THEMES:
            self._set_theme(event.args)

    def _next_theme(self) -> None:
        self._set_theme(THEMES[str(self.frame._props.get("theme") or "auto")])

    def _set_theme(self, theme: str) -> None:
        self.frame.put("theme", theme)
        self._theme.put("aria-label", f"Theme: {'as the system' if theme == 'auto' else theme}")
        self._theme.put("title", f"Theme: {'as the system' if theme == 'auto' else theme}")

    # ----------------------------------------------------------------------------------------------------------- export

    def export(self, *, whole: bool) -> None:
        self._exports[whole].open()

    def pack(self, format: str, whole: bool, window: Dialog) -> None:
        from agent.ui.packing import pack

        current = (self.live.shown or {}).get("current")
        drawing = None if whole else current["id"] if current else "last"

        def done(made: Packed) -> None:
            window.close()
            self.download(made.name, made.media, made.data)
            for note in made.notes[:2]:
                self.say(note)

        self.say("Making the file …")
        self.later(lambda: pack(self.studio, format, drawing), done)

    def download(self, name: str, media: str, data: bytes) -> None:
        ui.download(self.studio.offer(name, media, data))
