"""``design_icon`` as a LangChain tool."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from agent.adapters import shown
from agent.tool import design_icon

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def as_langchain_tool(*, name: str = shown.NAME, **options: Any) -> StructuredTool:
    """``design_icon`` as a LangChain tool: content is a short text and a PNG of 256 px, the artifact the whole result
    as a dict. options: of ``design_icon``, fixed for the tool (user, home ...); a model cannot change them."""
    from langchain_core.tools import StructuredTool, ToolException
    from pydantic import BaseModel, Field

    class IconArgs(BaseModel):
        prompt: str = Field(description=shown.PROMPT)
        edit: str | None = Field(None, description=shown.EDIT)
        seed: int = Field(0, description=shown.SEED)

    def run(prompt: str, edit: str | None = None, seed: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        try:
            result = design_icon(prompt, edit=edit, seed=seed, **options)
        except shown.MENDABLE as error:
            raise ToolException(str(error)) from error
        data = shown.picture_text(result)
        image = [{"type": "image", "base64": data, "mime_type": "image/png"}] if data else []
        return [{"type": "text", "text": shown.words(result)}, *image], result.to_dict()

    async def arun(prompt: str, edit: str | None = None, seed: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        return await asyncio.to_thread(run, prompt, edit, seed)

    return StructuredTool.from_function(
        run, arun, name, shown.DESCRIPTION, args_schema=IconArgs, response_format="content_and_artifact",
        handle_tool_error=True,
    )  # fmt: skip
