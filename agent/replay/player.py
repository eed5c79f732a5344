"""The tape of a replay: it answers what was recorded, and keeps what is other than that.

Contract. *pinned*: every answer comes from the tape. A request that was not recorded raises ReplayMismatch with its
difference to the nearest one that was. *live*: memory is really asked (``fresh``); what it finds is compared by ids and
ranks, not by scores, and where that is the same the rest follows from the tape; where it is not, models really draw.
*other*: memory is really asked and not compared, models draw where the tape has no answer. Results are held against
those of the recording in each mode (``problems``). The clock is that of the recorded call. Nothing is read from or
written to a home but ``home``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from agent.drawings import Drawings
from agent.errors import ReplayError, ReplayMismatch
from agent.replay import functions
from agent.replay.bundle import Bundle, time_of
from agent.replay.calls import inputs_of, result_of, svg_of
from agent.replay.codec import Icons, error_from
from agent.replay.differences import differences, missed, same_icon, unlike
from agent.replay.fresh import Compared, Fresh, kept_of, settings_from
from agent.replay.names import alias
from agent.replay.recording import model_name
from agent.replay.tape import Line, Shelf, said
from agent.replay.turns import plant
from agent.replay.wraps import Codec, TapedLlm, TapedMemory, TapedModel, public
from agent.settings import default_home
from memory.errors import TenantError
from memory.paths import check_user

if TYPE_CHECKING:
    from agent.llm import Llm
    from agent.parts import Parts
    from memory.memory import Memory
    from svggen.models.base import SvgModel

__all__ = ["MODES", "SHOWN", "Mode", "Played", "Player"]

Mode: TypeAlias = Literal["pinned", "live", "other"]
MODES: Final = ("pinned", "live")
SHOWN: Final = 5
"""Of the requests that were not made."""

_line: ContextVar[Line | None] = ContextVar("mnemicon_replayed_call", default=None)
_named: ContextVar[dict[str, str] | None] = ContextVar("mnemicon_replayed_users", default=None)


class Played:
    """One call of a replay: its line, and what came of it now."""

    def __init__(self, line: Line, result: dict[str, Any]) -> None:
        self.line, self.result = line, result

    @property
    def before(self) -> tuple[str, str]:
        return svg_of(self.line.get("response"))

    @property
    def after(self) -> tuple[str, str]:
        return svg_of(self.result)


class Player:
    """The tape of a replay (``agent.seams.Tape``). exact: a drawing must be the same bytes, not only the same
    drawing. names: users come by their names in the bundle. fresh: the memory of a replay that is not pinned."""

    def __init__(
        self, bundle: Bundle, mode: Mode, home: Path, *, exact: bool = False, names: bool = False,
        fresh: Fresh | None = None,
    ) -> None:  # fmt: skip
        self.bundle, self.mode, self.home, self.exact = bundle, mode, home, exact
        self.icons = Icons(bundle.icons)
        self.played: list[Played] = []
        self.found: list[str] = []
        self.drawn_anew = 0
        self.other_icons = 0
        self._shelf = Shelf(bundle.lines)
        self._names = names
        self._aliases: dict[tuple[str, str], str] = {}
        self._planted: set[str] = set()
        self._miss: ReplayError | None = None
        self._missing = False
        self._lock = threading.RLock()
        self._parts: Parts | None = None
        self._expected: Line | None = None
        self._whole = False
        self._now_known_as: dict[str, str] = {}
        self._fresh = fresh
        self._compared = Compared(self.icons) if mode == "live" else None

    # --------------------------------------------------------------------------------------------------------- answers

    def ask(self, seam: str, request: Mapping[str, Any], real: Callable[[], Any] | None, codec: Codec) -> Any:
        line = self._shelf.take(seam, request)
        try:
            if seam == "memory" and self.mode != "pinned":
                return self._from_memory(request, real, codec, line)
            if line is None:
                return self._unrecorded(seam, request, real)
            if "error" in line:
                raise error_from(line["error"])
            return codec.read(line["response"], self.icons)
        except ReplayError as error:  # also where whoever asked takes any error for "no answer"
            self._note(error)
            raise

    def _from_memory(
        self, request: Mapping[str, Any], real: Callable[[], Any] | None, codec: Codec, line: Line | None
    ) -> Any:
        assert real is not None
        value = real()
        if self._compared is None:
            return value
        if line is None:
            self.found.append(self._missed("memory", request))
            return value
        if "error" in line:
            self.found.append(f"{said(line)}: {line['error'].get('message')!r:.80} was recorded, now it answers")
            return value
        was = codec.read(line["response"], self.icons)
        places = self._compared.differences(str(request["method"]), was, value)
        self.found += [f"{said(line)}: {place}" for place in places]
        return value if places else was

    def _unrecorded(self, seam: str, request: Mapping[str, Any], real: Callable[[], Any] | None) -> Any:
        if self.mode == "pinned":
            raise ReplayMismatch(self._missed(seam, request))
        if real is None:
            raise ReplayError(f"{said({'seam': seam, 'request': request})}: there is nobody to ask")
        if seam == "model":
            self.drawn_anew += 1
            if self.mode == "live":
                self.found.append(self._missed(seam, request))
        return real()

    def _note(self, error: ReplayError) -> None:
        self._missing = True
        self._miss = self._miss or error

    def pass_over(self, line: Line, error: ReplayMismatch) -> None:
        """A call that missed something is done with: the next one may go on."""
        self.found.append(str(error))
        self.played.append(Played(line, {}))
        self._miss = None

    def _missed(self, seam: str, request: Mapping[str, Any]) -> str:
        return missed(seam, request, self._shelf.of(seam), len(self._shelf.recorded(seam, request)))

    # ----------------------------------------------------------------------------------------------------------- calls

    def call(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if name in functions.FUNCTIONS:
            return functions.ask(self, name, real, arguments, options)
        if name == "session":
            session = arguments[0]
            if session.parts is not self.parts(None):
                arguments = (session.over(self.parts(None)), *arguments[1:])
        if _line.get() is not None:
            self._begin(name, arguments)
            return real(*arguments, **options)
        inputs = inputs_of(name, real, arguments, options, self._alias_of_call, {})
        user = arguments[0].user if name == "session" else options.get("user", "default")
        token = _named.set({str(user): inputs["user"]})
        try:
            self._begin(name, arguments)
            return self._make(name, inputs, lambda: real(*arguments, **options))
        finally:
            _named.reset(token)

    def outside(self, name: str, inputs: Mapping[str, Any], real: Callable[[], Any]) -> Any:
        return real() if _line.get() is not None else self._make(name, inputs, real)

    def _make(self, name: str, inputs: Mapping[str, Any], real: Callable[[], Any]) -> Any:
        request = {"name": name, "inputs": dict(inputs)}
        line = self._shelf.take("call", request) or self._expected
        if line is None:
            text = self._missed("call", request)
            if self.mode == "pinned":
                error = ReplayMismatch(text)
                self._note(error)
                raise error
            self.found.append(text)
            line = {"seam": "call", "request": request, "at": self.bundle.clock.isoformat(), "response": {}}
        token = _line.set(line)
        try:
            value = real()
        except ReplayError:
            raise
        except Exception as error:
            self._failed(line, error)
            raise
        finally:
            _line.reset(token)
        if self._miss is not None:
            raise self._miss
        result = result_of(name, value) if not name.startswith("memory.") else {}
        self._compare(line, result)
        self._rename(line.get("response") or {}, result)
        with self._lock:
            self.played.append(Played(line, result))
        return value

    def expect(self, line: Line) -> dict[str, Any]:
        """The whole bundle is played, and the next call is that of this line, whatever it is given. Gives its
        arguments, with icons by the ids that they have in this replay."""
        self._whole = True
        self._expected = None if self.mode == "pinned" else line
        inputs = dict(line["request"].get("inputs") or {})
        for name in ("edit", "id"):
            given = inputs.get(name)
            if isinstance(given, str) and len(given) >= 4:
                known = {now for was, now in self._now_known_as.items() if was.startswith(given)}
                inputs[name] = known.pop() if len(known) == 1 else given
        return inputs

    def _rename(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Icons of the recording and those that stand in their places now."""
        others = zip(was.get("candidates") or (), now.get("candidates") or (), strict=False)
        pairs = [(svg_of(was)[0], svg_of(now)[0]), *others]
        self._now_known_as.update({str(a): str(b) for a, b in pairs if a and b and a != b})

    def _failed(self, line: Line, error: Exception) -> None:
        was, now = line.get("error"), {"type": type(error).__name__, "message": str(error)}
        if was is None or was.get("type") != now["type"]:
            self.other_icons += 1
            before = "it gave an answer" if was is None else f"it raised {was.get('type')}"
            self.found.append(f"{said(line)}: in the recording {before}, now it raises {now['type']}: {error}")
        with self._lock:
            self.played.append(Played(line, {}))

    def _compare(self, line: Line, result: dict[str, Any]) -> None:
        if "error" in line:
            self.found.append(f"{said(line)}: in the recording it raised {line['error'].get('type')}, now it does not")
            return
        was = dict(line["response"])
        (_, svg_was), (_, svg_now) = svg_of(was), svg_of(result)
        if svg_was != svg_now if self.exact else not same_icon(svg_was, svg_now):
            self.other_icons += 1
            self.found.append(f"{said(line)}: it is another drawing")
        if self.mode == "other":
            was, result = _by_memory(was), _by_memory(result)
        was, now = (_without_svg(x if self._compared is None else self._compared.renamed(x)) for x in (was, result))
        self.found += [f"{said(line)}: {place}" for place in differences(was, now)] if unlike(was, now) else []

    def _begin(self, name: str, arguments: tuple[Any, ...]) -> None:
        """A conversation begins with what had been said before the recording."""
        if name != "session":
            return
        session = arguments[0]
        who = self.alias(self.home, session.user)
        for line in self.bundle.of("turns"):
            if (line["user"], line["session"]) == (who, session.name):
                self._plant_drawings(who)
                plant(session, line["state"])

    # ----------------------------------------------------------------------------------------------------------- parts

    def now(self) -> datetime:
        line = _line.get()
        return self.bundle.clock if line is None else time_of(line["at"], "the time of a call")

    def alias(self, home: Path | None, user: str) -> str:
        known = _named.get() or {}
        if user in known:
            return known[user]
        if self._names:
            return user
        with self._lock:
            first = next((a for (_, name), a in self._aliases.items() if name == user), None)
        return first or self._alias_of_call(home, user)

    def _alias_of_call(self, home: Path | None, user: str) -> str:
        if self._names or not _allowed(user):
            return user
        where = str(default_home() if home in (None, self.home) else Path(home).expanduser())
        with self._lock:
            return self._aliases.setdefault((where, user), alias(len(self._aliases)))

    def parts(self, home: Path | str | None) -> Parts:
        from agent.parts import Parts

        with self._lock:
            if self._parts is None:
                self._parts = Parts(settings_from(self.bundle, self.home))
            return self._parts

    def memory(self, parts: Parts, real: Callable[[], Memory | None]) -> Memory | None:
        at = (_line.get() or {}).get("n")
        closed = next((line for line in self.bundle.of("closed") if line.get("in") == at), None)
        if closed is not None and self.mode != "other":
            parts.trouble = str(closed["trouble"])
            return None
        parts.trouble = ""
        if self._fresh is None:
            return TapedMemory(self, None, self.home)
        memory = self._fresh.memory(self.now, None if self._compared is None else self._compared.ids)
        return TapedMemory(self, memory, self.home, before=self._fresh.fill, by_alias=True)

    def model(
        self, parts: Parts, real: Callable[[], SvgModel], model: SvgModel | str | None, *, image: bool = False
    ) -> SvgModel:
        if isinstance(model, TapedModel):
            return model
        key = model_name(self.parts(None), model, image=image)
        about = (self.bundle.manifest.get("models") or {}).get(key) or {}
        batch = about.get("batch")
        return TapedModel(
            self, key, str(about.get("name", key)), str(about.get("revision", "")),
            None if self.mode == "pinned" else lambda: _opened(key, model),
            batch if isinstance(batch, int) and batch > 0 else None,
        )  # fmt: skip

    def llm(self, parts: Parts, real: Callable[[], Llm | None]) -> Llm | None:
        settings = self.parts(None).settings
        if settings.llm is None:
            return None
        from agent.llm import open_llm

        asked = None if self.mode == "pinned" else open_llm(settings.llm, seconds=settings.llm_seconds)
        return TapedLlm(self, asked, public(settings.llm), settings.llm_seconds)

    def drawings(self, parts: Parts, real: Callable[[], Drawings], user: str) -> Drawings:
        who = self.alias(parts.home, check_user(user))
        self._plant_drawings(who)
        return Drawings(self.home, who)

    def _plant_drawings(self, who: str) -> None:
        """The kept drawings that the recording read begin to be there."""
        with self._lock:
            if who in self._planted:
                return
            self._planted.add(who)
            drawings = Drawings(self.home, who)
            for record in kept_of(self.bundle, who):
                drawings.keep(record)

    # ------------------------------------------------------------------------------------------------------------- end

    def unused(self) -> list[str]:
        """What was recorded and not asked for, in short, each kind once."""
        left = [line for line in self._shelf.unused() if not self._whole or line["seam"] == "call" or "in" in line]
        counts = Counter(said(line) for line in left)
        return [text if count == 1 else f"{text} ({count} times)" for text, count in counts.items()]

    def problems(self) -> list[str]:
        """All that is other than recorded; of a replay that is not pinned without what was not asked for."""
        out = [str(self._miss)] if self._miss is not None else []
        out += self.found
        if self.mode == "pinned" and not self._missing:
            left = self.unused()
            shown = [f"recorded, but not asked for: {text}" for text in left[:SHOWN]]
            out += shown + ([f"and {len(left) - SHOWN} more"] if len(left) > SHOWN else [])
        return list(dict.fromkeys(out))

    def close(self) -> None:
        if self._fresh is not None:
            self._fresh.close()


def _allowed(user: str) -> bool:
    try:
        return bool(check_user(user))
    except TenantError:
        return False


def _by_memory(result: Mapping[str, Any]) -> dict[str, Any]:
    """Of a result, what another memory may change beside the drawing; memories by their words."""
    out = {k: result[k] for k in ("kind", "style") if k in result}
    return {**out, "memories": sorted(str(m.get("text")) for m in result["memories"])} if "memories" in result else out


def _without_svg(result: Mapping[str, Any]) -> dict[str, Any]:
    current = result.get("current")
    out = {k: v for k, v in result.items() if k != "svg"}
    return {**out, "current": current.get("id")} if isinstance(current, dict) else out


def _opened(key: str, model: SvgModel | str | None) -> SvgModel:
    """The model that really draws: the one that was handed over, else the one of that name."""
    if model is not None and not isinstance(model, str):
        return model
    from svggen.errors import ModelError
    from svggen.models import get_model

    try:
        return get_model(key)
    except ModelError as error:
        raise ReplayError(f"the model {key!r} of the recording cannot be had here: {error}") from error
