"""Whose work went into the icons: one text file that goes along with every export that needs it.

Contract. Lists each icon that was drawn from others' icons, with their set, author, address and licence, and adds the
text of each licence that asks to be kept with copies. Nothing where all is the user's own.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from svggen.export.items import Entry, Source, plain_title

__all__ = ["FILE", "attribution"]

FILE = "ATTRIBUTION.txt"
_HEAD = """\
Icons of this export that were drawn from icons of others, and under which licences those stand.
Keep this file with them.
"""


def attribution(entries: list[Entry]) -> str | None:
    """The file's text, None where no icon has a source."""
    credited = [e for e in entries if e.item.sources]
    if not credited:
        return None
    parts = [_HEAD]
    for entry in credited:
        parts.append("\n".join([entry.name, *(f"    from {_line(s)}" for s in _distinct(entry.item.sources))]) + "\n")
    sources = {(s.set, s.licence): s for e in credited for s in e.item.sources}
    parts.append("\n".join(["Sets", *(f"    {_set_line(s)}" for _, s in sorted(sources.items()))]) + "\n")
    for licence in sorted({s.licence for e in credited for s in e.item.sources}):
        text = _text(licence)
        title = plain_title(licence)
        parts.append(f"{'-' * 20} {title} {'-' * 20}\n\n{text}" if text else f"{title}: see spdx.org/licenses\n")
    return "\n".join(parts)


def _distinct(sources: tuple[Source, ...]) -> list[Source]:
    return list(dict.fromkeys(sources))


def _line(source: Source) -> str:
    name = f"{plain_title(source.name)!r} of " if source.name else "an icon of "
    return f"{name}{plain_title(source.set)} ({plain_title(source.licence)})"


def _set_line(source: Source) -> str:
    author = f", by {plain_title(source.author)}" if source.author else ""
    url = f", {plain_title(source.url)}" if source.url else ""
    return f"{plain_title(source.set)}{author}, {plain_title(source.licence)}{url}"


def _text(licence: str) -> str | None:
    """The licence text that this program carries; None where it has none of that name."""
    if not licence.replace("-", "").replace(".", "").isalnum():
        return None
    try:
        installed = distribution("mnemicon").read_text(f"licenses/LICENSES/{licence}.txt")
    except (PackageNotFoundError, OSError):
        installed = None
    checkout = Path(__file__).resolve().parents[2] / "LICENSES" / f"{licence}.txt"
    text = installed or (checkout.read_text("utf-8") if checkout.is_file() else None)
    return text.replace("named in NOTICE", "named above") if text else None
