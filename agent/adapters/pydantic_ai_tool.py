"""``design_icon`` as a tool of pydantic-ai."""

from __future__ import annotations

import asyncio
from typing import Any

from agent.adapters import shown
from agent.tool import design_icon
from svggen.models.checkpoints import needs


def as_pydantic_ai_tool(*, name: str = shown.NAME, **options: Any) -> Any:
    """A ``pydantic_ai.Tool``: the model gets the words and the SVG as the tool's answer and a PNG of 256 px to look at;
    the whole result is the metadata. options: of ``design_icon``, fixed for the tool (user, home ...); a model cannot
    change them. What is wrong with a request goes back to the model as a ModelRetry."""
    needs("adapters", "pydantic_ai")
    from pydantic_ai import BinaryContent, ModelRetry, Tool, ToolReturn

    async def run(prompt: str, edit: str | None = None, seed: int = 0) -> Any:
        try:
            result = await asyncio.to_thread(design_icon, prompt, edit=edit, seed=seed, **options)
        except shown.MENDABLE as error:
            raise ModelRetry(str(error)) from error
        data = shown.picture(result)
        seen = [BinaryContent(data=data, media_type="image/png")] if data else None
        answer = {"message": shown.words(result), "svg": result.svg}
        return ToolReturn(return_value=answer, content=seen, metadata=result.to_dict())

    run.__doc__ = (
        f"{shown.DESCRIPTION}\n\nArgs:\n    prompt: {shown.PROMPT}\n    edit: {shown.EDIT}\n    seed: {shown.SEED}"
    )
    return Tool(run, name=name, takes_ctx=False, docstring_format="google")
