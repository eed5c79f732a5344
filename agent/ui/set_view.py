"""The set: every icon of the user's own as a grid, the style that they share in numbers, and what breaks it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from agent.ui.chat import when
from agent.ui.elements import Chooser, Dialog, Field, Tag, button, counted, image
from agent.ui.packing import FORMATS
from agent.ui.pictures import uri
from agent.ui.setlook import Look, look
from memory.errors import MemoryError_
from svggen.icon import serialise

if TYPE_CHECKING:
    from agent.ui.page import Page
    from memory.records import Exemplar

__all__ = ["SetView"]

PAGE = 120
"""Icons of the grid at a time."""
PAIRS = 40
AT_ONCE = 400
"""A set of so many icons is measured without being asked."""


class SetView:
    """Builds itself where it is made; reads memory when it is first shown, and again when something has changed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._icons: list[Exemplar] = []
        self._look: Look | None = None
        self._of: tuple[str, ...] = ()
        self._shown, self._words, self._only = PAGE, "", False
        self._reading = False
        self.read_once = False
        with Tag("section", "panel set", aria_label="Set"):
            with Tag("div", "set-head"):
                Tag("h2", "", "Your set")
                with Tag("div", "row"):
                    Chooser(label="Add a folder", folder=True, glyph="folder", focus_key="add-folder")
                    Chooser(label="Add files", glyph="upload", focus_key="add-files")
                    button("Export", lambda: page.export(whole=True), icon="download", key="export-set")
            self._progress = Tag("p", "note", "", role="status")
            self._style = Tag("div", "style").mark("set-style")
            self._filters = Tag("div", "row filters")
            self._grid = Tag("div", "grid").mark("set-grid")
            self._more = Tag("div", "row")
            self._empty = Tag(
                "p", "empty", "No icon yet. Accept one, or drop a folder of SVG files anywhere on this page."
            )
        self._empty.set_visibility(False)
        self._detail = Dialog("Icon", "window")

    def show(self) -> None:
        if not self.read_once:
            self.read_once = True
            self.read()

    def changed(self) -> None:
        if self.page.shows("set"):
            self.read()
        else:
            self.read_once = False

    # ---------------------------------------------------------------------------------------------------------- reading

    def read(self) -> None:
        studio = self.page.studio
        if self._reading:
            return
        self._reading = True
        self._progress.words = "Reading your icons …"
        self._empty.set_visibility(False)
        self.page.later(studio.icons, self._got, self._failed)

    def _failed(self, said: str) -> None:
        self._reading = False
        self._progress.words = f"The set cannot be read: {said}"

    def _got(self, icons: list[Exemplar]) -> None:
        self._reading = False
        self._icons = icons
        self._progress.words = ""
        self._empty.set_visibility(not icons)
        ids = tuple(e.id for e in icons)
        if ids != self._of:
            self._look, self._of = None, ids
        self._draw()
        if icons and self._look is None and len(icons) <= AT_ONCE:
            self._measure()

    def _measure(self) -> None:
        icons, ids = self._icons, self._of
        self._progress.words = f"Measuring {len(icons):,} icons …"
        tell = self.page.teller(lambda done: self._measured_so_far(done, len(icons)))

        def done(found: Look | None) -> None:
            self._progress.words = ""
            if ids == self._of:
                self._look = found
                self._draw()

        self.page.later(lambda: look(icons, tell), done, self._failed)

    def _measured_so_far(self, done: int, total: int) -> None:
        if self._progress.words:
            self._progress.words = f"Measuring {done:,} of {total:,} icons …"

    # ---------------------------------------------------------------------------------------------------------- showing

    def _draw(self) -> None:
        broken = self._look.broken if self._look else {}
        self._style.clear()
        with self._style:
            if self._look is not None:
                self._numbers(self._look)
                self._alike(self._look)
            elif self._icons and len(self._icons) > AT_ONCE:
                button(f"Measure {len(self._icons):,} icons", self._measure, key="measure")
        self._filters.clear()
        with self._filters:
            if len(self._icons) > 12:
                Field("Find an icon", self._words, change=self._find, key="find-in-set", live=True)
            if broken:
                button(
                    f"{counted(len(broken), 'breaks', 'break')} the style",
                    self._toggle,
                    classes="chip",
                    key="only-broken",
                    aria_pressed="true" if self._only else "false",
                )
        wanted = [
            e for e in self._icons
            if self._words in f"{e.name} {' '.join(e.tags)}".lower() and (not self._only or e.id in broken)
        ]  # fmt: skip
        self._grid.clear()
        with self._grid:
            for e in wanted[: self._shown]:
                self._cell(e, broken.get(e.id, ()))
        self._more.clear()
        with self._more:
            if len(wanted) > self._shown:
                button(f"Show more ({len(wanted) - self._shown:,} left)", self._show_more, key="more-of-set")

    def _numbers(self, found: Look) -> None:
        Tag("p", "in-words", f"{counted(len(self._icons), 'icon')}: {found.words}")
        with Tag("dl", "numbers"):
            for name, value, spread in found.fields:
                with Tag("div"):
                    Tag("dt", "", name)
                    Tag("dd", "", value)
                    Tag("dd", "hint", spread)

    def _alike(self, found: Look) -> None:
        """Icons that are taken for one another."""
        by_id = {e.id: e for e in self._icons}
        pairs = [(by_id[a], by_id[b], same) for a, b, same in found.alike if a in by_id and b in by_id]
        if not pairs:
            return
        with Tag("details", "alike"):
            Tag("summary", "", f"{counted(len(pairs), 'pair looks', 'pairs look')} alike at 16 px")
            with Tag("ul", "pairs"):
                for a, b, same in pairs[:PAIRS]:
                    with Tag("li", "row"):
                        for e in (a, b):
                            image(uri(serialise(e.icon)), 24, "", "on-light")
                            image(uri(serialise(e.icon), "dark"), 24, "", "on-dark")
                        Tag("span", "", f"{a.name} and {b.name}{': no difference that can be seen' if same else ''}")

    def _cell(self, e: Exemplar, broken: tuple[str, ...]) -> None:
        svg = serialise(e.icon)
        label = f"{e.name}{f', breaks the style: {broken[0]}' if broken else ''}"
        cell = button(
            label, lambda: self._open(e), only_icon=True, classes="cell broken" if broken else "cell", key=f"set-{e.id}"
        )
        with cell:
            image(uri(svg), 40, "", "on-light")
            image(uri(svg, "dark"), 40, "", "on-dark")
            Tag("span", "name", e.name)

    def _find(self, text: str) -> None:
        self._words, self._shown = text.strip().lower(), PAGE
        self._draw()

    def _toggle(self) -> None:
        self._only, self._shown = not self._only, PAGE
        self._draw()

    def _show_more(self) -> None:
        self._shown += 2 * PAGE
        self._draw()

    # --------------------------------------------------------------------------------------------------------- one icon

    def _open(self, e: Exemplar) -> None:
        svg = serialise(e.icon)
        self._detail.clear()
        with self._detail:
            with Tag("header"):
                Tag("h2", "", e.name)
                button("Close", self._detail.close, icon="close", only_icon=True, classes="quiet", key="icon-close")
            with Tag("div", "halves"):
                for ground in ("light", "dark"):
                    with Tag("span", f"ground {ground}"):
                        for size in (128, 48, 24, 16):
                            image(uri(svg, ground), size)
            for line in self._look.broken.get(e.id, ()) if self._look else ():
                Tag("p", "bad", f"Breaks the style: {line}")
            Tag("p", "hint", f"{', '.join(e.tags)}; {e.source}, {when(e.created_at)}; licence: {e.licence}")
            with Tag("div", "row"):
                button(
                    "Change it in the conversation",
                    lambda: self._take(e, svg),
                    icon="edit",
                    classes="primary",
                    key="change-icon",
                )
                button(
                    "Take it out of the set",
                    lambda: self._forget(e),
                    icon="forget",
                    key="forget-icon",
                    title="It is forgotten; in What I remember you can take it back while that is open",
                )
        self._detail.open()

    def _take(self, e: Exemplar, svg: str) -> None:
        self._detail.close()
        self.page.attached.icon(e.name, svg)

    def _forget(self, e: Exemplar) -> None:
        self._detail.close()
        self.page.open_memory(forget=(e.id, e.name))


def export_window(page: Page, whole: bool) -> Dialog:
    """Which format; the file is made in a thread and then fetched."""
    window = Dialog("Export", "window")
    with window:
        with Tag("header"):
            Tag("h2", "", "Export your set" if whole else "Export this icon")
            button("Close", window.close, icon="close", only_icon=True, classes="quiet", key="export-close")
        with Tag("div", "formats"):
            for format, label in FORMATS.items():
                button(label, partial(page.pack, format, whole, window), key=f"export-{format}")
        Tag("p", "note", "", role="status").mark("export-note")
    return window


def trouble_of(error: Exception) -> str:
    """One line for the page."""
    from agent.cli.errors import explain

    return str(error) if isinstance(error, MemoryError_) else explain(error).line
