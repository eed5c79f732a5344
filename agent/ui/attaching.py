"""What goes with the next message: a picture to draw from, or an icon to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui.events import GenericEventArguments

from agent.ui.pictures import uri

if TYPE_CHECKING:
    from agent.ui.page import Page

__all__ = ["Attached", "texts"]


class Attached:
    """One thing at a time; shown above the box where the message is written."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._it: tuple[str, str, str] | None = None

    def icon(self, name: str, svg: str) -> None:
        """The next message changes this icon."""
        self._put("icon", name, svg, uri(svg))
        self.page.view("chat")

    def picture(self, event: GenericEventArguments) -> None:
        """The frame has brought a picture to the studio."""
        key, name, address = texts(event, "key", "name", "address")
        if key:
            self._put("picture", name or "the picture", key, address if address.startswith("blob:") else "")

    def _put(self, kind: str, name: str, what: str, address: str) -> None:
        self._it = (kind, name, what)
        composer = self.page.chat.composer
        composer.put("attached", f"{'Draws from' if kind == 'picture' else 'Changes'} {name[-60:]}")
        composer.put("address", address)
        composer.put("wordless", kind == "picture")

    def drop(self) -> None:
        self._it = None
        for name in ("attached", "address", "wordless"):
            self.page.chat.composer.put(name, None)

    def now(self) -> tuple[bytes | None, str | None]:
        """(picture, SVG text to change). LookupError where the picture is no longer kept."""
        if self._it is None:
            return None, None
        kind, name, what = self._it
        if kind == "icon":
            return None, what
        picture = self.page.studio.pick_up(what)
        if picture is None:
            self.drop()
            raise LookupError(f"{name[-60:]} is no longer kept: put it there again")
        return picture, None


def texts(event: GenericEventArguments, *names: str) -> tuple[str, ...]:
    """Texts of an event's one object; "" for what is not there. A browser may send anything."""
    given = event.args if isinstance(event.args, dict) else {}
    return tuple(value if isinstance(value := given.get(name), str) else "" for name in names)
