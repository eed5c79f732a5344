"""What ``design_icon`` gives back.

Contract. ``IconResult.to_dict()`` is the JSON that ``mnemicon draw --json`` prints and other programs rely on: exactly
the keys of ``KEYS``. Everything in it is JSON-ready.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KEYS = (
    "id", "prompt", "svg", "svg_path", "png_path", "sheet_path", "score", "passed", "rounds", "model", "findings",
    "style", "memories", "exemplars", "candidates", "understood", "not_understood", "seconds",
)  # fmt: skip


@dataclass(frozen=True)
class IconResult:
    """id: sha256 of the canonical SVG, "" where nothing was drawn. score: 0..1, see ``agent.critic``. passed: no must
    finding. rounds: rounds drawn. kind: what the message was understood to be (``agent.brief``). message: the answer
    in words. notes: what went otherwise than asked (memory down, a wish refused), one line each. learned: what
    memory's gate decided about the statements in the prompt. The three paths are None until a caller has written
    files."""

    id: str
    prompt: str
    svg: str
    score: float
    passed: bool
    rounds: int
    model: str
    findings: tuple[dict[str, Any], ...]
    style: dict[str, Any]
    memories: tuple[dict[str, Any], ...]
    exemplars: tuple[dict[str, Any], ...]
    candidates: tuple[dict[str, Any], ...]
    understood: dict[str, Any]
    not_understood: tuple[str, ...]
    seconds: dict[str, float]
    kind: str = "draw"
    message: str = ""
    notes: tuple[str, ...] = ()
    learned: tuple[dict[str, Any], ...] = ()
    svg_path: str | None = None
    png_path: str | None = None
    sheet_path: str | None = None
    steps: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The keys of ``KEYS``, in that order; ``understood`` carries kind, message, notes and what was learned."""
        out: dict[str, Any] = {}
        for key in KEYS:
            value = getattr(self, key)
            out[key] = list(value) if isinstance(value, tuple) else value
        out["exemplars"] = [{k: e[k] for k in ("id", "name", "source", "licence", "why")} for e in self.exemplars]
        said = {"message": self.message, "notes": list(self.notes), "learned": list(self.learned)}
        out["understood"] = {**self.understood, **{k: v for k, v in said.items() if v}}
        return out
