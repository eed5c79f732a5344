"""Does a clause that no rule decides state something that lasts? A linear classifier over word cues and MiniLM.

Contract. ``judge(clause, embed)`` gives the probability of each kind (``want``, ``avoid``, ``once``, ``question``,
``other``; they sum to 1) for one lower-case clause. With an ``embed`` whose vectors are those that the numbers were
made for, the vector of the clause decides with the cues; with any other, or none, the cues alone. The numbers are
multinomial logistic regressions (``lasting_train``) over ``lasting_examples``, shipped as text in ``lasting_table``:
nothing is fitted and no example is embedded at run time. A failing ``embed`` is the same as none.

What it costs: cues alone 0.1 ms; with the vector one embedding of the clause, about 5 ms.
"""

from __future__ import annotations

import base64
import math
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agent.brief.lasting_cues import cues

if TYPE_CHECKING:
    from agent.brief.types import EmbedFunction

SURE = 0.60
"""Probability of lasting (want and avoid together) from which a clause is taken for a standing one."""
MAYBE = 0.35
"""From here on the user is told that it was not remembered, and how to say it so that it is."""
SURE_CUES = 0.70
"""As ``SURE``, where only the cues decide."""
POLAR = 0.70
"""Share of the likelier of want and avoid in the two, below which it is not known what was meant."""
CANARY = "our icons have round caps"
"""Its vector tells whether ``embed`` is the model that the numbers were made for."""
SAME = 0.95
MAX_CLAUSE = 300
"""Characters that are read of a clause."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The probability of each kind, and whether a vector took part."""

    shares: Mapping[str, float]
    embedded: bool = False

    @property
    def lasting(self) -> float:
        return self.shares["want"] + self.shares["avoid"]

    @property
    def negative(self) -> float:
        """Of what lasts, the share that is a ban."""
        return self.shares["avoid"] / max(self.lasting, 1e-9)

    @property
    def stands(self) -> bool:
        return self.lasting >= (SURE if self.embedded else SURE_CUES)

    @property
    def undecided(self) -> bool:
        return not self.stands and self.lasting >= MAYBE

    @property
    def polarity(self) -> bool | None:
        """True: a ban, False: a wish, None: not known."""
        if self.negative >= POLAR:
            return True
        return False if 1 - self.negative >= POLAR else None


def judge(clause: str, embed: EmbedFunction | None = None) -> Verdict:
    """What kind of clause is this? ``clause``: lower case, at most ``MAX_CLAUSE`` characters are read."""
    from agent.brief import lasting_table as table

    clause = clause[:MAX_CLAUSE]
    given = cues(clause)
    vector = _vector(clause, embed) if embed is not None else None
    if vector is None:
        return Verdict(_shares(_sums(table.CUES_ALONE, given, table.BIAS_ALONE)))
    sums = _sums(table.CUES_BESIDE, given, table.BIAS_BESIDE)
    weights = _decoded()
    logits = [s + float(weights[k] @ vector) for k, s in enumerate(sums)]
    return Verdict(_shares(logits), embedded=True)


def _sums(rows: Sequence[Sequence[float]], given: Sequence[float], bias: Sequence[float]) -> list[float]:
    """One sum for each kind. rows: for each cue, a weight for each kind."""
    out = list(bias)
    for value, row in zip(given, rows, strict=True):
        if value:
            out = [a + b for a, b in zip(out, row, strict=True)]
    return out


def _shares(logits: Sequence[float]) -> dict[str, float]:
    from agent.brief.lasting_table import KINDS

    top = max(logits)
    powers = [math.exp(x - top) for x in logits]
    return {kind: p / sum(powers) for kind, p in zip(KINDS, powers, strict=True)}


@lru_cache(maxsize=1)
def _decoded() -> Any:
    """float32 (kinds, dims): the weights of the vector's dimensions."""
    import numpy as np

    from agent.brief import lasting_table as table

    raw = np.frombuffer(base64.b64decode("".join(table.VECTOR)), np.int8)
    return raw.reshape(len(table.KINDS), -1).astype(np.float32) * table.VECTOR_STEP


_known: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _vector(clause: str, embed: EmbedFunction) -> Any:
    """float32 (dims,) of the clause, or None where ``embed`` is another model than the numbers are for, or fails."""
    import numpy as np

    key = getattr(embed, "__self__", embed)  # a bound method is a new object each time
    with _lock:
        known = _known.get(key)
    if known is False:
        return None
    try:
        vectors = np.asarray(embed([clause] if known else [clause, CANARY]), np.float32)
    except (RuntimeError, ValueError, OSError):  # no weights, a broken session: the cues decide
        return None
    if known is None:
        known = _is_ours(vectors[1])
        with _lock:
            _known[key] = known
    return vectors[0] if known else None


def _is_ours(vector: Any) -> bool:
    import numpy as np

    from agent.brief import lasting_table as table

    ours = np.frombuffer(base64.b64decode("".join(table.CANARY_VECTOR)), np.int8).astype(np.float32)
    if vector.shape != ours.shape:
        return False
    return float(vector @ ours) >= SAME * float(np.linalg.norm(ours)) * float(np.linalg.norm(vector))
