"""One training on one machine, from a corpus to weights: the judge, IconLM, or one after the other.

    python -m svggen.training.run --pack pack.npz --out DIR --recipe full --judge-seconds 100 --seconds 440

Contract. ``packed_corpus`` gives the packed corpus of a Parquet or an ``.npz`` file, ``made`` what it is trained with
beside that (pictures and text vectors, kept in a folder under a name that changes with the pack), ``learn_judge`` and
``learn_iconlm`` train and return the file of weights. ``mnemicon train`` and this program are made of them; the program
needs numpy, torch, safetensors, onnxruntime, tokenizers, Pillow and resvg, nothing else of Mnemicon's, and can write
large files in shards below 16 MB (``shards``; ``join`` puts them together and checks the digest). Errors: CorpusError,
WeightsError.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svggen.errors import CorpusError

if TYPE_CHECKING:
    from svggen.training.pack import Pack

__all__ = [
    "Made",
    "best_device",
    "join",
    "learn_iconlm",
    "learn_judge",
    "made",
    "main",
    "packed_corpus",
    "shards",
    "trained_judge",
]

Log = Callable[[str], None]

SHARD = 15_900_000


def shards(path: Path, size: int = SHARD) -> list[Path]:
    """Cuts a file into ``NAME.00``, ``NAME.01`` ... beside it and writes ``NAME.json`` with its digest."""
    data = path.read_bytes()
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    written = []
    for n, part in enumerate(parts):
        written.append(path.with_name(f"{path.name}.{n:02}"))
        written[-1].write_bytes(part)
    about = {"parts": [p.name for p in written], "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    path.with_name(f"{path.name}.json").write_text(json.dumps(about), encoding="utf-8")
    return written


def join(about: Path, out: Path) -> None:
    """Puts shards together; raises CorpusError where a part is missing or the digest is another."""
    try:
        facts = json.loads(about.read_text(encoding="utf-8"))
        data = b"".join((about.parent / name).read_bytes() for name in facts["parts"])
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(f"{about}: shards cannot be joined: {error}") from error
    if hashlib.sha256(data).hexdigest() != facts["sha256"]:
        raise CorpusError(f"{about}: the joined shards do not have the digest that was written with them")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    beside.write_bytes(data)
    beside.replace(out)


# ---------------------------------------------------------------------------------------------------- what is learned


@dataclass(frozen=True)
class Made:
    """A packed corpus and what is made of it: pictures uint8 (N, 64, 64, 3); texts float16 (phrases + words, 384)."""

    pack: Pack
    pictures: Any
    texts: Any
    words: tuple[str, ...]


def packed_corpus(source: Path, work: Path, *, log: Log = print) -> Pack:
    """source: a packed corpus (.npz), or the Parquet file of one, which is packed as ``work/pack.npz``; drawings that
    are in there already are not made again."""
    from svggen.training.pack import Pack, pack

    if source.suffix == ".npz":
        return Pack.load(source)
    from svggen.training.corpus import load

    return pack(load(source), work / "pack.npz", log=log)


def made(packed: Pack, work: Path, *, log: Log = print) -> Made:
    """Pictures and text vectors of a pack, from ``work`` where they are there."""
    import numpy as np

    from svggen.training.pack import pictures, text_vectors, words_of

    name = hashlib.sha256(packed.tokens.tobytes() + "\n".join(packed.phrases).encode()).hexdigest()[:12]
    words = words_of(packed.phrases)
    kept = []
    for what, count, make in (
        ("pictures", len(packed), lambda: pictures(packed)),
        ("texts", len(packed.phrases) + len(words), lambda: text_vectors([*packed.phrases, *words])),
    ):
        path = work / f"{what}-{name}.npy"
        if not path.exists():
            began = time.perf_counter()
            log(f"making {count:,} {what}")
            work.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{os.getpid()}.npy")
            np.save(beside, make())
            beside.replace(path)
            log(f"{count:,} {what} made in {time.perf_counter() - began:.0f} s")
        kept.append(np.load(path, mmap_mode="c"))  # private: torch warns of what cannot be written to
        if len(kept[-1]) != count:
            raise CorpusError(f"{path} holds {len(kept[-1]):,} {what} where {count:,} are due: remove it")
    return Made(packed, kept[0], kept[1], words)


def best_device() -> str:
    """cuda where there is one, else cpu."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def trained_judge(path: Path) -> Any:
    """The judge of a file as a torch net; WeightsError where it is none."""
    from svggen.judge.weights import read
    from svggen.training.judge_net import load_net

    read(path, None)
    return load_net(path)


def learn_judge(
    of: Made, out: Path, *, recipe: Any = "full", seconds: float | None = None, device: str = "cuda", log: Log = print
) -> Path:
    """Trains the judge; a run that was cut off in ``out`` goes on."""
    from svggen.training.judge import JudgeData, train_judge

    packed = of.pack
    data = JudgeData(
        pictures=of.pictures, texts=of.texts[: len(packed.phrases)], text_of=(packed.text_starts, packed.text_ids),
        concept=packed.concept, group=packed.group, family=packed.family, train=packed.train,
    )  # fmt: skip
    train_judge(data, recipe=recipe, seconds=seconds, device=device, out=out, log=log)
    return out / "judge.safetensors"


def learn_iconlm(
    of: Made, judge: Path, out: Path, *, recipe: Any = "full", seconds: float | None = None, device: str = "cuda",
    start: Path | None = None, log: Log = print,
) -> Path:  # fmt: skip
    """Trains IconLM, with the judge of a file as its eye; a run that was cut off in ``out`` goes on."""
    from svggen.training.iconlm import make_data, train_iconlm

    eye = trained_judge(judge)
    data = make_data(of.pack, of.pictures, of.texts, of.words, eye, device)
    train_iconlm(data, eye, recipe=recipe, seconds=seconds, device=device, out=out, start=start, log=log)
    return out / "iconlm.safetensors"


# -------------------------------------------------------------------------------------------------------- the program


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="where pictures and text vectors are kept (default: --out)")
    parser.add_argument("--recipe", default="full", choices=("full", "cpu"))
    parser.add_argument("--device", help="cuda or cpu (default: cuda where there is one)")
    parser.add_argument("--judge", type=Path, help="a trained judge")
    parser.add_argument("--start", type=Path, help="an exported IconLM to go on from")
    parser.add_argument("--judge-seconds", type=float)
    parser.add_argument("--seconds", type=float, help="of IconLM's training")
    parser.add_argument("--only-judge", action="store_true")
    parser.add_argument("--shards", action="store_true", help="write large files in shards too")
    options = parser.parse_args(arguments)
    device, out, work = options.device or best_device(), options.out, options.work or options.out
    out.mkdir(parents=True, exist_ok=True)
    of = made(packed_corpus(options.pack, work, log=_log), work, log=_log)
    judge = options.judge
    if judge is None:
        judge = learn_judge(of, out, recipe=options.recipe, seconds=options.judge_seconds, device=device, log=_log)
    if options.only_judge:
        return
    weights = learn_iconlm(
        of, judge, out, recipe=options.recipe, seconds=options.seconds, device=device, start=options.start, log=_log
    )
    if options.shards:
        for file in (weights, weights.with_name("iconlm-best.safetensors")):
            for part in shards(file):
                _log(f"{part} {part.stat().st_size:,} bytes")
            file.unlink()


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    main()
