"""One run of the graph over the parts of a home.

Contract. Without a session the run leaves no checkpoint; with one, its thread is kept below the user's folder, so that
erasing the user erases it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.paths import make_private, user_dir

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from agent.parts import Parts
    from agent.state import IconContext, IconInput


def run(parts: Parts, message: IconInput, context: IconContext) -> dict[str, Any]:
    """The whole final state; what kept memory from being opened is among its notes."""
    from agent import graph
    from agent.state import IconState

    keys = list(IconState.__annotations__)
    if context.session is None:
        values = graph.compiled().invoke(message, context=context, output_keys=keys)
    else:
        with checkpoints(parts.home, context.user) as saver:
            threaded = graph.build_graph().compile(checkpointer=saver, name="icon")
            thread: Any = {"configurable": {"thread_id": context.session}}
            values = threaded.invoke(message, thread, context=context, output_keys=keys, durability="exit")
    if parts.trouble:
        values = {**values, "notes": [parts.trouble, *values.get("notes", [])]}
    return dict(values)


@contextmanager
def checkpoints(home: Path, user: str) -> Iterator[SqliteSaver]:
    """The checkpoints of a user's sessions, in SQLite."""
    from agent import graph  # noqa: F401 - sets the environment that must stand before langgraph is imported

    # isort: split
    from langgraph.checkpoint.sqlite import SqliteSaver

    path = make_private(user_dir(home, user)) / "checkpoints.sqlite"
    connection = sqlite3.connect(path, timeout=10.0, check_same_thread=False)
    try:
        path.chmod(0o600)
        yield SqliteSaver(connection)
    finally:
        connection.close()
