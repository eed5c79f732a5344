"""The grammar of safe icons: how much of real icon sets it takes, how fast it reads, what its mask costs a token.

    python tests/bench/bench_grammar.py [--corpus DIR] [--sets lucide,tabler,ph,...] [--rows 8]

DIR holds the JSON files of ``@iconify/json`` (default: $MNEMICON_CORPUS, else build/corpus/package/json). Every icon of
each set is written in its canonical form (``svggen.icon.serialise``) and put to llguidance and to lark; kB/s is of CPU
time. The mask is computed for each token of 90 of these icons, as a model would write them, over the vocabularies of
bpe-openai (a stand-in for those of open models: voyage3_base has 151,643 words and splits numbers into digits, as
Qwen2.5 does). The last row is the whole ``GrammarProcessor`` with torch, a row's share of a step.

Measured on two busy cores: Lucide 1,928 of 1,928, Tabler 6,268 of 6,268, Phosphor 9,161 of 9,161 (fluent-color, which
has masks, 812 of 890); llguidance reads 1,500 to 1,700 kB/s, lark 2,500 to 3,200. A mask over 160,259 words takes 18
microseconds (median; 95 %: 38); the whole processor 350 a row and step on one core, most of it torch's own masking of
150,000 logits.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from svggen.errors import SvgGenError
from svggen.grammar import accepts, grammar_text
from svggen.icon import parse_iconify, serialise

SETS = "lucide,tabler,ph,mdi,carbon,fluent-color"
VOCABULARIES = ("voyage3_base", "cl100k_base")


def canonical(corpus: Path, name: str) -> list[str]:
    """Every icon of a set that can be read, in its canonical form."""
    data = json.loads((corpus / f"{name}.json").read_text())
    width, height = data.get("width", 16), data.get("height", 16)
    out = []
    for icon in data["icons"].values():
        box = (icon.get("width", width), icon.get("height", height), icon.get("left", 0), icon.get("top", 0))
        try:
            out.append(serialise(parse_iconify(icon["body"], *box)))
        except SvgGenError:
            continue
    return out


def acceptance(texts: list[str], by: Any) -> tuple[int, float]:
    """(how many are accepted, kB of text read a second of CPU time)."""
    accepts(texts[0], by=by)
    began = time.process_time()
    good = sum(accepts(text, by=by).ok for text in texts)
    return good, sum(map(len, texts)) / 1000 / max(1e-9, time.process_time() - began)


def masks(encoding: Any, texts: list[str]) -> list[float]:
    """Microseconds of each mask over the encoding's vocabulary, for the tokens of the texts."""
    from llguidance import LLMatcher, LLTokenizer

    table = LLTokenizer.from_tiktoken(  # type: ignore[attr-defined]
        encoder=encoding._mergeable_ranks, special_tokens=encoding._special_tokens, pattern=encoding._pat_str,
        eos_token=encoding.eot_token, n_vocab=None, slices=None,
    )  # fmt: skip
    matcher = LLMatcher(table, grammar_text())
    times = []
    for text in texts:
        matcher.reset()
        for token in encoding.encode(text):
            began = time.perf_counter()
            matcher.compute_bitmask()
            times.append((time.perf_counter() - began) * 1e6)
            if not matcher.consume_token(token):
                raise RuntimeError(matcher.get_error())
    return sorted(times)


def processor(texts: list[str], rows: int) -> float:
    """Microseconds of a row and step of the whole processor, over a byte-level BPE that is stretched to 150,000 rows
    of logits."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    from svggen.grammar import logits_processor

    torch.set_num_threads(1)  # small work: more threads only wait for each other
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=4000, special_tokens=["</s>"], initial_alphabet=alphabet)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="</s>")
    ids = [tokenizer.encode(t)[:100] for t in texts if len(tokenizer.encode(t)) >= 100][:rows]
    batch = torch.tensor((ids * rows)[:rows])
    scores = torch.zeros(rows, 150_000)
    mask = logits_processor(tokenizer)
    mask(batch[:, :0], scores)
    began = time.perf_counter()
    for step in range(1, 100):
        mask(batch[:, :step], scores)
    return (time.perf_counter() - began) * 1e6 / 99 / rows


def rows_of(name: str, texts: list[str]) -> Iterator[str]:
    yield name
    yield f"{len(texts):,}"
    for by in ("llguidance", "lark"):
        good, speed = acceptance(texts, by)
        yield f"{good / len(texts):.2%}"
        yield f"{speed:,.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--rows", type=int, default=8)
    options = parser.parse_args()
    if not (options.corpus / "lucide.json").is_file():
        print(
            f"no icon sets in {options.corpus}: npm pack @iconify/json, unpack it, name its json folder with --corpus"
        )
        return 2
    console = Console()
    table = Table(title="canonical icons in the grammar")
    for column in ("", "icons", "llguidance", "kB/s", "lark", "kB/s"):
        table.add_column(column, justify="left" if not column else "right")
    sample: list[str] = []
    for name in options.sets.split(","):
        texts = canonical(options.corpus, name)
        table.add_row(*rows_of(name, texts))
        if name in ("lucide", "tabler", "ph"):
            sample += [t for t in texts[:: max(1, len(texts) // 30)] if accepts(t).ok][:30]
    console.print(table)
    table = Table(title="the mask, microseconds a token")
    for column in ("", "words", "tokens", "mean", "median", "95 %", "most"):
        table.add_column(column, justify="left" if not column else "right")
    try:
        from bpe_openai import get_encoding
    except ImportError:
        console.print("pip install bpe-openai for the vocabularies")
        return 0
    for name in VOCABULARIES:
        encoding = get_encoding(name)
        times = masks(encoding, sample)
        at = [statistics.mean(times), times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]]
        table.add_row(name, f"{encoding.n_vocab:,}", f"{len(times):,}", *(f"{t:.0f}" for t in at))
    table.add_row(
        f"processor, {options.rows} rows", "150,000", "", f"{processor(sample, options.rows):.0f}", "", "", ""
    )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
