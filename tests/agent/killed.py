"""A session whose process dies at every node of the graph, when the node's work is done and not yet written down;
another process goes on. Run by test_session_kill.py; prints one JSON line a death.

Each process is a fork made before anything of the home is open, so that it starts in milliseconds with the imports
done; it dies by ``os._exit``, which runs no clean-up and flushes nothing.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update(MEM0_TELEMETRY="False", LANGSMITH_TRACING="false", OMP_NUM_THREADS="1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import agent.graph  # noqa: F401
from agent import session, steps
from agent.history import Turn
from memory.records import Tenant

NODES = ("understand", "recall", "draw", "critique", "present", "learn", "record", "listen")
DIED = 9
DRAW, KEEP = "a bell, and from now on always use 1.5px strokes", "accept"


def apart(work: Callable[[], Any]) -> tuple[int, Any]:
    """(exit code, what it gave) of ``work`` in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            given = json.dumps(work()).encode()
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(given)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, json.loads(data) if data else None


def dying(node: str) -> None:
    """From now on the node ends the process after its work; "listen", which has none, before it."""
    name = f"{node}_step"
    real = getattr(steps, name)

    def step(state: Any, runtime: Any) -> Any:
        if node != "listen":
            real(state, runtime)
        os._exit(DIED)

    setattr(steps, name, step)


def said(home: str, text: str) -> Any:
    return session.Session("s", user="ada", home=home, rounds=1, n=2).send(text)


def looked(home: str) -> dict[str, Any]:
    """Everything that is kept: turns, current drawing, preferences and how often they were seen, icons, drawings."""
    talking = session.Session("s", user="ada", home=home)
    talking.finish()
    memory = talking.parts.memory()
    assert memory is not None
    tenant = Tenant("ada")
    turns: list[Turn] = talking.turns()
    return {
        "turns": [(t["n"], t["said"], t["drawing"]) for t in turns],
        "current": (talking.now() or {}).get("current"),
        "preferences": [(p.slot, p.value, p.status) for p in memory.preferences(tenant, history=True)],
        "exported": sorted(_plain(line) for line in memory.export(tenant)),
        "drawings": sorted(r["id"] for r in talking.parts.drawings("ada").all()),
    }


def _plain(line: Any) -> str:
    """A record of the export without its times and random ids."""
    text = line if isinstance(line, str) else json.dumps(line, sort_keys=True)
    record = json.loads(text)

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            dropped = ("created_at", "at") if "svg" in value else ("at", "created_at", "seen_at", "exported_at", "id")
            return {k: strip(v) for k, v in value.items() if k not in dropped}
        return [strip(v) for v in value] if isinstance(value, list) else value

    return json.dumps(strip(record), sort_keys=True)


def story(home: Path, texts: tuple[str, ...], node: str) -> dict[str, Any]:
    """The texts, one process each; that of the last one dies in ``node`` ("" in none). What is found then."""
    where = str(home)
    died = 0
    for text in texts:

        def speak(text: str = text) -> Any:
            if node and text == texts[-1]:
                dying(node)
            return said(where, text)

        died, _ = apart(speak)
    _, found = apart(lambda: looked(where))
    return {"node": node, "texts": len(texts), "died": died, "found": found}


def main(home: Path) -> None:
    plans = [((DRAW,), node) for node in ("", *NODES)]
    plans += [((DRAW, KEEP), node) for node in ("", "understand", "learn", "record")]
    for number, (texts, node) in enumerate(plans):
        print(json.dumps(story(home / str(number), texts, node)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
