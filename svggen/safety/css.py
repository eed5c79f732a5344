"""The little CSS that icons use: ``style="..."`` and ``<style>`` with element, class, id and ``*`` selectors.

Contract. Only declarations come out, as text; nothing is fetched. Refused (UnsafeSvgError): ``@import``, ``url()`` of
anything but an id in the document, escapes (``\\75rl(``: nobody writes them in an icon, and they hide the former),
``expression(``, ``behavior``, ``-moz-binding``, ``javascript:``, ``@keyframes``. Ignored: selectors with combinators,
pseudo-classes or attributes, and the blocks of other at-rules. The work is linear: rules of one simple selector are
merged when they are read, the number of compound ones is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from svggen.errors import BudgetError, UnsafeSvgError

__all__ = ["Sheet", "check_css", "check_url", "declarations", "url_id"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_URL = re.compile(r"url\(\s*+(['\"]?+)\s*+([^'\")\s]*+)", re.IGNORECASE)
_LOCAL = re.compile(r"\s*+url\(\s*+['\"]?+#([^'\")\s]++)['\"]?+\s*+\)\s*+(.*)", re.DOTALL)
_ACTIVE = re.compile(
    r"\\|@import|expression\s*\(|behaviou?r\s*:|-moz-binding|javascript\s*:|image-set|@(?:-\w+-)?keyframes",
    re.IGNORECASE,
)
_BRACE = re.compile(r"([{}])")
_SIMPLE = re.compile(r"([.#]?)(-?[A-Za-z_][\w-]*)")
_VAR = re.compile(r"var\(\s*--[\w-]+\s*(?:,([^()]*))?\)")


def url_id(text: str) -> tuple[str, str] | None:
    """(id, fallback) of ``url(#id) fallback``, or None."""
    match = _LOCAL.fullmatch(text)
    return (match[1], match[2].strip()) if match else None


def check_url(text: str, where: str) -> None:
    """Refuses ``url()`` of anything but an id of this document, and CSS escapes next to it."""
    for _, target in _URL.findall(text):
        if not target.startswith("#"):
            raise UnsafeSvgError("reference to outside the file", where, f"url({target[:40]})")


def check_css(text: str, where: str) -> str:
    """The text without comments; refuses what could load or run something."""
    if "/*" in text:
        text = _COMMENT.sub("", text)
    found = _ACTIVE.search(text)
    if found:
        raise UnsafeSvgError("active or external CSS", where, repr(found[0]))
    check_url(text, where)
    return text


def declarations(text: str) -> list[tuple[str, str, bool]]:
    """(property, value, important) of a declaration block; ``var(--x, y)`` becomes y, without y it is skipped."""
    out = []
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not name or not value or name.startswith("--"):
            continue
        important = False
        if "!" in value:
            value, _, flag = value.partition("!")
            value, important = value.strip(), flag.strip().lower() == "important"
        if "var(" in value:
            value = _VAR.sub(lambda m: (m[1] or "").strip(), value).strip()
        if value:
            out.append((name, value, important))
    return out


class Sheet:
    """All ``<style>`` elements of one document."""

    def __init__(self, max_selectors: int, max_compound: int) -> None:
        self._max_selectors, self._max_compound = max_selectors, max_compound
        self._order = 0
        # one simple selector -> {property: (specificity, order, important, value)}
        self._simple: dict[str, dict[str, tuple[tuple[bool, int, int], str]]] = {}
        self._compound: list[tuple[frozenset[str], dict[str, tuple[tuple[bool, int, int], str]]]] = []
        self._memo: dict[tuple[str, str, str], list[tuple[str, str, bool]]] = {}

    def add(self, text: str, where: str) -> None:
        text = check_css(text.replace("<!--", "").replace("-->", ""), where)
        for selectors, body in _rules(text):
            found = declarations(body)
            for selector in selectors.split(","):
                self._rule(selector.strip(), found, where)

    def _rule(self, selector: str, found: list[tuple[str, str, bool]], where: str) -> None:
        parts = _parts(selector)
        if parts is None or not found:
            return
        self._order += 1
        if self._order > self._max_selectors:
            raise BudgetError("style selectors", where, f"at most {self._max_selectors}")
        weight = sum(100 if p[0] == "#" else 10 if p[0] == "." else 0 if p == "*" else 1 for p in parts)
        if len(parts) == 1:
            target = self._simple.setdefault(parts[0], {})
        else:
            if len(self._compound) >= self._max_compound:
                raise BudgetError("compound style rules", where, f"at most {self._max_compound}")
            target = {}
            self._compound.append((frozenset(parts), target))
        for name, value, important in found:
            rank = (important, weight, self._order)
            if name not in target or target[name][0] <= rank:
                target[name] = (rank, value)

    def match(self, element: str, classes: str, ident: str) -> list[tuple[str, str, bool]]:
        """The declarations that hold for an element, each property once."""
        key = (element, classes, ident)
        if key not in self._memo:
            keys = {"*", element, *["." + c for c in classes.split()]}
            if ident:
                keys.add("#" + ident)
            self._memo[key] = self._best(keys)
        return self._memo[key]

    def _best(self, keys: set[str]) -> list[tuple[str, str, bool]]:
        best: dict[str, tuple[tuple[bool, int, int], str]] = {}
        hits: Iterable[dict[str, tuple[tuple[bool, int, int], str]]] = [
            self._simple[k] for k in keys if k in self._simple
        ]
        for rules in [*hits, *[rules for need, rules in self._compound if need <= keys]]:
            for name, entry in rules.items():
                if name not in best or best[name][0] < entry[0]:
                    best[name] = entry
        return [(name, value, rank[0]) for name, (rank, value) in best.items()]


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """(selectors, body) of each plain rule; at-rules are stepped over with all they contain. One pass, no
    backtracking."""
    depth, prelude = 0, ""
    for piece in _BRACE.split(text):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            prelude = piece.rsplit(";", 1)[-1].strip()
        elif depth == 1 and not prelude.startswith("@"):
            yield prelude, piece


def _parts(selector: str) -> list[str] | None:
    """["path", ".a", "#b"] of ``path.a#b``; None for a selector that is not supported."""
    if selector == "*":
        return ["*"]
    parts, at = [], 0
    while at < len(selector):
        match = _SIMPLE.match(selector, at)
        if match is None or (at > 0 and not match[1]):
            return None
        parts.append(match[1] + match[2])
        at = match.end()
    return parts or None
