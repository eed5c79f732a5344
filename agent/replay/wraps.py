"""Memory, models, language model and kept drawings behind a tape.

Contract. Each does what the real one does, but asks the tape, which asks the real one and writes it down, or answers
itself. What a recording gives to the agent is what stands in it: every answer goes through JSON and back, so that
the agent sees the same in the recording and in its replay. Errors that are an answer (``codec.ERRORS``) are recorded
and raised again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from agent.drawings import Drawings
from agent.errors import BundleError
from agent.llm import Llm
from agent.replay.codec import Icons, asked, decode, encode
from agent.replay.tape import canonical, look_of
from memory.paths import check_tenant
from memory.records import Decision, Exemplar, Preference, RecallQuery, Recollection, Statement, Tenant
from svggen import wire
from svggen.errors import WireError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from memory.memory import Memory
    from svggen.models.base import Draft, DrawRequest, SvgModel

    F = TypeVar("F", bound=BaseModel)
else:
    F = TypeVar("F")

__all__ = ["Asker", "Codec", "TapedDrawings", "TapedLlm", "TapedMemory", "TapedModel", "plain", "public", "typed"]


class Codec(NamedTuple):
    """An answer as JSON and back."""

    write: Callable[[Any, Icons], Any]
    read: Callable[[Any, Icons], Any]


class Asker(Protocol):
    """What a wrapper needs of its tape."""

    icons: Icons

    def ask(self, seam: str, request: Mapping[str, Any], real: Callable[[], Any] | None, codec: Codec) -> Any:
        """The answer to a request. real: gives it without a tape; None where there is nobody to ask."""

    def outside(self, name: str, inputs: Mapping[str, Any], real: Callable[[], Any]) -> Any:
        """A write to memory: where no call is under way, it is one itself."""

    def alias(self, home: Path, user: str) -> str:
        """What the user is called in the bundle."""


def typed(hint: Any) -> Codec:
    return Codec(encode, lambda data, icons: decode(data, icons, hint))


plain = Codec(lambda value, _: value, lambda data, _: data)


def public(name: str) -> str:
    """A model's name without the password that may stand in an address."""
    return re.sub(r"//[^/@\s]*@", "//", name)


# -------------------------------------------------------------------------------------------------------------- models


def _drafts_to(drafts: Sequence[Draft], icons: Icons) -> Any:
    return [wire.draft_to_dict(draft) for draft in drafts]


def _drafts_from(data: Any, icons: Icons) -> list[Draft]:
    try:
        drafts = wire.drafts_from_json(json.dumps({"version": wire.VERSION, "drafts": data}))
    except WireError as error:
        raise BundleError(f"the drafts cannot be read: {error}") from error
    refused = next((d.notes[-1] for d in drafts if d.notes and d.notes[-1].startswith(wire.REFUSED)), None)
    written = [d.get("notes") or [] for d in data]
    if refused is not None and not any(refused in notes for notes in written):
        raise BundleError(f"the drafts cannot be read: {refused}")
    return drafts


DRAFTS = Codec(_drafts_to, _drafts_from)


class TapedModel:
    """key: the name that it was asked for by. open: gives the real model; None where there is none. batch: the drafts
    that it draws at once, where it says so."""

    def __init__(
        self, tape: Asker, key: str, name: str, revision: str, open: Callable[[], SvgModel] | None, batch: int | None
    ) -> None:
        self.name, self.revision = name, revision
        self.tape, self.key, self.open = tape, key, open
        if batch is not None:
            self.batch = batch

    def generate(self, request: DrawRequest) -> list[Draft]:
        opened = self.open
        real = None if opened is None else (lambda: opened().generate(request))
        drafts: list[Draft] = self.tape.ask("model", {"model": self.key, **asked(request)}, real, DRAFTS)
        return drafts

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return await asyncio.to_thread(self.generate, request)


# -------------------------------------------------------------------------------------------------------------- memory


class TapedMemory:
    """real: None where there is none. home: whose users these are. before: is called before the real one is asked.
    by_alias: the real one knows its users by their names in the bundle."""

    def __init__(
        self, tape: Asker, real: Memory | None, home: Path, before: Callable[[Tenant], None] | None = None, *,
        by_alias: bool = False,
    ) -> None:  # fmt: skip
        self._tape, self._real, self._home, self._before, self._by_alias = tape, real, home, before, by_alias

    def recall(self, tenant: Tenant, query: RecallQuery) -> Recollection:
        found: Recollection = self._read("recall", tenant, {"query": asked(query)}, typed(Recollection), query)
        return found

    def preferences(self, tenant: Tenant, *, history: bool = False) -> list[Preference]:
        more = {"history": True} if history else {}
        found: list[Preference] = self._read("preferences", tenant, more, typed(list[Preference]), **more)
        return found

    def search_preferences(self, tenant: Tenant, text: str, limit: int = 5) -> list[Preference]:
        more = {"text": text, "limit": limit}
        found: list[Preference] = self._read("search_preferences", tenant, more, typed(list[Preference]), text, limit)
        return found

    def exemplars(self, tenant: Tenant) -> Iterator[Exemplar]:
        return iter(self._read("exemplars", tenant, {}, typed(list[Exemplar])))

    def export(self, tenant: Tenant) -> Iterator[dict[str, Any]]:
        return iter(self._read("export", tenant, {}, plain))

    def snapshot(self, tenant: Tenant) -> list[dict[str, Any]]:
        return list(self._read("snapshot", tenant, {}, plain))

    def remember(self, tenant: Tenant, statements: Sequence[Statement]) -> list[Decision]:
        given = list(statements)
        done: list[Decision] = self._write(
            "remember", tenant, {"statements": asked(given)}, {"statements": encode(given, self._tape.icons)},
            typed(list[Decision]), given,
        )  # fmt: skip
        return done

    def accept(self, tenant: Tenant, exemplar: Exemplar) -> list[Decision]:
        done: list[Decision] = self._write(
            "accept", tenant, {"exemplar": asked(exemplar)}, {"exemplar": encode(exemplar, self._tape.icons)},
            typed(list[Decision]), exemplar,
        )  # fmt: skip
        return done

    def reject(self, tenant: Tenant, exemplar_id: str, reason: str) -> list[Decision]:
        more = {"exemplar_id": exemplar_id, "reason": reason}
        done: list[Decision] = self._write(
            "reject", tenant, more, more, typed(list[Decision]), exemplar_id, reason
        )  # fmt: skip
        return done

    def add_exemplars(self, tenant: Tenant, exemplars: Iterable[Exemplar]) -> int:
        given = list(exemplars)
        count: int = self._write(
            "add_exemplars", tenant, {"exemplars": asked(given)}, {"exemplars": encode(given, self._tape.icons)},
            typed(int), given,
        )  # fmt: skip
        return count

    def forget(self, tenant: Tenant, record_id: str) -> None:
        self._write("forget", tenant, {"record_id": record_id}, {"record_id": record_id}, plain, record_id)

    def forget_all(self, tenant: Tenant) -> None:
        self._write("forget_all", tenant, {}, {}, plain)

    def import_(self, tenant: Tenant, records: Iterable[dict[str, Any]]) -> list[Decision]:
        given = list(records)
        more = {"records": given}
        done: list[Decision] = self._write("import_", tenant, more, more, typed(list[Decision]), given)
        return done

    def close(self) -> None:
        if self._real is not None:
            self._real.close()

    def _read(
        self, method: str, tenant: Tenant, more: Mapping[str, Any], codec: Codec, *given: Any, **options: Any
    ) -> Any:
        request = {"method": method, **self._who(tenant), **more}
        real = self._real
        whose = replace(tenant, user=request["user"]) if self._by_alias else tenant
        call = None if real is None else (lambda: _listed(getattr(real, method)(whose, *given, **options)))
        return self._tape.ask("memory", request, call, codec)

    def _write(
        self, method: str, tenant: Tenant, more: Mapping[str, Any], inputs: Mapping[str, Any], codec: Codec, *given: Any
    ) -> Any:
        who = self._who(tenant)
        read = lambda: self._read(method, tenant, more, codec, *given)  # noqa: E731 - one expression, used once
        return self._tape.outside(f"memory.{method}", {**who, **inputs}, read)

    def _who(self, tenant: Tenant) -> dict[str, Any]:
        check_tenant(tenant)
        alias = self._tape.alias(self._home, tenant.user)
        if self._before is not None:
            self._before(replace(tenant, user=alias) if self._by_alias else tenant)
        return {"user": alias, **asked({k: v for k, v in vars(tenant).items() if k != "user" and v is not None})}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, Iterator) else value


# ------------------------------------------------------------------------------------------------------ language model


class TapedLlm(Llm):
    """real: None where there is none."""

    def __init__(self, tape: Asker, real: Llm | None, name: str, seconds: float) -> None:
        super().__init__(name, seconds=seconds)
        self._tape, self._asked = tape, real

    def ask(self, form: type[F], rules: str, data: Mapping[str, Any], pictures: Sequence[bytes] = ()) -> F:
        schema = canonical(form.model_json_schema())
        request = {
            "model": public(self.name),
            "form": form.__name__,
            "schema": hashlib.sha256(schema.encode()).hexdigest()[:16],
            "rules": rules,
            "data": dict(data),
            **({"pictures": [{"look": look_of(p)} for p in pictures]} if pictures else {}),
        }
        real = self._asked
        call = None if real is None else (lambda: real.ask(form, rules, data, pictures))
        filled: F = self._tape.ask("llm", request, call, _form(form))
        return filled

    @property
    def sees(self) -> bool:
        return True if self._asked is None else self._asked.sees


def _form(form: type[BaseModel]) -> Codec:
    def read(data: Any, _: Icons) -> Any:
        from pydantic import ValidationError

        try:
            return form.model_validate(data)
        except ValidationError as error:
            raise BundleError(f"an answer does not hold to {form.__name__}: {error.errors()[0]['msg']}") from error

    return Codec(lambda filled, _: filled.model_dump(mode="json"), read)


# ------------------------------------------------------------------------------------------------------- kept drawings


class TapedDrawings(Drawings):
    """Tells of every kept drawing that was read and had not been drawn meanwhile. saw: is given its record and its
    place among the last ones (None: among the older). made: is given the id of one that is kept."""

    def __init__(
        self, home: Path, user: str, saw: Callable[[dict[str, Any], int | None], None], made: Callable[[str], None],
        history: Callable[[list[str]], list[str]],
    ) -> None:  # fmt: skip
        """history: takes what the last drawings are now, and gives what they were when the recording began."""
        super().__init__(home, user)
        self._home, self._user, self._saw, self._made = home, user, saw, made
        self._before = history(self._history())

    def get(self, id: str = "last") -> dict[str, Any]:
        record = super().get(id)
        name = str(record["id"])
        place = len(self._before) - 1 - self._before[::-1].index(name) if name in self._before else None
        self._saw(record, place)
        return record

    def keep(self, record: dict[str, Any]) -> None:
        self._made(str(record["id"]))
        super().keep(record)

    def all(self) -> Iterator[dict[str, Any]]:
        """A look at the gallery shapes no drawing."""
        return Drawings(self._home, self._user).all()
