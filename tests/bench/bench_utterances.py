"""Understanding: chat messages as people type them, in English and Chinese, against what they must be read as.

    python tests/bench/bench_utterances.py [--verbose] [--split SPLIT] [--group GROUP] [--library] [--with MODULE:NAME]

Each line of ``utterances.jsonl`` is a message with what is shown while it is said (``context``) and the slots of the
Brief that it must give (``expect``; a slot that is not named must be empty). All are by one author, who wrote the rules
too; unknown users will fare worse, and the splits tell how much:

    development  rules were changed for these. 185 were drawn by lot, half of each group of the first 374 messages; the
                 others came in batches as the rules grew. Whole messages right when a batch was first read: English
                 0.82, 0.64, 0.78, 0.52, 0.66, 0.76; Chinese 0.95, 0.95, 0.80, 0.94, 0.77
    held-out     the other half of the first 374, written before the rules; no rule was changed for one of them
    unseen       written after all rules, in words that none of the others use; no rule was changed for these either

    slots   of the slots that are filled in what was expected or in what was understood, the share that is equal
    whole   messages of which every slot is equal
    asked   messages that are answered with a question back / of these, how many should have been
    memory  messages that would have changed memory (stated, forgotten, accepted, rejected) though they must not

``--library``: a phrase that the library does not know is asked about before it is drawn, as in a session. ``--with``
measures another understander: a function (text, BriefContext) -> Brief. Words left over and notes are not compared, nor
the reason of a rejection (the user's own words).
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent.brief import Brief, BriefContext, drawable, understand

FILE = Path(__file__).with_name("utterances.jsonl")
Row: TypeAlias = dict[str, Any]
Understander: TypeAlias = Callable[[str, BriefContext], Brief]
PLAIN = ("kind", "subject", "pick", "described", "back", "accepts", "project", "question", "about")
LISTS = ("picks", "avoid", "forget")
LITTLE = frozenset(("a", "an", "the"))


def by_rules(text: str, context: BriefContext) -> Brief:
    return understand(text, context=context)


def with_library(text: str, context: BriefContext) -> Brief:
    return understand(text, context=replace(context, knows=drawable))


def read_rows(path: Path = FILE) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def slots_of(brief: Brief) -> dict[str, Any]:
    """The slots that are filled, in the form that ``expect`` has them."""
    out: dict[str, Any] = {name: getattr(brief, name) for name in PLAIN}
    out |= {name: list(getattr(brief, name)) for name in LISTS}
    out["style"] = brief.style.to_dict()
    out["edits"] = [str(edit) for edit in brief.edits]
    out["statements"] = {s.slot: list(s.value) if isinstance(s.value, tuple) else s.value for s in brief.statements}
    out["scope"] = next((s.scope for s in brief.statements if s.scope), None)
    return filled(out)


def filled(slots: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, articles and order of no meaning."""
    out = {k: v for k, v in slots.items() if v is not None and v is not False and v not in ("", [], {})}
    for name in ("described", "back", "subject"):
        if name in out:
            out[name] = " ".join(w for w in str(out[name]).lower().split() if w not in LITTLE)
    if "edits" in out:
        out["edits"] = [" ".join(w for w in str(edit).split() if w not in LITTLE) for edit in out["edits"]]
    for name in ("edits", "avoid", "forget"):
        if name in out:
            out[name] = sorted(out[name])
    return out


def touched(slots: dict[str, Any]) -> set[str]:
    """What a message does to memory."""
    out = {f"{slot}={value}" for slot, value in slots.get("statements", {}).items()} | set(slots.get("forget", ()))
    return (
        out
        | ({slots["kind"]} if slots["kind"] in ("accept", "reject") else set())
        | ({"accept"} if slots.get("accepts") else set())
    )


@dataclass
class Score:
    """right, slots: counts of slots. whole, messages: counts of messages. asked, rightly: questions back.
    stored: changes of memory that nobody asked for."""

    right: int = 0
    slots: int = 0
    whole: int = 0
    messages: int = 0
    asked: int = 0
    rightly: int = 0
    stored: int = 0
    by_slot: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, got: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
        """The slots that differ."""
        names = sorted(got.keys() | wanted.keys())
        wrong = [name for name in names if got.get(name) != wanted.get(name)]
        for name in names:
            self.by_slot[name][0] += name not in wrong
            self.by_slot[name][1] += 1
        self.right += len(names) - len(wrong)
        self.slots += len(names)
        self.whole += not wrong
        self.messages += 1
        self.stored += bool(touched(got) - touched(wanted))
        if got["kind"] == "ask_back":
            self.asked += 1
            self.rightly += wanted["kind"] == "ask_back"
        return wrong

    @property
    def exact(self) -> float:
        return self.right / max(1, self.slots)


def measure(rows: Iterable[Row], reader: Understander = by_rules) -> tuple[dict[tuple[str, str], Score], list[str]]:
    """(language, split) -> score, and one line for each message that was read otherwise than expected."""
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    wrong: list[str] = []
    for row in rows:
        got = slots_of(reader(row["text"], BriefContext(**row["context"])))
        wanted = filled(row["expect"])
        differ = scores[row["lang"], row["split"]].add(got, wanted)
        if differ:
            said = {k: (got.get(k), "expected", wanted.get(k)) for k in differ}
            wrong.append(f"{row['split']} {row['group']}: {row['text']!r}: {said}")
    return scores, wrong


def show(scores: dict[tuple[str, str], Score]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=max(120, Console().width))
    table = Table(title=f"{sum(s.messages for s in scores.values())} messages")
    for head in ("language", "split", "messages", "slots", "whole", "asked", "memory"):
        table.add_column(head)
    for (lang, split), score in sorted(scores.items()):
        whole = f"{score.whole / score.messages:.3f}"
        asked = f"{score.asked} / {score.rightly}"
        table.add_row(lang, split, str(score.messages), f"{score.exact:.3f}", whole, asked, str(score.stored))
    console.print(table)
    slots = Table(title="right / filled, by slot")
    slots.add_column("slot")
    keys = sorted(scores)
    for lang, split in keys:
        slots.add_column(f"{lang} {split}")
    for name in sorted({n for s in scores.values() for n in s.by_slot}):
        slots.add_row(name, *("{} / {}".format(*scores[k].by_slot[name]) for k in keys))
    console.print(slots)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--verbose", action="store_true", help="what was read otherwise, of the split")
    parser.add_argument("--split", help="only one split", choices=("development", "held-out", "unseen"))
    parser.add_argument("--library", action="store_true", help="ask about what the library does not know")
    parser.add_argument("--group", help="only the messages of one group")
    parser.add_argument("--with", dest="other", help="MODULE:NAME of another understander")
    arguments = parser.parse_args()
    reader = with_library if arguments.library else by_rules
    if arguments.other:
        module, _, name = arguments.other.partition(":")
        reader = getattr(importlib.import_module(module), name)
    rows = [r for r in read_rows() if arguments.group in (None, r["group"]) and arguments.split in (None, r["split"])]
    start = time.perf_counter()
    scores, wrong = measure(rows, reader)
    seconds = time.perf_counter() - start
    if arguments.verbose:
        print("\n".join(wrong))
    show(scores)
    print(f"{seconds / max(1, len(rows)) * 1000:.2f} ms a message")


if __name__ == "__main__":
    main()
