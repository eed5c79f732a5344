"""What the page is built of: plain HTML elements, and four components of our own.

Contract. Text reaches the browser as text, never as HTML. Properties are set one by one and never from a string that
NiceGUI would parse, and none begins with a colon, which it would evaluate. No element with a template is used (see
``guard``). A button that cannot be used now stays in the focus order (``aria-disabled``) and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

__all__ = ["Chooser", "Composer", "Dialog", "Field", "Frame", "Tag", "button", "counted", "glyph", "image", "switch"]

Click = Callable[[], Any]


class Tag(Element):
    """An element by its HTML name. Attribute names may be written with underscores: ``aria_label``."""

    def __init__(self, tag: str = "div", classes: str = "", text: str | None = None, **attributes: Any) -> None:
        super().__init__(tag)
        if classes:
            self.classes(classes)
        self._text = text
        with self._props.suspend_updates():
            for name, value in attributes.items():
                if value is not None:
                    self._props[name.rstrip("_").replace("_", "-")] = value

    @property
    def words(self) -> str:
        return self._text or ""

    @words.setter
    def words(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.update()

    def put(self, name: str, value: Any) -> None:
        """Sets an attribute, or takes it away (None)."""
        if self._props.get(name) != value:
            self._props.set_optional(name, value)

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [*super()._displayed_contents(only_visible=only_visible), self._text, self._props.get("aria-label")]


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 icon", "2,000 icons"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def glyph(name: str) -> Tag:
    """One of the page's own icons."""
    return Tag("span", f"g g-{name}", aria_hidden="true")


def image(address: str, size: int, alt: str = "", classes: str = "") -> Tag:
    """An ``<img>`` of a data URI; size in px."""
    return Tag("img", classes, src=address, width=size, height=size, alt=alt, draggable="false", decoding="async")


def button(
    label: str, click: Click | None = None, *, icon: str = "", classes: str = "", only_icon: bool = False,
    key: str = "", title: str = "", spoken: str = "", **attributes: Any,
) -> Tag:  # fmt: skip
    """A button. only_icon: the label is for screen readers and the tooltip. spoken: what a screen reader says instead
    of a label that needs its surroundings. key: what a test, and the focus after a change of the page, know it by."""
    made = Tag(
        "button", f"b {classes}".strip(), None if only_icon or icon else label, type="button",
        title=title or (label if only_icon else None), aria_label=spoken or (label if only_icon else None),
        data_key=key or None, **attributes,
    )  # fmt: skip
    if icon:
        with made:
            glyph(icon)
            if not only_icon:
                Tag("span", "", label)
    if key:
        made.mark(key)
    if click is not None:
        act = click

        def clicked() -> Any:
            return None if made._props.get("aria-disabled") else act()

        made.on("click", clicked, args=[])
    return made


def switch(made: Tag, usable: bool) -> None:
    """Whether a button can be used now."""
    made.put("aria-disabled", None if usable else "true")


class _Component(Element):
    """A component of ours: properties as keyword arguments."""

    def __init__(self, **properties: Any) -> None:
        super().__init__()
        with self._props.suspend_updates():
            for name, value in properties.items():
                if value is not None:
                    self._props[name.rstrip("_").replace("_", "-")] = value

    def put(self, name: str, value: Any) -> None:
        if self._props.get(name) != value:
            self._props.set_optional(name, value)


class Frame(_Component, component="static/mn_frame.js"):
    """The whole page: theme, keys, what is dropped, focus. Emits "key" {"key"}, "picture" {"key", "name"},
    "svg" {"name", "text"}, "trouble" {"said"}."""


class Composer(_Component, component="static/mn_composer.js"):
    """Where a message is written. Emits "send" {"text"}, "drop" (what is attached is taken away)."""


class Chooser(_Component, component="static/mn_chooser.js"):
    """A button that lets files, or a folder, be chosen; the frame takes them in."""


class Dialog(_Component, component="static/mn_dialog.js"):
    """A modal dialog; what is in it is its default slot. Emits "close" when the user closes it."""

    def __init__(self, label: str, classes: str = "", **properties: Any) -> None:
        super().__init__(label=label, open=False, **properties)
        self.classes(f"dialog {classes}".strip())
        self.on("close", self.close, args=[])
        self._closed: list[Click] = []

    @property
    def is_open(self) -> bool:
        return bool(self._props.get("open"))

    def open(self) -> None:
        self.put("open", True)

    def close(self) -> None:
        if self.is_open:
            self.put("open", False)
            for closed in self._closed:
                closed()

    def on_close(self, closed: Click) -> None:
        self._closed.append(closed)


class Field(_Component, component="static/mn_field.js"):
    """A labelled field. Emits "change" with what was typed or chosen, when Enter is pressed or it is left."""

    def __init__(
        self, label: str, value: str = "", *, change: Callable[[str], Any] | None = None, options: Iterable[str] = (),
        hidden: bool = False, key: str = "", **properties: Any,
    ) -> None:  # fmt: skip
        chosen = list(options)
        super().__init__(
            label=label,
            value=value,
            options=chosen or None,
            hidden_label=hidden or None,
            focus_key=key or None,
            **properties,
        )
        self.value = value
        self._change = change
        if key:
            self.mark(key)
        self.on("change", self._changed)

    def _changed(self, event: GenericEventArguments) -> Any:
        text = event.args
        if not isinstance(text, str):
            return None
        self.value = text[:4000]
        self._props["value"] = self.value
        return self._change(self.value) if self._change is not None else None

    def set(self, value: str) -> None:
        """Shows another value."""
        self.value = value
        self._props["value"] = value
        self._props["given"] = int(self._props.get("given", 0)) + 1
