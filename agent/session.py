"""A session: one conversation about icons, kept as a LangGraph thread.

    session = Session("travel icons", user="ada")
    session.send("a suitcase")["candidates"]        # [{"id", "svg", "score"}, ...]
    session.send("the second one, a bit rounder")
    session.send("undo")

Contract. ``send`` runs the graph up to its interrupt and gives what the user is to see (``agent.conversing.shown``).
The thread is written after every node, so that a process that dies loses nothing: the next one finishes the turn that
was cut off (``finish``; ``send`` does it first) and stores nothing twice. One message at a time: a second tab or
process waits for the first (``wait`` seconds, then SessionBusy), and one that has not seen the last turn is told so
instead of being taken at words that meant something else (``seen``). A turn that fails twice is left, and said.
Checkpoints lie in the user's folder (SQLite), or in Postgres where the settings name one. Errors: TenantError for a
name that is not allowed, BriefError for a message that is none, SessionBusy, SessionError where the thread cannot be
read or written.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import BriefError, SessionBusy, SessionError
from agent.history import Turn
from agent.parts import Parts, open_parts
from agent.seams import taped
from memory.paths import check_tenant, make_private, tenant_key, user_dir
from memory.records import Tenant
from svggen.style import StyleSpec

if TYPE_CHECKING:
    from agent.state import IconContext, Json, Progress
    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["Session", "erase_sessions", "session_names"]

WAIT = 60.0
"""Seconds that a message waits for another one of the same session."""
MAX_MESSAGE = 4_000
"""Characters of a message."""


class Session:
    """See the head of this file. The options are those of ``agent.tool.design_icon``."""

    def __init__(
        self, name: str, *, user: str = "default", project: str | None = None, home: Path | str | None = None,
        memory: Memory | None = None, model: SvgModel | str | None = None, n: int = 4, rounds: int = 2,
        seconds: float = 20.0, seed: int = 0, size: int | None = None,
        style: StyleSpec | Mapping[str, Any] | None = None,
        wait: float = WAIT, parts: Parts | None = None,
    ) -> None:  # fmt: skip
        check_tenant(Tenant(user, project, name))
        self.name, self.user, self.project = name, user, project
        self.parts = parts or open_parts(home, memory=memory)
        self._model, self._wait = model, wait
        self._options: dict[str, Any] = {
            "n": n, "rounds": rounds, "seconds": seconds, "seed": seed, "size": size,
            "style": style if isinstance(style, StyleSpec) else StyleSpec.from_dict(dict(style or {})),
        }  # fmt: skip

    # ----------------------------------------------------------------------------------------------------- for the user

    def send(
        self, text: str, *, image: bytes | None = None, edit: str | None = None, seen: int | None = None,
        drawing: bool = False, progress: Progress | None = None,
    ) -> Json:  # fmt: skip
        """One message; what came of it. image: a PNG or JPEG to draw from. edit: SVG text or the id of a kept drawing
        that "it" is to mean. seen: the number of the last turn that the sender saw. drawing: the message is known to
        ask for a drawing."""
        return self.run(text, image=image, edit=edit, seen=seen, drawing=drawing, progress=progress)[0]

    @taped("session")
    def run(
        self, text: str, *, image: bytes | None = None, edit: str | None = None, seen: int | None = None,
        drawing: bool = False, progress: Progress | None = None,
    ) -> tuple[Json, Json]:  # fmt: skip
        """``send``, and the whole state behind its answer."""
        if not isinstance(text, str) or (not text.strip() and image is None):
            raise BriefError("the message is empty: say what the icon shows, for example: a coffee cup")
        if len(text) > MAX_MESSAGE:
            raise BriefError(f"the message has {len(text):,} characters: say it in at most {MAX_MESSAGE:,}")
        picture = self._keep_picture(image) if image is not None else None
        with self.thread() as thread:
            left = thread.finish_or_leave(progress)
            if seen is not None and seen < thread.count():
                return {**thread.shown(), "asks": STALE}, dict(thread.values())
            message = {"prompt": text, "edit": edit, "style": None, "picture": picture}
            values = thread.go_on(message, progress, drawing=drawing)
            shown = thread.shown()
            if left:
                shown["notes"] = [left, *shown["notes"]]
            self._note(shown, values)
            return shown, values

    def finish(self, progress: Progress | None = None) -> Json | None:
        """Brings a turn to its end that was cut off; None where there is none."""
        with self.thread() as thread:
            return thread.shown() if thread.finish(progress) else None

    def now(self) -> Json | None:
        """What was shown last; None in a session that has not begun."""
        with self.thread() as thread:
            return thread.shown() if thread.count() else None

    def turns(self) -> list[Turn]:
        """Everything that was said, oldest first."""
        with self.thread() as thread:
            return list(thread.values().get("turns") or ())

    def delete(self) -> None:
        """The conversation is gone for good; drawings and memory stay."""
        with self.thread() as thread:
            thread.saver.delete_thread(thread.id)
        self._file(".json").unlink(missing_ok=True)

    # ------------------------------------------------------------------------------------------------------- inner part

    @property
    def given(self) -> Json:
        """The options that it was made with."""
        return {"model": self._model, **self._options}

    def over(self, parts: Parts) -> Session:
        """The same conversation over other parts: that of a replay."""
        return Session(self.name, user=self.user, project=self.project, wait=self._wait, parts=parts, **self.given)

    @contextmanager
    def thread(self) -> Iterator[_Thread]:
        from filelock import FileLock, Timeout

        lock = FileLock(self._file(".lock"), timeout=self._wait, thread_local=False)
        try:
            with lock, checkpoints(self.parts, self.user) as saver:
                yield _Thread(self, saver)
        except Timeout as error:
            raise SessionBusy(
                f"session {self.name!r} is busy with another message since {self._wait:g} s: try again when it is done"
            ) from error
        except sqlite3.Error as error:
            raise SessionError(f"session {self.name!r} cannot be read or written: {error}") from error

    def _file(self, suffix: str) -> Path:
        folder = make_private(user_dir(self.parts.home, self.user) / "sessions")
        return folder / f"{hashlib.sha256(self.name.encode()).hexdigest()[:16]}{suffix}"

    def _keep_picture(self, image: bytes) -> str:
        """Looks at the picture once, so that a bad one is refused, and keeps it for a turn that is cut off."""
        from svggen.pictures import load_picture

        load_picture(image, name="the picture")
        digest = hashlib.sha256(image).hexdigest()
        path = make_private(user_dir(self.parts.home, self.user) / "pictures") / digest
        if not path.exists():
            beside = path.with_suffix(".part")
            beside.write_bytes(image)
            beside.replace(path)
        return digest

    def picture(self, digest: object) -> bytes | None:
        if not isinstance(digest, str) or len(digest) != 64 or not digest.isalnum():
            return None
        try:
            return (user_dir(self.parts.home, self.user) / "pictures" / digest).read_bytes()
        except OSError:
            return None

    def context(self, image: bytes | None, progress: Progress | None, *, drawing: bool) -> IconContext:
        model = self.parts.model(self._model, image=image is not None)
        return self.parts.context(
            self.user, project=self.project, session=self.name, models=(model,), image=image, progress=progress,
            chat=True, drawing=drawing, **self._options,
        )  # fmt: skip

    def _note(self, shown: Json, values: Json) -> None:
        """The line of this session in the list of sessions."""
        turns = values.get("turns") or []
        about = {
            "name": self.name, "turns": len(turns), "updated": turns[-1]["at"] if turns else "",
            "began": str(turns[0]["said"])[:80] if turns else "", "current": (shown["current"] or {}).get("id"),
        }  # fmt: skip
        path = self._file(".json")
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        beside.replace(path)


STALE = "This conversation has gone on in another window; here is where it stands. Please say it again."


class _Thread:
    """A session's thread, under its lock."""

    def __init__(self, session: Session, saver: Any) -> None:
        from agent import graph

        self.session, self.saver = session, saver
        self.id = f"{tenant_key(session.user)}/{session.name}"
        self._config: Any = {"configurable": {"thread_id": self.id}}
        self._graph = graph.build_graph(chat=True).compile(checkpointer=saver, name="session")

    def state(self) -> Any:
        return self._graph.get_state(self._config)

    def values(self) -> Json:
        return dict(self.state().values)

    def count(self) -> int:
        return len(self.values().get("turns") or ())

    def shown(self) -> Json:
        """The payload of the interrupt that waits."""
        from agent.conversing import shown

        state = self.state()
        if state.interrupts:
            return dict(state.interrupts[0].value)
        return shown(state.values, self.session.context(None, None, drawing=False))

    def finish(self, progress: Progress | None) -> bool:
        """A turn that was cut off goes on from its last node."""
        state = self.state()
        if not state.next or state.interrupts:
            return False
        picture = self.session.picture(state.values.get("picture"))
        self._invoke(None, self.session.context(picture, progress, drawing=False))
        return True

    def finish_or_leave(self, progress: Progress | None) -> str:
        """``finish``; a turn that fails at every try is left, so that it does not bar the way. Says so, "" where all is
        well."""
        try:
            self.finish(progress)
        except Exception as error:  # whatever a model, a disk or a memory has thrown, the conversation goes on
            said = str(self.values().get("prompt") or "")[:60]
            why = f"could not be finished: {error!s:.200}"
            lost = {"kind": "empty", "message": f"That {why}", "result": None, "asks": "", "moved": None}
            self._graph.update_state(self._config, lost, as_node="learn")
            self._invoke(None, self.session.context(None, None, drawing=False))
            return f"the message before, {said!r}, {why}"
        return ""

    def go_on(self, message: Json, progress: Progress | None, *, drawing: bool) -> Json:
        from langgraph.types import Command

        image = self.session.picture(message["picture"])
        context = self.session.context(image, progress, drawing=drawing)
        waiting = bool(self.state().interrupts)
        self._invoke(Command(resume=message) if waiting else message, context)
        _thin_out(self.saver, self.id)
        values = self.values()
        if self.session.parts.trouble:
            values["notes"] = [self.session.parts.trouble, *values.get("notes", [])]
        return values

    def plant(self, values: Json) -> None:
        """The thread begins with these values, as if a turn had just been written down."""
        self._graph.update_state(self._config, values, as_node="record")

    def _invoke(self, given: Any, context: IconContext) -> None:
        self._graph.invoke(given, self._config, context=context, durability="sync", output_keys=["message"])


def _thin_out(saver: Any, thread: str) -> None:
    """Of the checkpoints of a finished turn the last one is enough: undo and branches are in the state itself. In
    Postgres they stay, for whoever runs it to thin out."""
    connection = getattr(saver, "conn", None)
    if not isinstance(connection, sqlite3.Connection):
        return
    with connection:
        (last,) = connection.execute(
            "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ''", (thread,)
        ).fetchone()
        for table in ("checkpoints", "writes"):
            connection.execute(f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < ?", (thread, last))


@contextmanager
def checkpoints(parts: Parts, user: str) -> Iterator[Any]:
    """The checkpointer of a user's sessions: SQLite in the user's folder, or Postgres."""
    from agent import graph  # noqa: F401 - sets the environment that must stand before langgraph is imported

    # isort: split
    url = parts.settings.checkpoints
    if url:
        with _postgres(url) as saver:
            yield saver
        return
    from langgraph.checkpoint.sqlite import SqliteSaver

    path = make_private(user_dir(parts.home, user)) / "checkpoints.sqlite"
    connection = sqlite3.connect(path, timeout=10.0, check_same_thread=False)
    try:
        path.chmod(0o600)
        yield SqliteSaver(connection)
    finally:
        connection.close()


@contextmanager
def _postgres(url: str) -> Iterator[Any]:
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
    except ImportError as error:
        raise SessionError(
            f"sessions in Postgres need a package that is not here ({error}): pip install 'mnemicon[postgres]'"
        ) from error
    import psycopg

    try:
        with PostgresSaver.from_conn_string(url) as saver:
            saver.setup()
            yield saver
    except psycopg.Error as error:
        raise SessionError(f"the sessions' database cannot be used: {str(error).strip().splitlines()[0]}") from error


def session_names(user: str = "default", *, home: Path | str | None = None) -> list[Json]:
    """{"name", "turns", "updated", "began", "current"} of each session of a user, the last used first."""
    folder = user_dir(open_parts(home).home, user) / "sessions"
    found: list[Json] = []
    for path in folder.glob("*.json"):
        try:
            about = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(about, dict) and isinstance(about.get("name"), str):
            found.append(about)
    return sorted(found, key=lambda a: str(a.get("updated")), reverse=True)


def erase_sessions(parts: Parts, user: str) -> None:
    """What of a user's sessions lies outside of the user's folder: their threads in Postgres."""
    if not parts.settings.checkpoints:
        return
    with checkpoints(parts, user) as saver:
        mine = f"{tenant_key(user)}/"
        threads = {c.config["configurable"]["thread_id"] for c in saver.list(None)}
        for thread in threads:
            if str(thread).startswith(mine):
                saver.delete_thread(thread)
