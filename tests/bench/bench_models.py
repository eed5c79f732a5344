"""What IconLM is worth in set continuation: the library alone, IconLM alone, both with the critic choosing, and "auto".

The task is that of ``bench_sets.py``: eight icons of a validation set are owned, other concepts of it are asked for by
name. Measured against the set's own icons:

    style         StyleSpec distance to the set's measured style, 0 (same) .. 1
    judge style   the judge's style score: share of real icons that sit less well in their own set
    judge top-5   is the asked name among the 5 of the asked names' and members' names that the judge finds nearest?
    ink top-5     is the set's own icon of that name among the 5 of its icons that are most like the drawing (blurred
                  ink and edges, ``bench_sets.pictures``)? An eye that none of the models was chosen by
    of IconLM     share of the answers that IconLM drew
    seconds       median, warm

The judge also ranks IconLM's candidates and has a voice in the critic: its columns flatter what it chose. The rows
"unknown" are the asks for which the library says that it has nothing.

Run:  python tests/bench/bench_models.py [--corpus DIR] [--groups NAME ...] [--asks 8] [--out DIR]
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("MEM0_TELEMETRY", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from bench_sets import GROUPS, MEMORY_ICONS, SEED, SET_SAMPLE, load_group, pictures
from rich.console import Console
from rich.progress import track
from rich.table import Table

from svggen import style as st
from svggen.geometry import fit_canvas
from svggen.icon import Icon, icon_id, parse
from svggen.judge import default_judge
from svggen.models import Draft, DrawRequest, get_model
from svggen.render import contact_sheet

ARMS = ("library", "iconlm", "both", "auto")


class Both:
    """Library and IconLM draw side by side; whoever looks at the candidates chooses."""

    name, revision = "both", "1"

    def __init__(self) -> None:
        self.models = (get_model("library"), get_model("iconlm"))

    def generate(self, request: DrawRequest) -> list[Draft]:
        return [draft for model in self.models for draft in model.generate(request) if draft.icon is not None]

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)


@dataclass
class Answer:
    """What one arm drew for one subject."""

    icon: Icon
    by: str
    knows: bool
    seconds: float


def ask(subject: str, user: str, home: Path, model: Any) -> Answer | None:
    from agent.tool import design_icon

    began = time.perf_counter()
    result = design_icon(subject, user=user, home=home, n=4, rounds=2, seed=7, model=model)
    took = time.perf_counter() - began
    if not result.svg:
        return None
    return Answer(fit_canvas(parse(result.svg)), result.model, result.passed, took)


def run_group(corpus: Path, name: str, asks: int, home: Path, models: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for each subject and arm."""
    from memory.memory import open_memory
    from memory.records import Exemplar, Tenant

    group = load_group(corpus, name)
    rng = random.Random(f"{SEED}/{name}")
    subjects = sorted(group.icons)
    if len(subjects) < MEMORY_ICONS + asks + 20:
        return []
    rng.shuffle(subjects)
    owned, asked = subjects[:MEMORY_ICONS], subjects[MEMORY_ICONS : MEMORY_ICONS + asks]
    others = subjects[MEMORY_ICONS + 20 :][:SET_SAMPLE]
    user = f"set-{name}"
    memory = open_memory(home)
    memory.add_exemplars(
        Tenant(user),
        [
            Exemplar(icon_id(group.icons[s]), s, group.icons[s], tuple(s.split()), f"set {name}", "validation",
                     "2026-11-23T00:00:00Z")
            for s in owned
        ],
    )  # fmt: skip
    memory.close()
    members = [group.icons[s] for s in [*owned, *others]]
    truth = st.measure_set(members)
    gallery = [*asked, *others]
    drawn = pictures([group.icons[s] for s in gallery])
    judge = default_judge()
    mean = judge.see(members).style.mean(0)
    mean /= np.linalg.norm(mean)
    words = judge.text(gallery)
    rows = []
    for i, subject in enumerate(asked):
        answers = {arm: ask(subject, user, home, models[arm]) for arm in ARMS}
        known = answers["library"] is not None and answers["library"].knows
        answers["real"] = Answer(group.icons[subject], "real", True, 0.0)
        for arm, answer in answers.items():
            row: dict[str, Any] = {"group": name, "subject": subject, "arm": arm, "known": known, "drawn": 0.0}
            if answer is not None:
                seen = judge.see([answer.icon])
                near = seen.concept[0] @ words.T
                like = (pictures([answer.icon]) @ drawn.T)[0]
                row |= {
                    "drawn": 1.0,
                    "icon": answer.icon,
                    "style": st.distance(st.measure(answer.icon), truth.spec),
                    "judge style": judge.score("style", float(seen.style[0] @ mean)),
                    "judge top-5": float((near > near[i]).sum() < 5),
                    "ink top-5": float((like > like[i]).sum() < 5),
                    "of IconLM": float(answer.by == "iconlm"),
                    "passed": float(answer.knows),
                    "seconds": answer.seconds,
                }
            rows.append(row)
    return rows


def table(rows: list[dict[str, Any]], title: str) -> Table:
    columns = ("style", "judge style", "judge top-5", "ink top-5", "passed", "of IconLM", "seconds", "drawn")
    out = Table(title=title)
    out.add_column("arm")
    for column in columns:
        out.add_column(column, justify="right")
    for arm in (*ARMS, "real"):
        some = [row for row in rows if row["arm"] == arm]
        values = []
        for column in columns:
            found = [row[column] for row in some if column in row]
            middle = np.median if column == "seconds" else np.mean
            values.append(f"{middle(found):.3f}" if found else "-")
        out.add_row(arm, *values)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--groups", nargs="*", default=list(GROUPS))
    parser.add_argument("--asks", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path("build/bench/models"))
    options = parser.parse_args()
    console = Console(width=130)
    if not options.corpus.is_dir():
        console.print(f"no icon corpus at {options.corpus}; `make corpus` fetches it, or name it with --corpus")
        raise SystemExit(2)
    options.out.mkdir(parents=True, exist_ok=True)
    models = {"library": get_model("library"), "iconlm": get_model("iconlm"), "both": Both(), "auto": get_model("auto")}
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as home:
        for name in track(options.groups, "groups", console=Console(stderr=True)):
            found = run_group(options.corpus, name, options.asks, Path(home), models)
            rows += found
            items = [(r["icon"], f"{r['arm']}: {r['subject']}") for r in found if "icon" in r]
            if items:
                (options.out / f"{name}.png").write_bytes(contact_sheet(items, columns=10, title=name))
    asked = len({(r["group"], r["subject"]) for r in rows})
    unknown = [r for r in rows if not r["known"]]
    console.print(table(rows, f"Set continuation, {len(options.groups)} styles, {asked} asks an arm"))
    console.print(table(unknown, f"of these, unknown to the library: {len(unknown) // 5} asks"))
    console.print(f"contact sheets in {options.out}")


if __name__ == "__main__":
    main()
