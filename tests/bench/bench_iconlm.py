"""IconLM: how fast it is decoded beside plain ``model.generate`` of the same weights, and whether it is recognised.

    python tests/bench/bench_iconlm.py [--names 80] [--prompts 6] [--report FILE]

Speed. The same prompts, temperature, top-p and greatest length for all rows; ours on one thread, torch on as many as it
takes (two here).

    ours            svggen.models.iconlm: prompt once, n = 8 in one batch, grammar mask, matrices in int8
    ours, exact     the same in float32
    generate        transformers' LlamaForCausalLM of the same weights (to_llama): one icon after the other, key-value
                    cache, no grammar
    generate, n=8   the same with eight continuations of a prompt in one batch

``valid`` is the share whose ids decode to an icon. A row's icons/s count valid and invalid icons alike.

Recognition. The judge (``svggen/judge``) ranks the names of the validation sets by their likeness to a drawing; top-k
is the share of names that are among the k nearest to the drawing that was made for them. Two tables: the 217 names that
most validation icons bear (all of them are names in the training sets too), and names by lot among all, which are
ranked among all. Rows:

    real icons            one icon of that name from the validation sets, by lot
    library               the agent with the library model alone, for a user of whom nothing is known
    IconLM, one sample    the first of eight
    IconLM, best of 8     the one that the judge likes best: who chooses also rates, which flatters
    ... new names         of the row before, names that no training set has

``copies`` is the share of drawings that are, id for id, an icon of the training sets. The judge has learned from the
same sets, so that it knows a copy better than a new drawing, or than the real icons of sets that it never saw: where
copies are many, the rows of IconLM say how well it remembers, not how well it draws.

Needs build/train/pack.npz (``mnemicon train`` packs it), torch and transformers. ``--report`` adds the numbers to a
file for scripts/ship_iconlm.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("MEM0_TELEMETRY", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from svggen.errors import TokenError
from svggen.icon import Icon, parse
from svggen.judge import default_judge
from svggen.models.iconlm.decoder import Decoder
from svggen.models.iconlm.inputs import inputs
from svggen.models.iconlm.sampling import sample
from svggen.models.iconlm.weights import SHA256, WEIGHTS, load
from svggen.text import default_text_encoder
from svggen.tokens import vocabulary as v
from svggen.tokens.icon import decode
from svggen.tokens.prompt import PromptStyle, prompt
from svggen.training.pack import Pack

SEED = 20261123
SAMPLES, LONGEST, TEMPERATURE, TOP_P = 8, 256, 0.8, 0.95
FEW = 217


@dataclass
class Names:
    """The names of the validation sets. words: the most drawn first; rows: the validation icons of each; known: is it a
    name in the training sets?"""

    words: list[str] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)


def names_of(pack: Pack) -> Names:
    name = pack.text_ids[pack.text_starts[:-1]]
    held = np.flatnonzero(~pack.train)
    trained = set(name[pack.train].tolist())
    counts = Counter(name[held].tolist())
    out = Names()
    for one in sorted(counts, key=lambda n: (-counts[n], n)):
        out.words.append(pack.phrases[one])
        out.rows.append(held[name[held] == one])
        out.known.append(one in trained)
    return out


def asked(decoder: Decoder, name: str) -> np.ndarray:
    """What IconLM is asked with: the name, an outline icon of a user interface, of at most 96 tokens."""
    style = PromptStyle(mode="outline", kind="ui")
    return inputs(decoder.weights, prompt([name], style, size=96), default_text_encoder().embed)


# -------------------------------------------------------------------------------------------------------------- speed


def valid(ids: Sequence[int]) -> bool:
    try:
        decode(list(ids))
    except TokenError:
        return False
    return True


def ours(decoder: Decoder, given: Sequence[np.ndarray]) -> tuple[float, float]:
    """(icons/s, share valid)."""
    began, drawn = time.perf_counter(), []
    for at, x in enumerate(given):
        drawn += sample(
            decoder, x, SAMPLES, seed=at, temperature=TEMPERATURE, top_p=TOP_P, longest=LONGEST
        )  # fmt: skip
    took = time.perf_counter() - began
    return len(drawn) / took, float(np.mean([valid(one.ids) for one in drawn]))


def generated(llama: Any, given: Sequence[np.ndarray], n: int, each: int) -> tuple[float, float]:
    """(icons/s, share valid) of ``each`` calls a prompt, each of n continuations."""
    import torch

    torch.manual_seed(0)
    drawn: list[list[int]] = []
    began = time.perf_counter()
    for x in given:
        for _ in range(each):
            with torch.inference_mode():
                out = llama.generate(
                    inputs_embeds=torch.from_numpy(x)[None], attention_mask=torch.ones(1, len(x), dtype=torch.long),
                    max_new_tokens=LONGEST, do_sample=True, temperature=TEMPERATURE, top_p=TOP_P, top_k=0,
                    num_return_sequences=n, use_cache=True, pad_token_id=v.PAD,
                )  # fmt: skip
            drawn += out.tolist()
    took = time.perf_counter() - began
    return len(drawn) / took, float(np.mean([valid(ids) for ids in drawn]))


def speed(names: Names, count: int, weights: Any) -> dict[str, tuple[float, float]]:
    from svggen.training.lm_net import load_net, to_llama

    llama = to_llama(load_net(WEIGHTS))
    fast, exact = Decoder(weights), Decoder(weights, exact=True)
    given = [asked(fast, name) for name in names.words[:count]]
    ours(fast, given[:1])  # all are warm before the clock runs
    ours(exact, given[:1])
    generated(llama, given[:1], 1, 1)
    return {
        "ours, n=8": ours(fast, given),
        "ours, n=8, exact": ours(exact, given),
        "generate, one by one": generated(llama, given, 1, 2),
        "generate, n=8": generated(llama, given, SAMPLES, 1),
    }


# -------------------------------------------------------------------------------------------------------- recognition


class Library:
    """The agent with the library model alone."""

    def __init__(self, home: Path) -> None:
        from svggen.models import get_model

        self.home, self.model = home, get_model("library")

    def __call__(self, name: str) -> Icon | None:
        from agent.errors import AgentError
        from agent.tool import design_icon

        try:
            found = design_icon(name, user="nobody", home=self.home, n=4, rounds=1, seed=7, model=self.model)
        except AgentError:  # names such as "1" say nothing to the agent
            return None
        return parse(found.svg) if found.svg else None


def recognition(
    pack: Pack, names: Names, chosen: Sequence[int], among: Sequence[str], weights: Any, library: Callable[[str], Any]
) -> dict[str, list[float]]:
    """Row -> top-1, top-5, top-20 among ``among``, copies. chosen: places in ``names``, and in ``among``."""
    judge, decoder = default_judge(), Decoder(weights)
    texts = judge.text(list(among))
    trained = {tuple(pack.drawing(int(row)).tolist()) for row in np.flatnonzero(pack.train)}
    random = np.random.default_rng(SEED)
    found: dict[str, list[tuple[int, float]]] = {}

    def note(row: str, place: int, icon: Icon | None, ids: Sequence[int] = ()) -> None:
        rank = len(among)
        if icon is not None:
            near = judge.see([icon]).concept[0] @ texts.T
            rank = int((near > near[place]).sum())
        found.setdefault(row, []).append((rank, float(tuple(ids) in trained)))

    for place in track(list(chosen), "names", console=Console(stderr=True)):
        name = names.words[place]
        real = pack.drawing(int(random.choice(names.rows[place]))).tolist()
        note("real icons", place, decode(real), real)
        note("library", place, library(name))
        drawn = sample(
            decoder, asked(decoder, name), SAMPLES, seed=place, temperature=TEMPERATURE, top_p=TOP_P, longest=LONGEST
        )  # fmt: skip
        icons = [decode(one.ids) for one in drawn]
        best = int((judge.see(icons).concept @ texts[place]).argmax())
        note("IconLM, one sample", place, icons[0], drawn[0].ids)
        note("IconLM, best of 8", place, icons[best], drawn[best].ids)
        if not names.known[place]:
            note("IconLM, best of 8, new names", place, icons[best], drawn[best].ids)
    return {
        row: [*(float(np.mean([rank < k for rank, _ in ranks])) for k in (1, 5, 20)),
              float(np.mean([copy for _, copy in ranks])), float(len(ranks))]
        for row, ranks in found.items()
    }  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- tables


def speed_table(rows: dict[str, tuple[float, float]]) -> Table:
    table = Table(title=f"decoding, {os.cpu_count()} cores, at most {LONGEST} tokens")
    for column in ("", "icons/s", "valid", "times generate"):
        table.add_column(column, justify="right" if column else "left")
    plain = rows["generate, one by one"][0]
    for name, (rate, share) in rows.items():
        table.add_row(name, f"{rate:.2f}", f"{share:.0%}", f"{rate / plain:.1f}")
    return table


def recognition_table(rows: dict[str, list[float]], title: str) -> Table:
    table = Table(title=title)
    for column in ("", "top-1", "top-5", "top-20", "copies", "names"):
        table.add_column(column, justify="right" if column else "left")
    for name, values in rows.items():
        copies = "" if name in ("library", "real icons") else f"{values[3]:.3f}"
        table.add_row(name, *(f"{value:.3f}" for value in values[:3]), copies, f"{values[4]:.0f}")
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pack", type=Path, default=Path("build/train/pack.npz"))
    parser.add_argument("--names", type=int, default=80, help="of each table of recognition, 0 for none")
    parser.add_argument("--prompts", type=int, default=6, help="of the table of speeds, 0 for none")
    parser.add_argument("--report", type=Path, help="write the numbers there, for scripts/ship_iconlm.py")
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console.width = 120
    if not options.pack.is_file():
        console.print(f"no packed corpus {options.pack}: `mnemicon train iconlm` makes one; this bench is left out")
        return 0
    pack, weights = Pack.load(options.pack), load(WEIGHTS, SHA256)
    names = names_of(pack)
    report: dict[str, Any] = {"weights": weights.digest}
    if options.prompts:
        rows = speed(names, options.prompts, weights)
        console.print(speed_table(rows))
        report["speed"] = rows
    random = np.random.default_rng(SEED)
    few, count = min(FEW, len(names.words)), options.names
    lots = (
        (f"the {few} most drawn names", few, np.sort(random.choice(few, min(count, few), replace=False))),
        (f"all {len(names.words):,} names", len(names.words),
         np.sort(random.choice(len(names.words), min(count, len(names.words)), replace=False))),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        for title, among, chosen in lots if count else ():
            found = recognition(pack, names, chosen.tolist(), names.words[:among], weights, library)
            console.print(recognition_table(found, f"recognised by the judge among {title}"))
            report.setdefault("recognition", []).append({"title": title, "rows": found})
    if options.report:
        before = json.loads(options.report.read_text("utf-8")) if options.report.exists() else {}
        report = {**(before if before.get("weights") == weights.digest else {}), **report}
        part = options.report.with_name(f".{options.report.name}.part")
        part.write_text(json.dumps(report, indent=1), encoding="utf-8")
        part.replace(options.report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
