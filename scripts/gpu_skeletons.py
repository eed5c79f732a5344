"""Measures full-size skeletons of the published models on one GPU: memory, time to load, tokens a second.

    python3 scripts/gpu_skeletons.py --out results [--seconds 300] [--only omnisvg-4b,starvector-1b] [--tiny]

Needs torch, transformers, tokenizers, numpy, Pillow and this repository; no network, no published file. The weights are
random, of the shapes in ``gpu_skeletons.toml``: speed and memory do not depend on their values. For each model a
checkpoint of the published layout is written to --work and read by our own loader; then one prompt is continued, one
row and eight, for the same number of tokens: by transformers' ``generate`` as it comes, by ours without and with the
grammar's mask. Nothing may end early: ends are made unlikely, alike for all three. Prints a table and writes
``gpu_skeletons.json``. What does not fit into --seconds is left out and said.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "svggen")]

import torch  # noqa: E402
from transformers import LogitsProcessor  # noqa: E402

from svggen.models.generation import Sampling, device_and_dtype, sampled  # noqa: E402

FACTS = tomllib.loads((ROOT / "scripts" / "gpu_skeletons.toml").read_text())
MODELS = ("omnisvg-4b", "starvector-1b", "omnisvg-8b")
BATCHES = (1, 8)
FEW = 16
WAYS = ("plain generate", "ours", "ours, mask")


@dataclass
class Measured:
    model: str
    what: str
    value: float
    unit: str


@dataclass
class Ready:
    """A loaded model and how it is asked. ends: spans of ids that would end or shorten a drawing; mask: makes the
    grammar's processor for a number of tokens; checked: says whether the ids of a row are a drawing."""

    model: Any
    inputs: dict[str, Any]
    sampling: Sampling
    eos: int
    pad: int
    ends: list[range]
    mask: Callable[[int], Any] | None
    checked: Callable[[tuple[int, ...]], bool]


class Endless(LogitsProcessor):
    """Makes ids unlikely, not impossible: a mask may leave nothing else."""

    def __init__(self, spans: list[range]) -> None:
        self._spans = spans

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        for span in self._spans:
            scores[:, span.start : span.stop] -= 1e4
        return scores


# -------------------------------------------------------------------------------------------------------------- models


def config_of(name: str, tiny: bool) -> dict[str, Any]:
    facts = FACTS[name]
    small = FACTS["tiny"][name.partition("-")[0]] if tiny else {}
    merged = {**facts, **small}
    for key, value in facts.items():
        if isinstance(value, dict) and isinstance(small.get(key), dict) and key != "rope_scaling":
            merged[key] = {**value, **small[key]}
    return merged


@contextmanager
def randomly(dtype: Any, device: str) -> Iterator[None]:
    """Modules built inside are of this type, on this device."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            torch.manual_seed(0)
            yield
    finally:
        torch.set_default_dtype(before)


def write_omnisvg(name: str, folder: Path, tiny: bool) -> None:
    from tiny_omnisvg import old_name, write_base
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    from svggen.tokens.omnisvg import layout

    facts = config_of(name, tiny)
    write_base(folder / "base", facts)
    with randomly(torch.bfloat16, device_and_dtype()[0]):
        made: Any = Qwen2_5_VLForConditionalGeneration
        model = made(Qwen2_5_VLConfig.from_dict({**facts, "vocab_size": layout(name).rows}))
    kept: dict[int, Any] = {}
    state = {
        f"transformer.{old_name(key)}": kept.setdefault(value.data_ptr(), value.cpu())
        for key, value in model.state_dict().items()
    }
    torch.save(state, folder / "pytorch_model.bin")


def read_omnisvg(name: str, folder: Path) -> Ready:
    from svggen.models.omnisvg.inputs import Prompts, caption
    from svggen.models.omnisvg.loading import load
    from svggen.models.omnisvg.mask import GrammarMask
    from svggen.models.omnisvg.model import ICON, _inputs
    from svggen.style import StyleSpec
    from svggen.tokens.omnisvg import layout, read

    loaded, form = load(name, folder, folder / "base"), layout(name)
    said = caption("calendar with a check mark", StyleSpec(mode="filled"))
    return Ready(
        loaded.model, _inputs(loaded, Prompts(), said, None), ICON, form.eos, form.pad,
        [range(form.paint, form.paint + 4098), range(form.eos, form.eos + 1)],
        lambda tokens: GrammarMask(form, tokens), lambda ids: bool(read(ids, name)),
    )  # fmt: skip


def write_starvector(name: str, folder: Path, tiny: bool) -> None:
    from tiny_starvector import Size, write

    size = Size(**config_of(name, tiny))
    write(folder, name, size=size, device=device_and_dtype()[0], words=words(size.rows))


def words(rows: int) -> Any:
    """A tokenizer with as many tokens as the model has rows: bytes, and words of two and three characters."""
    from itertools import product
    from string import ascii_lowercase, digits

    from tiny_starvector import tokenizer

    facts = json.loads(tokenizer(False).to_str())
    vocabulary = facts["model"]["vocab"]
    room = rows - len(vocabulary) - len(facts["added_tokens"])
    more = ["".join(p) for n in (2, 3) for p in product(ascii_lowercase + digits + '."-', repeat=n)]
    vocabulary |= {word: len(vocabulary) + n for n, word in enumerate(more[: room + 1])}
    for token in facts["added_tokens"]:
        if token["id"]:
            vocabulary.pop(token["content"], None)
    for n, token in enumerate([t for t in facts["added_tokens"] if t["id"]]):
        token["id"] = len(vocabulary) + n
    from tokenizers import Tokenizer

    return Tokenizer.from_str(json.dumps(facts))


def read_starvector(name: str, folder: Path) -> Ready:
    from importlib.util import find_spec

    import numpy as np

    from svggen.models.starvector.loading import BEGINNING, load
    from svggen.models.starvector.model import SAMPLING, shown

    loaded = load(name, folder)
    picture = np.full((224, 224, 3), 255, np.uint8)
    picture[60:160, 60:160] = (20, 120, 200)

    def mask(tokens: int) -> Any:
        from svggen.grammar import logits_processor

        return logits_processor(loaded.fast, after=BEGINNING, budget=tokens, eos=loaded.ends)

    def checked(ids: tuple[int, ...]) -> bool:
        from svggen.grammar import accepts

        return accepts(BEGINNING + loaded.tokenizer.decode(list(ids))).ok

    return Ready(
        loaded.net.language, shown(loaded, picture), SAMPLING[name], loaded.ends[0], loaded.pad,
        [range(n, n + 1) for n in loaded.ends], mask if find_spec("llguidance") else None, checked,
    )  # fmt: skip


WRITE = {"omnisvg": write_omnisvg, "starvector": write_starvector}
READ = {"omnisvg": read_omnisvg, "starvector": read_starvector}


# ------------------------------------------------------------------------------------------------------------ measures


class Bench:
    def __init__(self, seconds: float, tokens: int, work: Path, tiny: bool) -> None:
        self.until, self.tokens, self.work, self.tiny = time.monotonic() + seconds, tokens, work, tiny
        self.found: list[Measured] = []
        self.left_out: list[str] = []

    def note(self, model: str, what: str, value: float, unit: str) -> None:
        self.found.append(Measured(model, what, round(value, 3), unit))
        print(f"{model:14} {what:34} {value:10.2f} {unit}", flush=True)

    def room(self, what: str, seconds: float) -> bool:
        if time.monotonic() + seconds < self.until:
            return True
        self.left_out.append(what)
        print(f"left out, no time: {what}", flush=True)
        return False

    def model(self, name: str) -> None:
        if not self.room(name, 5 if self.tiny else 60):
            return
        folder = Path(tempfile.mkdtemp(dir=self.work))
        try:
            started = time.perf_counter()
            WRITE[name.partition("-")[0]](name, folder, self.tiny)
            cleared()
            self.note(name, "checkpoint written", time.perf_counter() - started, "s")
            size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
            self.note(name, "checkpoint", size / 1e9, "GB")
            started = time.perf_counter()
            ready = READ[name.partition("-")[0]](name, folder)
            waited()
            self.note(name, "loaded", time.perf_counter() - started, "s")
            self.note(name, "memory, loaded", memory(), "GB")
            self.speeds(name, ready)
        finally:
            shutil.rmtree(folder)
        del ready
        cleared()

    def speeds(self, name: str, ready: Ready) -> None:
        for way in WAYS[1:]:
            once(ready, way, 1, 16)  # kernels are chosen and loaded, tables are made
        longest = 0.0
        for batch in BATCHES:
            for way in WAYS:
                if way == "ours, mask" and ready.mask is None:
                    continue
                what = f"{way}, batch {batch}"
                if not self.room(f"{name}: {what}", 1.5 * longest):
                    continue
                reset_peak()
                first, begun = once(ready, way, batch, FEW)
                all_, rows = once(ready, way, batch, self.tokens)
                steps = max(map(len, rows)) - max(map(len, begun))
                longest = max(longest, first + all_)
                self.note(name, f"{what}: speed", sum(map(len, rows)) / all_, "tokens/s")
                self.note(name, f"{what}: a step", (all_ - first) / max(1, steps) * 1000, "ms")
                self.note(name, f"{what}: peak memory", memory(peak=True), "GB")
                if way == "ours, mask":
                    self.note(name, f"{what}: are drawings", sum(map(ready.checked, rows)) / len(rows) * 100, "%")
        if self.room(f"{name}: the same again", longest):
            again = [once(ready, WAYS[2] if ready.mask else WAYS[1], 8, 48)[1] for _ in range(2)]
            self.note(name, "the same again, batch 8", 100.0 * (again[0] == again[1]), "%")


def once(ready: Ready, way: str, batch: int, tokens: int) -> tuple[float, list[tuple[int, ...]]]:
    """(seconds, new ids of each row)."""
    from dataclasses import replace

    sampling = replace(ready.sampling, max_new_tokens=tokens)
    endless = Endless(ready.ends)
    waited()
    started = time.perf_counter()
    if way == "plain generate":
        rows = plainly(ready, sampling, batch, endless)
    else:
        masks = [ready.mask(tokens)] if way.endswith("mask") and ready.mask else []
        found = sampled(
            ready.model, ready.inputs, sampling, n=batch, seed=1, seconds=600, eos=ready.eos, pad=ready.pad,
            processors=[endless, *masks],
        )  # fmt: skip
        rows = [row.ids for row in found]
    waited()
    return time.perf_counter() - started, rows


def plainly(ready: Ready, sampling: Sampling, batch: int, endless: Endless) -> list[tuple[int, ...]]:
    known = ready.inputs.get("input_ids")
    torch.manual_seed(1)
    with torch.inference_mode():
        out = ready.model.generate(
            **ready.inputs, do_sample=True, temperature=sampling.temperature, top_p=sampling.top_p,
            top_k=sampling.top_k, repetition_penalty=sampling.repetition_penalty, num_return_sequences=batch,
            max_new_tokens=sampling.max_new_tokens, eos_token_id=ready.eos, pad_token_id=ready.pad,
            logits_processor=[endless],
        )  # fmt: skip
    skip = 0 if known is None else known.shape[1]
    return [tuple(row) for row in out[:, skip:].tolist()]


def waited() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def cleared() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def reset_peak() -> None:
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def memory(*, peak: bool = False) -> float:
    """GB of the GPU's memory; 0 without one."""
    if not torch.cuda.is_available():
        return 0.0
    return (torch.cuda.max_memory_allocated() if peak else torch.cuda.memory_allocated()) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for gpu_skeletons.json")
    parser.add_argument("--seconds", type=float, default=300.0, help="nothing is begun that will not end within them")
    parser.add_argument("--tokens", type=int, default=192, help="new tokens a row")
    parser.add_argument("--only", default=",".join(MODELS), help="models, separated by commas")
    parser.add_argument("--work", type=Path, default=None, help="folder for the checkpoints (up to 17 GB at a time)")
    parser.add_argument("--tiny", action="store_true", help="small stand-ins: tries the script itself")
    given = parser.parse_args()
    import transformers

    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.work) as work:
        bench = Bench(given.seconds, given.tokens, Path(work), given.tiny)
        for name in given.only.split(","):
            bench.model(name)
    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "CPU"
    report = {
        "device": device, "torch": torch.__version__, "transformers": transformers.__version__, "tiny": given.tiny,
        "tokens": given.tokens, "measured": [asdict(m) for m in bench.found], "left_out": bench.left_out,
    }  # fmt: skip
    (given.out / "gpu_skeletons.json").write_text(json.dumps(report, indent=1))
    print(f"{device}, torch {torch.__version__}, transformers {transformers.__version__}")


if __name__ == "__main__":
    main()
