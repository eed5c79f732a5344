"""Exports of the page: one file as it is, several as a zip.

Contract. Blocks; for a thread. Errors: ExportError, RenderError, KeyError for an unknown drawing, MemoryError_. A font
that is exported again keeps its characters: its ``codepoints.json`` lies in the user's folder.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memory.paths import make_private, user_dir
from svggen.errors import ExportError

if TYPE_CHECKING:
    from agent.ui.studio import Studio

__all__ = ["FORMATS", "Packed", "pack"]

FORMATS = {
    "svg": "SVG files",
    "png": "PNG, 16 to 256 px",
    "sprite": "SVG sprite",
    "react": "React components",
    "vue": "Vue components",
    "font": "Icon font",
    "iconify": "Iconify JSON",
}
MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".zip": "application/zip"}
CODEPOINTS = "font-codepoints.json"
_TIME = (2026, 1, 1, 0, 0, 0)  # the same icons give the same bytes


@dataclass(frozen=True)
class Packed:
    """name, media, data: of the file. icons: how many are in it. notes: one line each."""

    name: str
    media: str
    data: bytes
    icons: int
    notes: tuple[str, ...]


def pack(studio: Studio, format: str, drawing: str | None = None) -> Packed:
    """One kept drawing, or the whole set where None."""
    from agent import exporting
    from svggen.export import Options, export

    drawings = studio.drawings
    if drawing is not None:
        items = [exporting.kept(drawings, drawing)]
    else:
        items = list(exporting.own(studio.memory(), studio.tenant, drawings))
    if not items:
        raise ExportError("there is no icon in your set yet: accept one, or drop a folder of SVG files on the page")
    kept = user_dir(studio.parts.home, studio.tenant.user) / CODEPOINTS
    before = kept.read_bytes() if format == "font" and kept.exists() else None
    options = Options(author=studio.tenant.user, codepoints=before)
    made = export(items, format, options)
    if format == "font" and drawing is None:
        _keep(kept, made.files.get("codepoints.json"))
    if len(made.files) == 1:
        name, data = next(iter(made.files.items()))
    else:
        name, data = f"icons-{format}.zip", _zip(made.files)
    media = MEDIA.get(Path(name).suffix, "application/octet-stream")
    return Packed(name, media, data, len(made.icons), made.notes)


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _keep(path: Path, data: bytes | None) -> None:
    if data is None:
        return
    make_private(path.parent)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    os.replace(beside, path)
