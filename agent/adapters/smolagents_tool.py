"""``design_icon`` as a tool of smolagents."""

from __future__ import annotations

from typing import Any

from agent.adapters import shown
from agent.tool import design_icon
from svggen.models.checkpoints import needs


def as_smolagents_tool(*, name: str = shown.NAME, **options: Any) -> Any:
    """A ``smolagents.Tool`` that gives a dict: that of ``mnemicon draw --json``, with the line of words as "message".
    options: of ``design_icon``, fixed for the tool (user, home ...); a model cannot change them."""
    needs("adapters", "smolagents")
    from smolagents import Tool

    def forward(self: Any, prompt: str, edit: str | None = None, seed: int | None = None) -> dict[str, Any]:
        try:
            result = design_icon(prompt, edit=edit, seed=seed or 0, **options)
        except shown.MENDABLE as error:
            return {"svg": "", "message": f"refused: {error}"}
        return {**result.to_dict(), "message": shown.words(result)}

    inputs = {
        "prompt": {"type": "string", "description": shown.PROMPT},
        "edit": {"type": "string", "description": shown.EDIT, "nullable": True},
        "seed": {"type": "integer", "description": shown.SEED, "nullable": True},
    }
    about = {"name": name, "description": shown.DESCRIPTION, "inputs": inputs, "output_type": "object"}
    return type("IconTool", (Tool,), {**about, "forward": forward})()
