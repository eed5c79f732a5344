"""The packages the corpus and the library are built from: pinned, fetched once, checked, cached.

Contract. ``fetch(package, cache)`` gives the archive of a pinned package, checked by the digest under which it was
published; ``unpack_sets`` and ``load_set`` the Iconify sets that are named, and no other; ``own_tags(cache)`` the tags
that the sets' own packages publish: {set: {icon name or base name: (tags...)}}. Nothing is fetched that is already in
the cache, and nothing half-fetched is ever left there under its name. Errors: CorpusError.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from svggen.errors import CorpusError

__all__ = ["ICONS", "INTEGRITY", "TAGS", "fetch", "load_set", "own_tags", "temporary_folder", "unpack_sets", "verify"]

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

INTEGRITY: Final = {
    ICONS: "sha512-nAV60ACUSHwnsb6fsp+letHlNkrwO4vzBtcC6B4EDHErQQfezk7E3nJdnwJjve6OCfMNO0uVT5Vrgna9/NCmXw==",
    TAGS[0]: "sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
    TAGS[1]: "sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
    TAGS[2]: "sha512-v4ARvrip4qBCImOE5rmPUylOEK4iiED9ZyKjcvzuezqMaiRASCHKcRIuvvxL/twvLpkfnEODCOJp5dM4eZilxQ==",
    TAGS[3]: "sha512-WQ2gDll12T9WD34fdRFgQVgO8bag3gavrAgJ0frN4phlwdJARpE6gO1YvLEMJR0KKgoc+/Ea/A0Pp11I00xBvw==",
    TAGS[4]: "sha512-M54u+J19d+nUSp2mpRqc1Opcsqx/bv5oLLk8ECVwE0PGWmUiUlJkfl6NbWHcA2pOIyvJoEwv686KsCO1Q7RSlQ==",
    TAGS[5]: "sha512-XSM2gYWTXxSYTwjmKWAoy4yR7AbAFDjpc5ZIivAiGXskM0fe5CdMPfs6InQRUcrYtVb2WZ/0HQ1/jeh3JW78SA==",
    TAGS[6]: "sha512-fl2Ja5CUwtWqdHf5Q0/V7OEGGQjTHlMrDZy0bwgE5ZvYnVwR51WLlLonl4NY6+7urEJchCnWUJglTUEEUS1dhg==",
    TAGS[7]: "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
}
"""The digests under which the registry lists these versions."""

Tags = dict[str, tuple[str, ...]]


def _archive(package: str) -> str:
    """The file name that npm pack gives: @a/b@1 -> a-b-1.tgz"""
    name, _, version = package.rpartition("@")
    return f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"


def verify(package: str, path: Path) -> None:
    """CorpusError where the archive is not, byte for byte, what was published under this name and version."""
    digest = hashlib.sha512()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    found = f"sha512-{base64.b64encode(digest.digest()).decode()}"
    if found != INTEGRITY[package]:
        raise CorpusError(
            f"{path} is not {package} as it was published ({path.stat().st_size:,} bytes, {found[:20]}... instead of "
            f"{INTEGRITY[package][:20]}...): cut short or altered; delete it and run again"
        )


def fetch(package: str, cache: Path) -> Path:
    """The package's archive in the cache, fetched with npm pack where it is missing and checked by its digest."""
    path = cache / _archive(package)
    if path.exists():
        verify(package, path)
        return path
    npm = shutil.which("npm")
    if npm is None:
        raise CorpusError(f"npm is needed to fetch {package} into {cache}, and there is none on the PATH")
    with temporary_folder(cache) as folder:
        done = subprocess.run([npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True)
        fetched = folder / _archive(package)
        if done.returncode or not fetched.exists():
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise CorpusError(f"npm could not fetch {package}: {said[:200]}; check the network and run again")
        try:
            verify(package, fetched)
        except CorpusError as error:
            raise CorpusError(f"what npm fetched is not what was published; run again ({error})") from error
        fetched.replace(path)
    return path


@contextmanager
def temporary_folder(beside: Path) -> Iterator[Path]:
    """A new folder in ``beside`` that is gone afterwards; CorpusError where none can be made."""
    try:
        beside.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".fetching-", dir=beside))
    except OSError as error:
        raise CorpusError(f"cannot write in {beside}: {error.strerror or error}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(cache: Path, package: str, member: str) -> bytes:
    with _opened(fetch(package, cache)) as archive:
        file = archive.extractfile(f"package/{member}")
        assert file is not None
        return file.read()


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path) as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, KeyError, gzip.BadGzipFile) as error:
        raise CorpusError(f"{path} cannot be unpacked ({error}); delete it and run again") from error


def unpack_sets(names: Iterable[str], cache: Path) -> Path:
    """The folder in the cache with ``<set>.json`` of every name; only these are taken from the package."""
    folder = cache / "iconify"
    missing = {f"package/json/{name}.json" for name in names if not (folder / f"{name}.json").exists()}
    if not missing:
        return folder
    path = fetch(ICONS, cache)
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(path) as archive:
        for member in archive:
            if member.name not in missing or not member.isfile():
                continue
            file = archive.extractfile(member)
            assert file is not None
            target = folder / Path(member.name).name
            part = target.with_suffix(".part")
            part.write_bytes(file.read())
            part.replace(target)
            missing.discard(member.name)
    if missing:
        raise CorpusError(f"{path} has no {min(missing)}; delete it and run again")
    return folder


def load_set(name: str, cache: Path, unpacked: Path | None = None) -> dict[str, Any]:
    """One Iconify set; from an unpacked copy of the package where one is given, else unpacked into the cache once."""
    path = (unpacked if unpacked is not None else unpack_sets([name], cache)) / f"{name}.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        if not isinstance(loaded["icons"], dict) or not isinstance(loaded["info"]["license"]["spdx"], str):
            raise TypeError("its parts have the wrong type")
    except FileNotFoundError:
        raise CorpusError(f"there is no {path}; the folder must hold the json files of {ICONS}") from None
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path} is no Iconify set ({error}); delete it and run again") from error
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
