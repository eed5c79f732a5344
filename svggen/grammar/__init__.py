"""The grammar of a safe icon as SVG text: what a model may write, and whether a text is that.

Contract. ``svg.lark`` beside this file is the one source. ``grammar_text()`` gives it to a server (vLLM:
``extra_body={"structured_outputs": {"grammar": grammar_text()}}``, with the guidance backend), ``logits_processor`` to
a local transformers model, ``accepts`` asks it about a text. What it accepts, ``svggen.icon.parse`` never refuses as
unsafe (it may find nothing drawn in it, or that it is too large in all).

Of the icons of Lucide (1,928), Tabler (6,268) and Phosphor (9,161) in their canonical form it accepts every one; a mask
over a vocabulary of 160,000 costs about 20 microseconds a token (``tests/bench/bench_grammar.py``).

``accepts`` asks llguidance, where it is installed, else lark; both say the same, but lark names the place where the
element or command began that breaks the grammar, llguidance the very character. Neither is needed to draw.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from svggen.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svggen.grammar.constrain import GrammarProcessor

__all__ = ["BEGINNING", "Verdict", "accepts", "grammar_text", "logits_processor", "sha256"]

BEGINNING = "<svg"
"""What a prompt may give already: a grammar ``after`` it accepts what follows."""
_FILE = Path(__file__).with_name("svg.lark")


@dataclass(frozen=True, slots=True)
class Verdict:
    """at: index of the first character that does not fit, the length of the text where it ends too early, None where
    it is accepted. expected: what could stand there instead, as characters (llguidance) or terminals (lark)."""

    ok: bool
    at: int | None = None
    expected: tuple[str, ...] = ()


@cache
def grammar_text(after: str = "") -> str:
    """The Lark file. after: "" for a whole document, ``BEGINNING`` for what follows it."""
    text = _FILE.read_text(encoding="utf-8")
    if not after:
        return text
    if after != BEGINNING:
        raise ValueError(f"a grammar after {after!r:.40}: only {BEGINNING!r} can have been written already")
    return text.replace('start: "<svg" ROOT', "start: ROOT", 1)


@cache
def sha256() -> str:
    """Of the grammar's file, in hex: servers that keep grammars of their own can compare."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()


def accepts(text: str, *, by: Literal["llguidance", "lark"] | None = None) -> Verdict:
    """Is the text a safe icon? by: who is to say it (None: llguidance, else lark); ModelError where none is
    installed."""
    who = by or next((name for name in ("llguidance", "lark") if find_spec(name) is not None), None)
    if who is None or find_spec(who) is None:
        raise ModelError(f"{who or 'llguidance'} is not installed: pip install 'mnemicon[gpu]'")
    return _by_llguidance(text) if who == "llguidance" else _by_lark(text)


def logits_processor(
    tokenizer: Any, *, after: str = "", budget: int | None = None, eos: int | Sequence[int] | None = None
) -> GrammarProcessor:
    """For ``generate(logits_processor=[...])`` of a transformers model, one call: see ``GrammarProcessor``."""
    from svggen.grammar.constrain import GrammarProcessor

    return GrammarProcessor(tokenizer, after=after, budget=budget, eos=eos)


# --------------------------------------------------------------------------------------------------------- the readers


@lru_cache(maxsize=1)
def _matcher() -> Any:
    """llguidance over single bytes, at the beginning of a document."""
    from llguidance import LLMatcher, LLTokenizer

    matcher = LLMatcher(LLTokenizer("byte"), grammar_text())
    if matcher.is_error():
        raise ModelError(f"llguidance cannot read the grammar: {matcher.get_error():.200}")
    return matcher


def _by_llguidance(text: str) -> Verdict:
    matcher = _matcher().deep_copy()
    data = text.encode("utf-8", "replace")
    good = matcher.validate_tokens(list(data))
    matcher.consume_tokens(list(data[:good]))
    if good == len(data) and matcher.is_accepting():
        return Verdict(True)
    mask = matcher.compute_bitmask()
    expected = tuple(chr(b) for b in range(128) if mask[b >> 3] >> (b & 7) & 1)
    return Verdict(False, len(data[:good].decode("utf-8", "ignore")), expected)


@lru_cache(maxsize=1)
def _lark() -> Any:
    from lark import Lark

    return Lark(grammar_text(), parser="lalr")


def _by_lark(text: str) -> Verdict:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        _lark().parse(text)
    except UnexpectedCharacters as error:
        return Verdict(False, error.pos_in_stream, tuple(sorted(error.allowed or ())))
    except UnexpectedToken as error:
        at = len(text) if error.token.type == "$END" else error.pos_in_stream
        return Verdict(False, at, tuple(sorted(map(str, error.expected))))
    return Verdict(True)
