"""One training run on one machine, from a packed corpus to weights: the judge, then IconLM.

    python -m svggen.training.run --pack pack.npz --out DIR --recipe full --judge-seconds 100 --seconds 440

Needs numpy, torch, safetensors, onnxruntime, tokenizers, Pillow and resvg, nothing else of Mnemicon's. Pictures and text
vectors are made at the start and kept under ``--work``; ``--judge FILE`` takes a trained judge instead of training one.
Large files are also written in shards below 16 MB (``shards``; ``join`` puts them together and checks the digest).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path

__all__ = ["join", "main", "shards"]

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
    from svggen.errors import CorpusError

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
    run(options)


def log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(options: argparse.Namespace) -> None:
    import numpy as np
    import torch

    from svggen.training.iconlm import make_data, prepare, train_iconlm
    from svggen.training.judge import JudgeData, train_judge
    from svggen.training.judge_net import load_net
    from svggen.training.pack import Pack

    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    work = options.work or options.out
    options.out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    packed = Pack.load(options.pack)
    seen_at, texts_at = work / "pictures.npy", work / "texts.npy"
    ready = seen_at.exists() and texts_at.exists()
    seen, texts, words = prepare(
        packed,
        seen=np.load(seen_at, mmap_mode="r") if ready else None,
        texts=np.load(texts_at) if ready else None,
        log=log,
    )
    if not ready:
        np.save(seen_at, seen)
        np.save(texts_at, texts)
    if options.judge is None:
        data = JudgeData(
            pictures=seen, texts=texts[: len(packed.phrases)], text_of=(packed.text_starts, packed.text_ids),
            concept=packed.concept, group=packed.group, family=packed.family, train=packed.train,
        )  # fmt: skip
        judge = train_judge(
            data, recipe=options.recipe, seconds=options.judge_seconds, device=device, out=options.out, log=log
        )
        del data
    else:
        judge = load_net(options.judge)
    if options.only_judge:
        return
    lm = make_data(packed, seen, texts, words, judge, device)
    train_iconlm(
        lm, judge, recipe=options.recipe, seconds=options.seconds, device=device, out=options.out, start=options.start,
        log=log,
    )  # fmt: skip
    if options.shards:
        for part in shards(options.out / "iconlm.safetensors"):
            log(f"{part} {part.stat().st_size:,} bytes")
        (options.out / "iconlm.safetensors").unlink()


if __name__ == "__main__":
    main()
