"""Sharded fine-tuning (FSDP 2) in two processes on CPUs, with tiny models: does it run to its end, and learn the same?

    python tests/bench/bench_finetune_fsdp.py

accelerate shards on accelerators only: here it is told that two CPU processes are some. What is seen that way is real:
parameters become DTensors, layers are sharded units, whole states are gathered and kept. Prints one line a run:
held-out loss before and after, sharded and in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

RUNS = (("tied", "full"), ("apart", "lora"), ("apart", "full"), ("sees", "full"))


def one(folder: Path, base: str, method: str) -> None:
    """In a process of torchrun, or alone."""
    import torch

    torch.set_num_threads(1)
    if "RANK" in os.environ:
        _as_accelerators()
    from svggen.training.finetune import Plan, finetune

    out = folder / f"{base}-{method}-{os.environ.get('WORLD_SIZE', '1')}"
    full = method == "full"
    size = 4 // int(os.environ.get("WORLD_SIZE", "1"))  # the same batches, on one process and on two
    plan = Plan(
        base=str(folder / base), data=(folder / "icons.parquet",), out=out, method="full" if full else "lora",
        batch=size, gather=1, steps=8, epochs=100, row_epochs=100, rate=5e-3, row_rate=1e-2, rank=8, side=56,
        length=1024, device="cpu", every=4,
    )  # fmt: skip
    losses = finetune(plan, log=lambda _: None).losses
    if os.environ.get("RANK", "0") == "0":
        told = ", ".join(f"{name} {loss.before:.4f} -> {loss.after:.4f}" for name, loss in losses.items())
        print(f"{base:6} {method:5} {os.environ.get('WORLD_SIZE', '1')} processes: {told} ({_sharded()})", flush=True)


def _as_accelerators() -> None:
    import accelerate.state as state
    import yaml
    from accelerate.utils import DistributedType

    from svggen.training.finetune import fsdp_config

    real = state.PartialState.__init__

    def begin(self: state.PartialState, *args: object, **kwargs: object) -> None:
        real(self, *args, **kwargs)
        if self.distributed_type == DistributedType.MULTI_CPU:
            self.distributed_type = DistributedType.MULTI_GPU

    state.PartialState.__init__ = begin  # type: ignore[method-assign]
    config = yaml.safe_load(Path(fsdp_config()).read_text(encoding="utf-8"))["fsdp_config"]
    os.environ["ACCELERATE_USE_FSDP"] = "true"
    os.environ.update({name.upper(): str(value).lower() if isinstance(value, bool) else str(value)
                       for name, value in config.items()})  # fmt: skip


def _sharded() -> str:
    if "RANK" not in os.environ:
        return "not sharded"
    from accelerate.state import AcceleratorState

    return f"{AcceleratorState().distributed_type.value} 2: {AcceleratorState().is_fsdp2}"


def main() -> None:
    if len(sys.argv) == 4:
        one(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
        return
    from tests.svggen.tiny_lm import text_base, vision_base
    from tests.tiny_corpus import write_corpus

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text_base(folder / "tied")
        text_base(folder / "apart", kind="llama", tied=False, rows=384)
        vision_base(folder / "sees")
        write_corpus(folder / "icons.parquet", copies=3)
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
        for base, method in RUNS:
            for start in (torchrun, [sys.executable]):
                subprocess.run([*start, __file__, name, base, method], check=True, env=environment)


if __name__ == "__main__":
    main()
