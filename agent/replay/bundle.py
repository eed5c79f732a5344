"""A bundle: the folder that a recording lies in, to be read, compared and kept under version control.

    manifest.json    format, versions, renderer, grammar, models and their revisions, settings, clock, seeds, and the
                     sha256 of every other file and of itself; written last
    session.jsonl    one line for each call, and one for each request that it made of a model, of memory, of the judge;
                     icons, kept drawings and earlier turns that it needed
    memory.jsonl     what memory held when the recording began, as its own export writes it, vectors rounded
    pictures/        pictures that were given, by their sha256

Contract. ``write_bundle`` makes the folder beside its place and renames it: it is there whole or not at all.
``read_bundle`` gives a ``Bundle`` whose every file is the one that was recorded, or raises BundleError: what is wrong
(missing, half-written, altered, of a newer version), where, and what to do. Everything in it is data from outside: SVG
is read by ``svggen.safety``, memory's records by memory's own gate.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from agent.errors import BundleError
from agent.replay.tape import ASKED, Line, canonical, key_of, read_lines, write_line

__all__ = ["FORMAT", "MANIFEST", "SESSION", "Bundle", "facts", "is_bundle", "read_bundle", "write_bundle"]

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SESSION: Final = "session.jsonl"
MEMORY: Final = "memory.jsonl"
_PICTURE = re.compile(r"pictures/[0-9a-f]{64}")
MAX_FILE: Final = 512_000_000
"""Bytes of a file that is read."""
PACKAGES: Final = (
    "mnemicon", "langgraph", "langchain-core", "mem0ai", "qdrant-edge-py", "numpy", "scipy", "pillow", "skia-python",
    "resvg", "cairosvg", "tokenizers", "onnxruntime",
)  # fmt: skip
AGAIN: Final = "record it again"


@dataclass
class Bundle:
    """A recording that has been read. memory: records of ``memory.transfer``, each with its "user"."""

    path: Path
    manifest: dict[str, Any]
    lines: list[Line]
    memory: list[dict[str, Any]]
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def calls(self) -> list[Line]:
        return self.of("call")

    def of(self, seam: str) -> list[Line]:
        return [line for line in self.lines if line["seam"] == seam]

    @cached_property
    def icons(self) -> dict[str, str]:
        """id -> SVG of the icons that lines name."""
        return {str(line["id"]): str(line["svg"]) for line in self.of("icon")}

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.manifest.get("settings") or {})

    @cached_property
    def clock(self) -> datetime:
        return time_of(self.manifest.get("clock"), "the manifest's clock")

    def picture(self, digest: str) -> bytes:
        if digest not in self.pictures:
            raise BundleError(f"{self.path}: the picture {digest[:12]} is missing")
        return self.pictures[digest]

    def other_versions(self) -> list[str]:
        """What was another version then than now, one line each."""
        was, now = self.manifest.get("versions") or {}, versions()
        return [f"{k} was {v}, now it is {now[k]}" for k, v in was.items() if k in now and now[k] != v]


def time_of(value: Any, what: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BundleError(f"{what} is no time: {value!r:.40}") from error
    if found.tzinfo is None:
        raise BundleError(f"{what} has no time zone: {value!r:.40}")
    return found


def is_bundle(path: Path) -> bool:
    return (path / MANIFEST).is_file()


# --------------------------------------------------------------------------------------------------------------- facts


@cache
def versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    out = {}
    for name in PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out


def facts() -> dict[str, Any]:
    """What of this installation a drawing depends on: versions, renderer, grammar."""
    from svggen.render import default_renderer

    found = versions()
    renderer = str(getattr(default_renderer(), "name", type(default_renderer()).__name__))
    package = {"skia": "skia-python", "cairo": "cairosvg"}.get(renderer, renderer)
    grammar = Path(__file__).resolve().parents[2] / "svggen" / "grammar" / "svg.lark"
    return {
        "versions": found,
        "renderer": f"{renderer} {found.get(package, '')}".strip(),
        "grammar": hashlib.sha256(grammar.read_bytes()).hexdigest() if grammar.is_file() else None,
    }


# ------------------------------------------------------------------------------------------------------------- writing


def write_bundle(
    path: Path, lines: Iterable[Line], memory: Sequence[Mapping[str, Any]], pictures: Mapping[str, bytes],
    about: Mapping[str, Any], *, replace: bool = False,
) -> Path:  # fmt: skip
    """about: of the manifest, all but what is counted here. BundleError where there is something else at ``path``, or
    a bundle and ``replace`` is False; OSError where the disk refuses."""
    path = path.absolute()
    check_place(path, replace=replace)
    files = {
        SESSION: "".join(map(write_line, lines)).encode("utf-8", "surrogatepass"),
        MEMORY: "".join(map(write_line, memory)).encode("utf-8", "surrogatepass"),
        **{f"pictures/{digest}": data for digest, data in sorted(pictures.items())},
    }
    manifest = {
        "format": FORMAT,
        **about,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    manifest["sha256"] = _digest(manifest)
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    made = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    made.mkdir(parents=True)
    try:
        for name, data in files.items():
            target = made / name
            target.parent.mkdir(exist_ok=True)
            with target.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        _publish(made, path)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return path


def check_place(path: Path, *, replace: bool) -> None:
    """May a bundle be written here?"""
    if not os.path.lexists(path):
        return
    if not path.is_dir() or not (is_bundle(path) or not any(path.iterdir())):
        raise BundleError(f"{path} is there already and is no bundle: choose another name")
    if not replace and is_bundle(path):
        raise BundleError(f"{path} is there already: choose another name, or replace it (--force, replace=True)")


def _publish(made: Path, path: Path) -> None:
    """The finished folder gets its name; one that was there before goes once the new one stands."""
    if not path.exists():
        made.rename(path)
        return
    aside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.old")
    path.rename(aside)
    try:
        made.rename(path)
    except OSError:
        aside.rename(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in manifest.items() if k != "sha256"}).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------------------- reading


def read_bundle(path: Path | str) -> Bundle:
    path = Path(path)
    manifest = _manifest(path)
    names = manifest["files"]
    files = {name: _file(path, name, str(digest)) for name, digest in names.items()}
    lines = [_line(line, number) for number, line in enumerate(read_lines(files[SESSION], SESSION), 1)]
    memory = list(read_lines(files[MEMORY], MEMORY))
    wrong = next((i for i, r in enumerate(memory, 1) if not isinstance(r.get("user"), str)), None)
    if wrong is not None:
        raise BundleError(f"{path / MEMORY} line {wrong} says not whose it is")
    pictures = {name.partition("/")[2]: data for name, data in files.items() if name.startswith("pictures/")}
    for digest, data in pictures.items():
        if hashlib.sha256(data).hexdigest() != digest:
            raise BundleError(f"{path}: the picture {digest[:12]} is not the one that was given")
    return Bundle(path, manifest, lines, memory, pictures)


def _manifest(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise BundleError(f"there is no bundle {path}: check the name, or make it with mnemicon record")
    if not path.is_dir():
        raise BundleError(f"{path} is a file: a bundle is a folder")
    if not is_bundle(path):
        half = (path / SESSION).exists() or (path / MEMORY).exists()
        raise BundleError(
            f"{path} is half-written, its {MANIFEST} is missing: {AGAIN}" if half else f"{path} is no bundle"
        )
    try:
        manifest = json.loads(_bytes(path / MANIFEST))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path / MANIFEST} is cut short or damaged: {AGAIN}") from error
    version = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BundleError(f"{path / MANIFEST} names no format: this is no bundle")
    if version > FORMAT:
        raise BundleError(
            f"{path} is of format {version}, and this program reads up to {FORMAT}: pip install -U mnemicon"
        )
    files = manifest.get("files")
    if manifest.get("sha256") != _digest(manifest):
        raise BundleError(f"{path / MANIFEST} was altered after the recording: restore it, or {AGAIN}")
    if not isinstance(files, dict) or not {SESSION, MEMORY} <= files.keys():
        raise BundleError(f"{path / MANIFEST} does not name the files of the bundle: {AGAIN}")
    odd = next((name for name in files if name not in (SESSION, MEMORY) and not _PICTURE.fullmatch(name)), None)
    if odd is not None:
        raise BundleError(f"{path / MANIFEST} names {odd[:60]!r}, which is no file of a bundle")
    return dict(manifest)


def _file(path: Path, name: str, digest: str) -> bytes:
    if not (path / name).is_file():
        raise BundleError(f"{path} is half-written, its {name} is missing: {AGAIN}")
    data = _bytes(path / name)
    if hashlib.sha256(data).hexdigest() != digest:
        raise BundleError(f"{path / name} was altered or cut short after the recording: restore it, or {AGAIN}")
    return data


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise BundleError(f"{path} is larger than {MAX_FILE:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror or error}") from error


_NEEDED: Final = {
    "icon": ("id", "svg"), "kept": ("user", "id", "record"), "turns": ("user", "session", "state"),
    "call": ("key", "request", "at"), "closed": ("trouble",), **{seam: ("key", "request") for seam in ASKED},
}  # fmt: skip


def _line(line: Line, number: int) -> Line:
    seam = line.get("seam")
    needed = _NEEDED.get(seam) if isinstance(seam, str) else None
    if needed is None:
        raise BundleError(f"{SESSION} line {number}: {seam!r:.40} is no seam that is known")
    missing = next((name for name in needed if name not in line), None)
    if missing is not None:
        raise BundleError(f"{SESSION} line {number}: {missing} is missing")
    if "key" in needed:
        request = line["request"]
        if not isinstance(request, dict) or line["key"] != key_of(str(seam), request):
            raise BundleError(f"{SESSION} line {number}: the key is not that of its request")
        if "response" not in line and "error" not in line:
            raise BundleError(f"{SESSION} line {number}: there is neither a response nor an error")
    return line
