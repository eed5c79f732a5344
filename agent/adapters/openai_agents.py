"""``design_icon`` as a function tool of the OpenAI Agents SDK."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from agent.adapters import shown
from agent.tool import design_icon
from svggen.models.checkpoints import needs


def as_openai_agents_tool(*, name: str = shown.NAME, **options: Any) -> Any:
    """An ``agents.FunctionTool``: the model gets a line of words, the SVG as text and a PNG of 256 px. options: of
    ``design_icon``, fixed for the tool (user, home ...); a model cannot change them. What is wrong with a request is
    told to the model, which may mend it."""
    needs("adapters", "agents")
    from agents import ToolOutputImage, ToolOutputText, function_tool

    async def run(
        prompt: Annotated[str, shown.PROMPT], edit: Annotated[str | None, shown.EDIT] = None,
        seed: Annotated[int, shown.SEED] = 0,
    ) -> list[Any]:  # fmt: skip
        try:
            result = await asyncio.to_thread(design_icon, prompt, edit=edit, seed=seed, **options)
        except shown.MENDABLE as error:
            return [ToolOutputText(text=f"refused: {error}")]
        texts = [ToolOutputText(text=text) for text in (shown.words(result), result.svg) if text]
        data = shown.picture_text(result)
        return [*texts, ToolOutputImage(image_url=f"data:image/png;base64,{data}")] if data else texts

    run.__annotations__["return"] = list
    return function_tool(run, name_override=name, description_override=shown.DESCRIPTION)
