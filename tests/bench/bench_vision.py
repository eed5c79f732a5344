"""Does asking a language model that sees make the critic better? Pairs of an icon and the same icon with one fault.

    MNEMICON_LLM=openai:gpt-5-mini python tests/bench/bench_vision.py [--n 24] [--verbose]
    python tests/bench/bench_vision.py --scripted 0.9

For each of ``--n`` descriptions an icon is drawn with what ships, and spoiled in one way at a time:

    another     an icon of another description
    no mark     the subject without its mark, its slash or its frame
    tiny        drawn at a third of its size, so that nothing is left of it at 16 px
    cut off     moved by a third of the canvas, so that a part is cut off
    two colours half of its shapes in red, where one colour was asked for

The critic scores both, told that both are as sure. "without": the share of pairs in which the good icon scores higher
without the model (a tie counts half); "with": the same with its answers. "alarms": questions that it answers wrongly of
icons that are as they were asked for. The setting ``vision`` is worth its seconds where "with" is clearly above
"without"; else it is to be left off.

``--scripted SHARE`` measures no model: a script knows what is wrong with each picture and answers that share of the
questions right, the others wrong. It says nothing about language models, but how good one must be to be worth asking.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from rich.console import Console
from rich.table import Table

from agent.critic import critique
from agent.eye import look
from agent.llm import Llm, open_llm
from agent.parts import close_parts
from agent.questions import SIZES, Verdict, look_closely, picture_of, questions, weight
from agent.settings import load
from agent.tool import design_icon
from svggen.geometry import compose, scaling, transform_icon, translation
from svggen.icon import Icon, parse
from svggen.models.base import Draft
from svggen.style import StyleSpec
from svggen.words import Scene, parse_words

PHRASES = tuple(
    "calendar with a check mark|bell crossed out|user in a circle|cloud with rain|folder with a plus|wifi off|"
    "mail with a check mark|shield with a lock|microphone off|cart with a minus|heart in a square|key in a shield|"
    "camera with a cross|file with an arrow down|eye crossed out|phone with a dot|map pin with a plus|"
    "house in a circle|trash with a cross|book with an exclamation mark|star in a hexagon|database with a plus|"
    "battery with a minus|message with a question mark".split("|")
)
WANTED = StyleSpec(stroke_width=2.0, cap="round", join="round", mode="outline", palette=("currentColor",))
RED = "#dd1111"


@dataclass(frozen=True)
class Pair:
    fault: str
    phrase: str
    good: Icon
    bad: Icon


def pairs(n: int) -> Iterator[Pair]:
    drawn = [(phrase, icon) for phrase in PHRASES[:n] if (icon := draw(phrase)) is not None]
    for i, (phrase, good) in enumerate(drawn):
        name = parse_words(phrase).subject.name
        spoiled = {
            "another": drawn[(i + 7) % len(drawn)][1],
            "no mark": draw(name),
            "cut off": transform_icon(good, translation(9, 5)),
            "two colours": half_red(good),
            "tiny": transform_icon(good, compose(translation(8, 8), scaling(1 / 3, 1 / 3))),
        }
        for fault, bad in spoiled.items():
            if bad is not None and bad != good:
                yield Pair(fault, phrase, good, bad)


@cache
def draw(words: str) -> Icon | None:
    """As the agent draws it without memory and without a language model."""
    with tempfile.TemporaryDirectory() as home:
        drawn = design_icon(words, home=home, style=WANTED, n=1, rounds=1)
    close_parts()
    return parse(drawn.svg) if drawn.svg else None


def half_red(icon: Icon) -> Icon:
    shapes = [
        replace(s, look=replace(s.look, **{k: RED for k in ("stroke", "fill") if getattr(s.look, k) == "currentColor"}))
        if at % 2
        else s
        for at, s in enumerate(icon.shapes)
    ]
    return replace(icon, shapes=tuple(shapes))


def score(icon: Icon, scene: Scene) -> float:
    seen = look([icon], scene.phrase)
    draft = Draft(icon, "bench", "1", 0, 1.0)
    return critique(icon, draft=draft, wanted=WANTED, scene=scene, looked=seen[0] if seen else None).score


@dataclass
class Tally:
    pairs: int = 0
    without: float = 0.0
    with_: float = 0.0
    unanswered: int = 0


def measure(llm: Llm, n: int, *, verbose: bool) -> tuple[dict[str, Tally], list[int], list[float]]:
    """(fault -> tally, [wrong, answered] of the good icons, seconds of each call)."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    alarms, seconds = [0, 0], []
    known: dict[str, Verdict] = {}
    for pair in pairs(n):
        scene = parse_words(pair.phrase)
        start = time.perf_counter()
        if pair.phrase not in known:
            known[pair.phrase] = look_closely(llm, [pair.good], scene)[0]
            alarms[0] += len(known[pair.phrase].wrong)
            alarms[1] += known[pair.phrase].answered
        good, bad = known[pair.phrase], look_closely(llm, [pair.bad], scene)[0]
        seconds.append(time.perf_counter() - start)
        a, b = score(pair.good, scene), score(pair.bad, scene)
        tally = tallies[pair.fault]
        tally.pairs += 1
        tally.without += better(a, b)
        tally.with_ += better(a * weight(good), b * weight(bad))
        tally.unanswered += not bad.answered
        if verbose:
            faults = [q.key for q in bad.wrong]
            print(f"{pair.fault:12} {pair.phrase:32} {a:.3f} {b:.3f} sees {faults} {bad.note}")
    return tallies, alarms, seconds


def better(good: float, bad: float) -> float:
    return 0.5 if abs(good - bad) < 1e-6 else float(good > bad)


WRONG = {
    "another": frozenset(("subject", "mark", "container", "slash", "companion", "detail", "other", "whole", "small")),
    "no mark": frozenset(("mark", "container", "slash", "companion", "whole")),
    "tiny": frozenset(("small",)),
}
"""Questions that have the wrong answer, by fault."""


class Knowing(BaseChatModel):
    """Knows the fault of each picture in a row of questions (``_key``), and is wrong by lot."""

    faults: dict[str, tuple[str, str]]
    share: float

    @property
    def _llm_type(self) -> str:
        return "knowing"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **more: Any
    ) -> ChatResult:
        parts: Any = messages[-1].content
        asked = list(json.loads(parts[0]["text"])["questions"].values())
        key = _key(base64.b64decode(parts[1]["base64"]), asked)
        phrase, fault = self.faults[key]
        given = []
        for number, question in enumerate(questions(parse_words(phrase)), 1):
            true = question.right is not (question.key in WRONG.get(fault, ()))
            honest = random.Random(f"{key} {number}").random() < self.share
            given.append({"number": number, "answer": "yes" if true is honest else "no"})
        message = AIMessage(json.dumps({"answers": given}))
        return ChatResult(generations=[ChatGeneration(message=message)])


def scripted(share: float, n: int) -> Llm:
    faults: dict[str, tuple[str, str]] = {}
    for pair in pairs(n):
        asked = [q.text for q in questions(parse_words(pair.phrase))]
        faults[_key(picture_of(pair.bad, SIZES[0]), asked)] = (pair.phrase, pair.fault)
        faults[_key(picture_of(pair.good, SIZES[0]), asked)] = (pair.phrase, "")
    return Llm(Knowing(faults=faults, share=share))


def _key(picture: bytes, asked: list[str]) -> str:
    return hashlib.sha256(picture + "\n".join(asked).encode()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=len(PHRASES))
    parser.add_argument("--scripted", type=float, metavar="SHARE", help="no language model: a script, so often right")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    configured = load()
    os.environ.update(MNEMICON_LLM="", MNEMICON_VISION="false")  # the icons are drawn without it
    llm = open_llm(configured.llm, seconds=configured.llm_seconds)
    if options.scripted is not None:
        llm = scripted(options.scripted, options.n)
    if llm is None:
        raise SystemExit("set MNEMICON_LLM to a model that sees, such as openai:gpt-5-mini, or give --scripted 0.9")
    tallies, alarms, seconds = measure(llm, options.n, verbose=options.verbose)
    table = Table(title=f"{sum(t.pairs for t in tallies.values())} pairs, seen by {llm.name}")
    for head in ("fault", "pairs", "without", "with", "not answered"):
        table.add_column(head)
    for fault, t in tallies.items():
        shares = (f"{x / t.pairs:.3f}" for x in (t.without, t.with_))
        table.add_row(fault, str(t.pairs), *shares, str(t.unanswered))
    every = [sum(getattr(t, name) for t in tallies.values()) for name in ("pairs", "without", "with_", "unanswered")]
    table.add_row("all", str(every[0]), *(f"{x / every[0]:.3f}" for x in every[1:3]), str(every[3]))
    Console().print(table)
    print(f"alarms: {alarms[0]} of {alarms[1]} answers about good icons; {np.median(seconds):.2f} s a pair (median)")
    if options.scripted is not None:
        print(f"scripted: what a model would gain that answers {options.scripted:.0%} rightly; none was asked")


if __name__ == "__main__":
    main()
