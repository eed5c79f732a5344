"""``doctor``: what is installed, which parts are live, what is missing and how to get it.

Contract. Each part is tried, not guessed at: the library is opened, a text is embedded, an icon is drawn by every
renderer, the home is written to. Nothing is changed but an empty file that comes and goes. Exit 0 when everything that
``draw`` needs works, else 2.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from agent.cli.errors import BAD_INPUT, DONE, explain
from agent.cli.options import Home, Json, settings
from agent.cli.output import Screen

NEEDED = (
    "langgraph",
    "langgraph-checkpoint-sqlite",
    "mem0ai",
    "qdrant-edge-py",
    "qdrant-client",
    "onnxruntime",
    "tokenizers",
    "numpy",
    "scipy",
    "lxml",
    "pillow",
    "cairosvg",
    "skia-python",
    "resvg",
    "typer",
    "rich",
    "safetensors",
)
OPTIONAL = {
    "fastapi": "serving a model: pip install 'mnemicon[serve]'",
    "fastmcp": "a tool for other agents: pip install 'mnemicon[mcp]'",
    "fonttools": "export as a font: pip install 'mnemicon[export]'",
    "langchain": "chat models that draw or understand: pip install 'mnemicon[chat]'",
    "langgraph-checkpoint-postgres": "sessions in Postgres: pip install 'mnemicon[postgres]'",
    "nicegui": "the web page: pip install 'mnemicon[ui]'",
    "peft": "fine-tuning: pip install 'mnemicon[finetune]'",
    "ray": "serving on several machines: pip install 'mnemicon[ray]'",
    "sentence-transformers": "other text embedders: pip install 'mnemicon[embedders]'",
    "torch": "the published models, and training: pip install 'mnemicon[gpu]'",
    "transformers": "the published models: pip install 'mnemicon[gpu]'",
}
REINSTALL = "pip install --force-reinstall mnemicon"


@dataclass(frozen=True)
class Part:
    """One thing that was tried. state: "ok", "missing" or "broken"; needed: does ``draw`` need it?"""

    name: str
    state: str
    detail: str
    fix: str = ""
    needed: bool = True
    seconds: float = 0.0


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(home: Home = None, as_json: Json = False) -> int:
    """What is installed, which parts are live, what is missing and how to get it."""
    screen = Screen(as_json=as_json)
    folder = settings(home).home
    packages = [*(_package(name, "", needed=True) for name in NEEDED)]
    packages += [_package(name, fix, needed=False) for name, fix in OPTIONAL.items()]
    trials: list[tuple[str, Callable[[], str], str]] = [
        ("icon library", _library, REINSTALL),
        ("text embedder", _embedder, REINSTALL),
        ("judge", _judge, REINSTALL),
        ("iconlm", _iconlm, REINSTALL),
        ("renderer skia", lambda: _renderer("SkiaRenderer"), "pip install skia-python"),
        ("renderer resvg", lambda: _renderer("ResvgRenderer"), "pip install resvg"),
        (
            "renderer cairo",
            lambda: _renderer("CairoRenderer"),
            "pip install cairosvg; it needs libcairo (apt: libcairo2)",
        ),
        ("home", lambda: _home(folder), "choose another with --home or MNEMICON_HOME"),
        ("memory", lambda: _memory(folder), "choose another home with --home or MNEMICON_HOME"),
    ]
    parts: list[Part] = []
    with screen.progress("looking", total=len(trials)) as steps:
        for name, trial, fix in trials:
            steps.step(name)
            parts.append(_try(name, trial, fix))
            steps.advance()
    healthy = all(part.state == "ok" for part in (*packages, *parts) if part.needed)
    screen.data(
        {
            "healthy": healthy,
            "version": _version("mnemicon"),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "home": str(folder),
            "packages": {part.name: part.detail or None for part in packages},
            "parts": [part.__dict__ for part in parts],
            "missing": [{"name": p.name, "how": p.fix} for p in (*packages, *parts) if p.state != "ok"],
        }
    )
    _print(screen, folder, packages, parts, healthy)
    return DONE if healthy else BAD_INPUT


def _print(screen: Screen, folder: Path, packages: list[Part], parts: list[Part], healthy: bool) -> None:
    screen.line(f"mnemicon {_version('mnemicon')} · Python {platform.python_version()} · home {folder}", "bold")
    screen.table(("package", "version"), ((p.name, p.detail or p.state) for p in packages))
    screen.table(("part", "state", "", "s"), ((p.name, p.state, p.detail, f"{p.seconds:.2f}") for p in parts))
    for part in (*packages, *parts):
        if part.state != "ok":
            screen.line(f"{part.name} is {part.state}: {part.fix}", "red" if part.needed else "yellow")
    screen.line("everything that draw needs works" if healthy else "draw will not work before that is mended")


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _package(name: str, fix: str, *, needed: bool) -> Part:
    found = _version(name)
    return Part(name, "ok" if found else "missing", found, fix or f"pip install {name}", needed)


def _try(name: str, trial: Callable[[], str], fix: str) -> Part:
    started = time.perf_counter()
    try:
        detail, state = trial(), "ok"
    except Exception as error:  # a doctor reports every failure, whatever its kind
        detail, state = explain(error).message, "broken"
    return Part(name, state, detail, "" if state == "ok" else fix, seconds=round(time.perf_counter() - started, 3))


def _library() -> str:
    from memory.errors import LibraryError
    from memory.library import open_library

    library = open_library()
    if library.judged_fault:
        raise LibraryError(library.judged_fault)
    numbers: dict[str, Any] = library.stats()
    sets = numbers.get("sets", 0)
    return f"{numbers.get('icons', 0):,} icons of {sets if isinstance(sets, int) else len(sets)} sets"


def _embedder() -> str:
    from memory.embedding import MODEL_SHA256, default_embedder

    embedder = default_embedder()
    cup, mug, plane = embedder.embed(["coffee cup", "mug", "airplane"])
    if not cup @ mug > cup @ plane:
        raise RuntimeError(f"airplane is nearer to coffee cup than mug ({cup @ plane:.2f} > {cup @ mug:.2f})")
    return f"{embedder.name}, {embedder.dims} dimensions, sha256 {MODEL_SHA256[:12]}"


def _judge() -> str:
    from svggen.icon import Circle, Icon, Look, Shape
    from svggen.judge import default_judge

    judge = default_judge()
    ring = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), Look(fill="none", stroke="currentColor", stroke_width=2)),))
    vector = judge.see([ring]).concept[0]
    circle, calendar = (float(vector @ text) for text in judge.text(["circle", "calendar"]))
    if not circle > calendar:
        raise RuntimeError(f"it finds a ring more like a calendar ({calendar:.2f}) than like a circle ({circle:.2f})")
    return f"trained on {judge.facts.get('train_icons', 0):,} icons"


def _iconlm() -> str:
    from svggen.models import DrawRequest
    from svggen.models.iconlm import IconLM

    model = IconLM(samples=1)
    (draft,) = model.generate(DrawRequest("circle", n=1))
    if draft.icon is None:
        raise RuntimeError("it draws nothing for 'circle'")
    return f"draws; weights {model.revision}"


def _renderer(name: str) -> str:
    import svggen.render
    from svggen.icon import Circle, Icon, Look, Shape

    dot = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 6), Look()),))
    pixels = getattr(svggen.render, name)().render(dot, 24, color="#000000", background=None)
    share = float(pixels[..., 3].mean()) / 255
    if not 0.17 < share < 0.23:  # a circle of radius 6 covers 0.196 of a 24 x 24 square
        raise RuntimeError(f"a circle covers {share:.3f} of the canvas, not 0.196")
    return "draws"


def _home(folder: Path) -> str:
    there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = folder / f".doctor-{os.urandom(4).hex()}"
    probe.write_bytes(b"")
    probe.unlink()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if there else 0
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize if hasattr(os, "statvfs") else 0
    return f"writable, {size / 1e6:.1f} MB used, {free / 1e9:.1f} GB free"


def _memory(folder: Path) -> str:
    """Remembers and recalls in a store of its own below the home, so that disk, locks and indexes are those of the real
    one; then reads the real one."""
    import shutil

    from memory import Statement, Tenant, open_memory

    trial = folder / f".doctor-{os.urandom(4).hex()}"
    trial.mkdir()
    try:
        memory = open_memory(trial)
        try:
            memory.remember(Tenant("doctor"), [Statement("style.stroke_width", 1.5, "", "1.5px strokes")])
            found = memory.preferences(Tenant("doctor"))
        finally:
            memory.close()
    finally:
        shutil.rmtree(trial)
    if [preference.value for preference in found] != [1.5]:
        raise RuntimeError("it does not give back what was remembered")
    memory = open_memory(folder)
    try:
        known = memory.preferences(Tenant("default"))
    finally:
        memory.close()
    return f"remembers and unlocks; {len(known)} preferences of the default user"
