"""The training corpus: openly licensed icons of many hands, one row each, in one Parquet file.

Contract. ``build`` makes the file from the registry, ``load`` opens it, checked, as a pyarrow table with the columns of
``schema``; ``pairs`` finds the same idea in another hand and other ideas in the same set. Errors: CorpusError. Needs
``pip install 'mnemicon[train]'``.

    building.py   choose, convert, write          convert.py   two processes, kept by set
    rows.py       one icon: text, hash, mode      near.py      near copies
    assemble.py   the table                       table.py     its columns, reading, pairs
    datasheet.py  what is in it, for people
"""

from __future__ import annotations

from svggen.training.corpus.building import Built, build, default_cache
from svggen.training.corpus.table import Pairs, load, pairs, schema
from svggen.training.sets import sets

__all__ = ["Built", "Pairs", "build", "default_cache", "load", "pairs", "schema", "sets"]
