"""NOTICE: who drew the icons that ship, and under which licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["notice"]

_HEAD = """Mnemicon
========

Mnemicon ships icons and weights made by others, each under its own open licence. The licence texts are in LICENSES/.
This file is written by scripts/build_library.py.

Weights
-------
svggen/weights/minilm/minilm-int8.onnx: all-MiniLM-L6-v2 by the sentence-transformers authors, Apache-2.0,
quantised; see svggen/weights/minilm/MODEL-CARD.md.
svggen/weights/judge/judge.safetensors, svggen/weights/iconlm/iconlm.safetensors: our own, MIT; trained on the icon sets
that svggen/training/sets.toml lists, each with its licence, all permissive; see the MODEL-CARD.md beside them.

Icons (memory/library/data/icons.bin)
-------------------------------------
Taken from the npm package {package}, fitted to a 24 x 24 canvas, rounded to 1/100 unit, and masks of greys
written as opacities; otherwise unchanged. Each set's licence is the one named with it.
Trade marks and flags are left out. {icons} icons from {sets} sets:

"""
_FEATHER = """
Lucide holds icons derived from Feather, Copyright (c) 2013-present Cole Bemis, MIT.
"""


def notice(sets: Sequence[Mapping[str, Any]], package: str) -> str:
    """The text of NOTICE: for each set its name, author, licence, address and number of icons."""
    shown = [entry for entry in sets if entry["icons"]]
    lines = [_HEAD.format(package=package, icons=f"{sum(e['icons'] for e in shown):,}", sets=len(shown))]
    for entry in sorted(shown, key=lambda e: str(e["name"]).casefold()):
        terms = f"{entry['licence']}, {entry['icons']:,} icons"
        lines.append(f"{entry['name']} ({entry['id']}), by {entry['author']}, {terms}")
        lines.append(f"    {entry['url']}")
    return "\n".join(lines) + "\n" + _FEATHER
