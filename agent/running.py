"""One run of the graph over the parts of a home, of which nothing is kept but the drawing and what memory learned.

Contract. No checkpoint is written; a conversation that can be gone on with is an ``agent.session.Session``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.parts import Parts
    from agent.state import IconContext, IconInput


def run(parts: Parts, message: IconInput, context: IconContext) -> dict[str, Any]:
    """The whole final state; what kept memory from being opened is among its notes."""
    from agent import graph
    from agent.state import IconState

    values = graph.compiled().invoke(message, context=context, output_keys=list(IconState.__annotations__))
    if parts.trouble:
        values = {**values, "notes": [parts.trouble, *values.get("notes", [])]}
    return dict(values)
