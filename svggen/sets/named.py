"""Named styles: those of the openly licensed icon sets and of their variants, as measured ("lucide", "ph-duotone")."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from svggen.style.spec import StyleSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["named_styles"]

_TABLE = Path(__file__).with_name("styles.toml")


@lru_cache(maxsize=1)
def named_styles() -> Mapping[str, StyleSpec]:
    """By name; canvas, padding and detail are free, since they are no style of their own."""
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    free = {"padding", "grid", "detail"}
    return MappingProxyType(
        {name: StyleSpec.from_dict({k: v for k, v in row.items() if k not in free}) for name, row in rows.items()}
    )
