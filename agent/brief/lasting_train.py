"""Make ``lasting_table.py`` from ``lasting_examples`` and ``lasting_cues``: ``python -m agent.brief.lasting_train``.

Contract. Deterministic: the same examples, cues and embedder give the same numbers. Two multinomial logistic
regressions (Newton-free gradient descent with L2, every kind weighing the same), one on the cues alone and one on the
cues and the vector of the clause; the vector's weights are rounded to 8 bits. ``held_out`` tells how well clauses are
told apart whose template was not in the fit (5 folds over templates).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.brief.lasting import CANARY
from agent.brief.lasting_cues import CUES, cues
from agent.brief.lasting_examples import KINDS, clauses

TABLE = Path(__file__).with_name("lasting_table.py")
STEPS = 1500
RATE = 0.5
L2_CUES = 0.002
L2_VECTOR = 0.002
VECTOR_SCALE = 4.0
"""A vector has length 1, so each of its 384 numbers is near 0.05: scaled up to learn at the pace of the cues."""


def fit(x: Any, y: Any, l2: Any) -> tuple[Any, Any]:
    """(weights (features, kinds), bias (kinds,)) of a softmax regression. l2: per feature."""
    import numpy as np

    n_kinds = len(KINDS)
    share = np.array([1 / max(1, int((y == k).sum())) for k in range(n_kinds)])[y]
    share = share / share.sum()
    target = np.eye(n_kinds)[y]
    w, b = np.zeros((x.shape[1], n_kinds)), np.zeros(n_kinds)
    vw, vb = np.zeros_like(w), np.zeros_like(b)
    for _ in range(STEPS):
        logits = x @ w + b
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        error = (p - target) * share[:, None]
        vw = 0.9 * vw - RATE * (x.T @ error + l2[:, None] * w)
        vb = 0.9 * vb - RATE * error.sum(axis=0)
        w, b = w + vw, b + vb
    return w, b


def features(texts: Sequence[str], vectors: Any) -> tuple[Any, Any]:
    """(x, l2): the cues, and beside them the vectors where they are given."""
    import numpy as np

    given = np.array([cues(t) for t in texts])
    l2 = np.full(given.shape[1], L2_CUES)
    if vectors is None:
        return given, l2
    return np.hstack([given, vectors * VECTOR_SCALE]), np.concatenate([l2, np.full(vectors.shape[1], L2_VECTOR)])


def held_out(vectors: Any) -> list[tuple[int, Any]]:
    """(kind, probabilities) of each clause, from a fit without its template."""
    import numpy as np

    rows = list(clauses())
    kinds = np.array([KINDS.index(k) for k, _, _ in rows])
    x, l2 = features([t for _, t, _ in rows], vectors)
    fold = np.array([template for _, _, template in rows]) % 5
    out: list[tuple[int, Any]] = []
    for k in range(5):
        w, b = fit(x[fold != k], kinds[fold != k], l2)
        logits = x[fold == k] @ w + b
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        out += list(zip(kinds[fold == k].tolist(), p / p.sum(axis=1, keepdims=True), strict=True))
    return out


def make(embed: Any) -> str:
    """The text of ``lasting_table.py``."""
    import numpy as np

    rows = list(clauses())
    texts = [t for _, t, _ in rows]
    kinds = np.array([KINDS.index(k) for k, _, _ in rows])
    vectors = np.asarray(embed(texts), np.float64)
    x, l2 = features(texts, None)
    alone, bias_alone = fit(x, kinds, l2)
    x, l2 = features(texts, vectors)
    beside, bias_beside = fit(x, kinds, l2)
    part = beside[len(CUES) :].T * VECTOR_SCALE
    step = float(np.abs(part).max() / 127)
    canary = np.asarray(embed([CANARY]), np.float64)[0]
    return "\n".join(
        [
            '"""The numbers of ``lasting``: written by ``python -m agent.brief.lasting_train``, not by hand.',
            "",
            "Contract. A row of weights for each cue, a weight for each kind in a row; ``VECTOR`` holds signed 8-bit",
            "weights (kinds, dims) in base64, to be multiplied by ``VECTOR_STEP``; ``CANARY_VECTOR`` the vector of",
            '``lasting.CANARY`` alike, of any length.\n"""',
            "",
            "from __future__ import annotations",
            "",
            f"KINDS = {KINDS!r}".replace("'", '"'),
            *_rows("CUES_ALONE", alone),
            _row("BIAS_ALONE", bias_alone),
            *_rows("CUES_BESIDE", beside[: len(CUES)]),
            _row("BIAS_BESIDE", bias_beside),
            f"VECTOR_STEP = {step:.8f}",
            *_bytes("VECTOR", np.rint(part / step)),
            *_bytes("CANARY_VECTOR", np.rint(canary / np.abs(canary).max() * 127)),
            "",
        ]
    )


def _row(name: str, values: Any) -> str:
    return f"{name} = ({', '.join(f'{v:.3f}' for v in values)})"


def _rows(name: str, rows: Any) -> list[str]:
    shown = [f"    ({', '.join(f'{v:.3f}' for v in row)}),  # {cue}" for row, (cue, _) in zip(rows, CUES, strict=True)]
    return [f"{name} = (", *shown, ")"]


def _bytes(name: str, values: Any) -> list[str]:
    import numpy as np

    text = base64.b64encode(values.astype(np.int8).tobytes()).decode()
    return [f"{name} = (", *(f'    "{text[i : i + 108]}"' for i in range(0, len(text), 108)), ")"]


def main() -> None:
    import numpy as np

    from memory.embedding import default_embedder

    embed = default_embedder().embed
    texts = [t for _, t, _ in clauses()]
    for name, vectors in (("cues alone", None), ("cues and vector", np.asarray(embed(texts), np.float64))):
        told = held_out(vectors)
        lasting = [(k < 2, float(p[0] + p[1]), bool((p[1] > p[0]) == (k == 1))) for k, p in told]
        for limit in (0.5, 0.6, 0.7, 0.8):
            had = [right for right, p, _ in lasting if p >= limit]
            polar = [pole for right, p, pole in lasting if p >= limit and right]
            print(
                f"{name}, from {limit}: precision {sum(had) / len(had):.3f}, "
                f"recall {sum(had) / sum(right for right, _, _ in lasting):.3f}, polarity {sum(polar) / len(polar):.3f}"
            )
    TABLE.write_text(make(embed), "utf-8")


if __name__ == "__main__":
    main()
