"""Recording: what a session asks of models, memory and judge, written down as it happens.

    with record("bundles/bell"):
        design_icon("bell", user="ana")

Contract. ``record`` makes a bundle (``agent.replay.bundle``) of what is called in it, also in threads; it is written
when the block ends, after an exception too (a failure is worth replaying), whole or not at all. Nothing that is drawn
is other than without it. A user is called "user" in it, the next one "user-2"; what memory held is taken down before
it is first asked. Within a call the clock stands still, so that its replay has the same time. Errors: BundleError for
a place where something is already; ReplayError for what cannot be written down.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from agent.errors import ReplayError
from agent.parts import chosen_model
from agent.replay import functions
from agent.replay.bundle import check_place, facts, write_bundle
from agent.replay.calls import inputs_of, result_of
from agent.replay.codec import Icons, error_from, error_to
from agent.replay.names import Names, Users
from agent.replay.tape import PURE, Line, key_of
from agent.replay.turns import turns_before
from agent.replay.wraps import Codec, TapedDrawings, TapedLlm, TapedMemory, TapedModel, public
from agent.seams import quiet, using
from memory.errors import MemoryError_
from memory.records import Tenant
from svggen.errors import SvgGenError

if TYPE_CHECKING:
    from agent.drawings import Drawings
    from agent.llm import Llm
    from agent.parts import Parts
    from agent.session import Session
    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["Lists", "Recorder", "Sink", "in_order", "model_name", "record", "settings_of"]

SETTINGS = ("model", "llm", "llm_seconds", "vision", "embedder", "n", "rounds", "seconds", "size")


class Sink(Protocol):
    """Where a recording goes."""

    def line(self, line: Line) -> None: ...

    def memory(self, record: Mapping[str, Any]) -> None: ...

    def picture(self, digest: str, data: bytes) -> None: ...

    def about(self, facts: Mapping[str, Any]) -> None: ...


@dataclass
class Lists:
    """A Sink in this process."""

    lines: list[Line] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self, line: Line) -> None:
        self.lines.append(line)

    def memory(self, record: Mapping[str, Any]) -> None:
        self.records.append(dict(record))

    def picture(self, digest: str, data: bytes) -> None:
        self.pictures[digest] = data

    def about(self, facts: Mapping[str, Any]) -> None:
        self.facts.update(facts)


@dataclass(frozen=True)
class _Call:
    n: int
    at: datetime


_call: ContextVar[_Call | None] = ContextVar("mnemicon_recorded_call", default=None)


class Recorder:
    """The tape of a recording (``agent.seams.Tape``)."""

    def __init__(self, sink: Sink, users: Users | None = None) -> None:
        self._sink, self.alias = sink, Names(users)
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._told: set[str] = set()
        self._taken: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._histories: dict[str, list[str]] = {}
        self._threads: set[tuple[str, str]] = set()
        self._facts: dict[str, Any] = {"models": {}, "settings": {}, "seeds": []}
        self.icons = Icons(new=lambda id, svg: self._add({"seam": "icon", "id": id, "svg": svg}))
        self.clock = datetime.now(UTC)
        self._say(clock=self.clock.isoformat())

    # ------------------------------------------------------------------------------------------------------- the lines

    def ask(self, seam: str, request: Mapping[str, Any], real: Callable[[], Any] | None, codec: Codec) -> Any:
        assert real is not None  # a recording always has somebody to ask
        line: Line = {"seam": seam, "request": dict(request)}
        started = time.perf_counter()
        try:
            value = real()
        except Exception as error:
            written = error_to(error)
            if written is None:
                raise
            written["message"] = self.alias.hide(written["message"], words=True)
            self._add({**line, "error": written, "seconds": _since(started)})
            raise error_from(written) from error
        seconds = _since(started)
        try:
            data = self.alias.hide_in(codec.write(value, self.icons))
            self._add({**line, "response": data, "seconds": seconds})
        except (TypeError, ValueError, SvgGenError) as error:
            raise ReplayError(f"an answer of {seam} cannot be recorded: {error}") from error
        return codec.read(data, self.icons)

    def _add(self, line: Line) -> None:
        call = _call.get()
        whole = {"seam": line["seam"], **({} if call is None else {"in": call.n}), **line}
        if "request" in line:
            whole["key"] = key_of(line["seam"], line["request"])
            whole = {k: whole[k] for k in ("seam", "in", "n", "key", *whole) if k in whole}
            if functions.spare(whole):
                whole["spare"] = True
        with self._lock:
            if line["seam"] in PURE:
                if whole["key"] in self._told:
                    return
                self._told.add(whole["key"])
            self._sink.line(whole)

    def _say(self, **facts: Any) -> None:
        with self._lock:
            self._facts.update(facts)
            self._sink.about(self._facts)

    # ------------------------------------------------------------------------------------------------------- the calls

    def call(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if name in functions.FUNCTIONS:
            return functions.ask(self, name, real, arguments, options)
        if name == "session":
            self._turns(arguments[0])
        if _call.get() is not None:
            return real(*arguments, **options)
        pictures: dict[str, bytes] = {}
        try:
            inputs = inputs_of(name, real, arguments, options, self.alias, pictures)
        except (TypeError, ValueError, OSError, SvgGenError) as error:
            real(*arguments, **options)  # says what is wrong with the arguments, if anything is
            raise ReplayError(f"the call of {name} cannot be recorded: {error}") from error
        for digest, data in pictures.items():
            self._sink.picture(digest, data)
        seed = inputs.get("seed", 0)
        if name in ("design_icon", "session") and seed not in self._facts["seeds"]:
            self._say(seeds=[*self._facts["seeds"], seed])
        return self._made(name, inputs, lambda: real(*arguments, **options), lambda value: result_of(name, value))

    def outside(self, name: str, inputs: Mapping[str, Any], real: Callable[[], Any]) -> Any:
        return real() if _call.get() is not None else self._made(name, inputs, real, lambda _: {})

    def _made(
        self, name: str, inputs: Mapping[str, Any], real: Callable[[], Any], result: Callable[[Any], dict[str, Any]]
    ) -> Any:
        call = _Call(next(self._numbers), datetime.now(UTC))
        line: Line = {
            "seam": "call", "n": call.n, "request": {"name": name, "inputs": dict(inputs)}, "at": call.at.isoformat()
        }  # fmt: skip
        started = time.perf_counter()
        token = _call.set(call)
        try:
            try:
                value = real()
            finally:
                _call.reset(token)
        except BaseException as error:
            self._add(
                {**line, "error": {"type": type(error).__name__, "message": str(error)}, "seconds": _since(started)}
            )
            raise
        self._add({**line, "response": result(value), "seconds": _since(started)})
        return value

    def _turns(self, session: Session) -> None:
        """What was said in this conversation before the recording."""
        who = self.alias(session.parts.home, session.user)
        with self._lock:
            if (who, session.name) in self._threads:
                return
            self._threads.add((who, session.name))
        with quiet():
            state = turns_before(session)
        if state is not None:
            self._add({"seam": "turns", "user": who, "session": session.name, "state": state})

    # ------------------------------------------------------------------------------------------------------- the parts

    def now(self) -> datetime:
        call = _call.get()
        return self.clock if call is None else call.at

    def parts(self, home: Path | str | None) -> Parts | None:
        return None

    def memory(self, parts: Parts, real: Callable[[], Memory | None]) -> Memory | None:
        self._settings(parts)
        memory = real()
        if memory is None:
            self.alias(parts.home, "default")
            parts.trouble = self.alias.hide(parts.trouble, words=True)
            self._add({"seam": "closed", "trouble": parts.trouble})
            return None
        return self.around(memory, parts.home)

    def around(self, memory: Memory, home: Path) -> Memory:
        """The same memory, recorded."""
        if isinstance(memory, TapedMemory):
            return memory
        return TapedMemory(self, memory, home, before=lambda tenant: self._snapshot(memory, home, tenant.user))

    def _snapshot(self, memory: Memory, home: Path, user: str) -> None:
        who = self.alias(home, user)
        with self._lock:
            if who in self._taken:
                return
            self._taken.add(who)
            try:
                records = memory.snapshot(Tenant(user))
            except MemoryError_:
                return  # it will be down for the agent as well, which is recorded
            for record in records:
                self._sink.memory({"user": who, **record})

    def model(
        self, parts: Parts, real: Callable[[], SvgModel], model: SvgModel | str | None, *, image: bool = False
    ) -> SvgModel:
        self._settings(parts)
        opened = real()
        if isinstance(opened, TapedModel):
            return opened
        key = model_name(parts, model, image=image)
        batch = getattr(opened, "batch", None)
        if key not in self._facts["models"]:
            about = {"name": opened.name, "revision": str(getattr(opened, "revision", ""))}
            made = {key: {**about, **({} if batch is None else {"batch": batch})}}
            self._say(models={**self._facts["models"], **made})
        return TapedModel(self, key, opened.name, opened.revision, lambda: opened, batch)

    def llm(self, parts: Parts, real: Callable[[], Llm | None]) -> Llm | None:
        self._settings(parts)
        opened = real()
        if opened is None or isinstance(opened, TapedLlm):
            return opened
        return TapedLlm(self, opened, opened.name, opened.seconds)

    def drawings(self, parts: Parts, real: Callable[[], Drawings], user: str) -> Drawings:
        real()  # checks the name
        who = self.alias(parts.home, user)

        def saw(record: dict[str, Any], place: int | None) -> None:
            if (who, record["id"]) not in self._seen:
                self._seen.add((who, record["id"]))
                kept = {"id": record["id"], "place": place, "record": {**record, "user": who}}
                self._add({"seam": "kept", "user": who, **kept})

        def made(id: str) -> None:
            if (who, id) not in self._seen:
                self._seen.add((who, id))
                self._add({"seam": "made", "user": who, "id": id})

        return TapedDrawings(parts.home, user, saw, made, lambda now: self._histories.setdefault(who, now))

    def _settings(self, parts: Parts) -> None:
        if not self._facts["settings"]:
            self._say(settings=settings_of(parts))


def settings_of(parts: Parts) -> dict[str, Any]:
    """Those that shape a drawing, without what is set to nothing and without passwords."""
    given = {name: getattr(parts.settings, name) for name in SETTINGS}
    return {k: public(v) if isinstance(v, str) else v for k, v in given.items() if v is not None}


def model_name(parts: Parts, model: SvgModel | str | None, *, image: bool) -> str:
    """What a model goes by in a bundle: the name that it was asked for by."""
    if isinstance(model, str) or model is None:
        return public(chosen_model(model, parts.settings.model, image=image))
    return public(getattr(model, "key", model.name))


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 4)


# ------------------------------------------------------------------------------------------------------------ the block


@contextmanager
def record(path: Path | str, *, replace: bool = False, after_errors: bool = True) -> Iterator[Recorder]:
    """Everything that is drawn in the block goes into the bundle ``path``. replace: a bundle that is there gives way.
    after_errors: a block that raised is recorded, too."""
    target = Path(path)
    check_place(target, replace=replace)
    lists = Lists()
    recorder = Recorder(lists)
    failed = True
    try:
        with using(recorder):
            yield recorder
        failed = False
    finally:
        if lists.lines and (after_errors or not failed):
            about = about_of(lists.facts, lists.lines)
            write_bundle(target, in_order(lists.lines), lists.records, lists.pictures, about, replace=replace)


def about_of(said: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """The manifest, but for what ``write_bundle`` adds."""
    calls = sum(1 for line in lines if line["seam"] == "call")
    drafts = [d for line in lines if line["seam"] == "model" for d in line.get("response") or ()]
    revisions = {str(d["model"]): str(d["revision"]) for d in drafts}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return {"recorded": at, "calls": calls, **said, "drawn_by": revisions, **facts()}


def in_order(lines: Sequence[Line]) -> list[Line]:
    """What was there before; each call, and after it what it asked for, as it came; what no call asked for; icons."""
    calls = {line["n"]: line for line in lines if line["seam"] == "call"}
    before = [line for line in lines if line["seam"] in ("kept", "turns")]
    icons = {line["id"]: {k: v for k, v in line.items() if k != "in"} for line in lines if line["seam"] == "icon"}
    rest: dict[int | None, list[Line]] = {}
    for line in lines:
        if line["seam"] not in ("call", "made", "kept", "turns", "icon"):
            rest.setdefault(line.get("in") if line.get("in") in calls else None, []).append(line)
    out = [{k: v for k, v in line.items() if k != "in"} for line in before]
    for n in sorted(calls):
        out += [calls[n], *rest.get(n, ())]
    return [*out, *rest.get(None, ()), *icons.values()]
