"""The grammar of safe icons: what it takes, what it refuses and where, and that its two readers agree."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svggen import grammar
from svggen.errors import BudgetError, InvalidSvgError, ModelError
from svggen.grammar import BEGINNING, accepts, grammar_text, sha256
from svggen.icon import parse, serialise

pytest.importorskip("llguidance")
pytest.importorskip("lark")

DATA = Path(__file__).parents[1] / "svg"
ITEM = '<path d="M0 0L1 1"/>'
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'


@cache
def canonical() -> tuple[str, ...]:
    """Icons of many sets, without the few that have clips or masks."""
    texts = [serialise(parse(path.read_bytes())) for path in sorted((DATA / "real").glob("*.svg"))]
    return tuple(t for t in texts if "url(#c" not in t and "url(#m" not in t)


def test_canonical_icons_are_in_it() -> None:
    assert len(canonical()) > 50
    for text in canonical():
        assert accepts(text).ok and accepts(text, by="lark").ok, text
        assert accepts(serialise(parse(text), pretty=True).rstrip("\n")).ok, text


def test_gradients_are_in_it_and_clips_are_not() -> None:
    gradients = serialise(parse((DATA / "gradients.svg").read_bytes()))
    assert "<defs>" in gradients and accepts(gradients).ok and accepts(gradients, by="lark").ok
    clips = serialise(parse((DATA / "clips.svg").read_bytes()))
    assert not accepts(clips).ok and not accepts(clips, by="lark").ok


@pytest.mark.parametrize(
    "inner",
    [
        '<path d="M3 3h9v9H3z"/>',
        '<path d="M 3,3 L 9,9 L 12 -3.5 Z" fill="none" stroke="#FF8800"/>',
        '<path d="m1 1a2 2 0 014-2a2 2 0 1 0 4 2"/>',
        '<path d="M1 1c1-2 3-4 5-6 1 1 2 2 3 3s4-4 5-5q1 1 2 2t3 3"/>',
        '<g fill="none" stroke="currentColor">\n  <circle cx="1" cy="2" r="3"/>\n</g>\n',
        '<rect width="4" height="5" rx="1" transform="rotate(45 12 12) scale(2)"/>',
        '<polygon points="1,2 3,4 5,6" fill="url(#a)" fill-rule="evenodd" clip-rule="evenodd" opacity=".5"/>',
        '<line x1="1" y1="2" x2="3" y2="4" stroke-linecap="round" stroke-dasharray="1 2.5"/>',
    ],
)
def test_what_models_write_is_in_it(inner: str) -> None:
    assert accepts(f"{OPEN}{inner}</svg>").ok and accepts(f"{OPEN}{inner}</svg>", by="lark").ok


@pytest.mark.parametrize(
    ("inner", "good"),
    [
        ("<script>", "<"),
        ('<circle cx="1" cy="2" r="3" onload="x"/>', '<circle cx="1" cy="2" r="3" o'),
        ('<use href="#a"/>', "<"),
        ('<image href="a.png"/>', "<"),
        ("<style>", "<"),
        ("<text>", "<"),
        ("<foreignObject>", "<"),
        ("hello", ""),
        ("<!-- x -->", "<"),
        ("&lt;", ""),
        ('<path d="M0 0L1 1" fill="url(http://x)"/>', '<path d="M0 0L1 1" fill="url('),
        ('<path d="M0 0L1 1" style="fill:red"/>', '<path d="M0 0L1 1" st'),
        ('<path d="M0 0L1 1" fill="none" fill="none"/>', '<path d="M0 0L1 1" fill="none" fill'),
        ('<path d="L1 1"/>', '<path d="'),
        ('<path d="M0 0"/>', '<path d="M0 0'),
        ('<path d="M0 0L1"/>', '<path d="M0 0L1'),
        ('<path d="M0 0A1 1 0 2 0 3 3"/>', '<path d="M0 0A1 1 0 '),
        ("<g><g>", "<g><"),
        ("</svg><svg>", "</svg>"),
    ],
)
def test_what_is_refused_is_refused_at_its_first_character(inner: str, good: str) -> None:
    text = f"{OPEN}{ITEM}"
    verdict, other = accepts(f"{text}{inner}"), accepts(f"{text}{inner}", by="lark")
    assert not verdict.ok and verdict.at == len(text) + len(good), f"{text}{inner}"[: verdict.at]
    assert not other.ok and other.at is not None and other.at <= verdict.at
    if inner[len(good) :]:
        assert inner[len(good)] not in verdict.expected
    assert good == "</svg>" or verdict.expected


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE svg><svg viewBox="0 0 9 9">', '<?xml version="1.0"?><svg', " <svg", "<SVG"]
)
def test_nothing_stands_before_the_root(head: str) -> None:
    assert not accepts(head).ok and accepts(head).at in (0, 1)
    assert accepts(head, by="lark").at == 0


def test_an_unfinished_text_says_so() -> None:
    for by in ("llguidance", "lark"):
        verdict = accepts(OPEN, by=by)  # type: ignore[arg-type]
        assert (verdict.ok, verdict.at) == (False, len(OPEN)) and verdict.expected
    assert accepts(f'{OPEN}<path d="M0 0L').at == len(OPEN) + 14


def test_it_is_bounded() -> None:
    line, item = "L1 1", '<circle cx="1" cy="1" r="1"/>'
    for by in ("llguidance", "lark"):
        for count, ok in ((255, True), (256, False)):
            assert accepts(f'{OPEN}<path d="M0 0{line * count}"/></svg>', by=by).ok is ok  # type: ignore[arg-type]
        for count, ok in ((48, True), (49, False)):
            assert accepts(f"{OPEN}{item * count}</svg>", by=by).ok is ok  # type: ignore[arg-type]
        assert not accepts(f'{OPEN}<path d="M0 0L10000 1"/></svg>', by=by).ok  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_both_readers_agree_on_damaged_icons(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(canonical()))
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 12))
    put = data.draw(
        st.sampled_from(["", " ", "0", "-", ",", ".5", '"', "/>", "L", "A", "1 1", "\n", "é", "<g>", "z", "e9"])
    )
    changed = text[:at] + put + text[at + length :]
    one, other = accepts(changed, by="llguidance"), accepts(changed, by="lark")
    assert one.ok is other.ok, changed
    if not one.ok:
        assert one.at is not None and other.at is not None and other.at <= one.at <= len(changed)


def random_walk(seed: int) -> str:
    """A document drawn from the grammar at random, byte by byte; cut short where it grows long."""
    pick = random.Random(seed)
    matcher = grammar._matcher().deep_copy()
    out = bytearray()
    while len(out) < 1500:
        mask = matcher.compute_bitmask()
        allowed = [b for b in range(128) if mask[b >> 3] >> (b & 7) & 1]
        if not allowed:
            break
        ends = [b for b in allowed if b in b'">/<' and pick.random() < 0.4]
        byte = pick.choice(ends or allowed)
        matcher.consume_token(byte)
        out.append(byte)
    return out.decode()


@pytest.mark.parametrize("seed", range(40))
def test_nothing_in_it_is_unsafe(seed: int) -> None:
    text = random_walk(seed)
    assert not re.search(r"script|<image|<use|href|style|foreign|\bon\w+=|&|<!|<\?", text)
    if accepts(text).ok:
        assert accepts(text, by="lark").ok, text
        try:
            icon = parse(text)
        except InvalidSvgError as error:
            assert "well-formed" not in str(error), text
        except BudgetError as error:
            assert "numbers are finite" in str(error), text
        else:
            assert parse(serialise(icon)) == icon


def test_random_walks_finish_often_enough_to_say_something() -> None:
    assert sum(accepts(random_walk(seed)).ok for seed in range(40)) >= 10


def test_the_grammar_after_a_beginning() -> None:
    from llguidance import LLMatcher, LLTokenizer

    rest = LLMatcher(LLTokenizer("byte"), grammar_text(BEGINNING))
    text = canonical()[0].encode()
    assert rest.consume_tokens(list(text[4:])) and rest.is_accepting()
    assert not LLMatcher(LLTokenizer("byte"), grammar_text(BEGINNING)).validate_tokens(list(text))
    with pytest.raises(ValueError, match="only '<svg'"):
        grammar_text("<svg xmlns")


def test_it_names_itself() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", sha256())


def test_without_a_reader_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"llguidance is not installed: pip install 'mnemicon\[gpu\]'"):
        accepts("<svg")
    with pytest.raises(ModelError, match="lark is not installed"):
        accepts("<svg", by="lark")


def test_where_llguidance_is_missing_lark_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "find_spec", lambda name: name if name == "lark" else None)
    monkeypatch.setattr(grammar, "_by_llguidance", lambda text: pytest.fail("asked"))
    assert accepts(canonical()[0]).ok and not accepts("<svg>").ok
