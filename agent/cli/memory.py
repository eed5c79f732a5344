"""``memory remember | show | forget | export | import``: what mnemicon knows of a user's taste, in the user's hands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.errors import BAD_INPUT, DONE, InputError, one_line
from agent.cli.files import read_bytes, write_file
from agent.cli.options import Home, Json, Project, User, check_prompt, settings
from agent.cli.output import Screen

if TYPE_CHECKING:
    from memory.memory import Memory
    from memory.records import Decision, Preference, Tenant

MAX_IMPORT = 256_000_000  # bytes: 100,000 exemplars of 2 kB and room

app = typer.Typer(help="What is remembered of your style, and how to change it.", no_args_is_help=False)


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="memory")


@contextmanager
def opened(home: Path | None, user: str | None = None, project: str | None = None) -> Iterator[tuple[Memory, Tenant]]:
    """The memory of one tenant, closed afterwards; MemoryUnavailable where it cannot be used. In a recording what is
    asked of it is recorded."""
    from agent.seams import recorded
    from memory import Tenant, open_memory
    from memory.embedding import embedder
    from memory.paths import check_tenant

    chosen = settings(home, user=user, project=project)
    tenant = check_tenant(Tenant(user=chosen.user, project=chosen.project))
    named = embedder(chosen.embedder) if chosen.embedder else None
    memory = open_memory(
        chosen.home, qdrant_url=chosen.qdrant_url, qdrant_api_key=chosen.qdrant_api_key, embedder=named
    )
    try:
        yield recorded(memory, chosen.home), tenant
    finally:
        memory.close()


def preference_json(preference: Preference) -> dict[str, Any]:
    return {
        "id": preference.id,
        "slot": preference.slot,
        "value": preference.value,
        "text": preference.text,
        "scope": preference.scope,
        "scope_id": preference.scope_id,
        "confidence": preference.confidence,
        "source": preference.provenance.source,
        "origin": preference.provenance.origin,
        "created_at": preference.created_at,
        "supersedes": preference.supersedes,
        "status": preference.status,
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "action": decision.action,
        "reason": decision.reason,
        "slot": decision.statement.slot,
        "value": decision.statement.value,
        "text": decision.statement.text,
        "id": decision.preference.id if decision.preference else None,
        "scope": decision.preference.scope if decision.preference else None,
        "superseded": list(decision.superseded),
    }


def print_decisions(screen: Screen, decisions: list[Decision]) -> None:
    words = {"add": "remembered", "supersede": "changed", "reinforce": "known already", "reject": "not stored"}
    for decision in decisions:
        style = "yellow" if decision.action == "reject" else "green"
        reason = "" if decision.action == "add" else f" ({decision.reason})"
        screen.line(f"{words[decision.action]:13} {decision.statement.text}{reason}", style)


@app.command()
def show(
    history: Annotated[bool, typer.Option("--history", help="Also what was superseded.")] = False,
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """What is remembered: one row a slot, with its scope, how sure it is, and where it came from."""
    screen = Screen(as_json=as_json)
    with opened(home, user, project) as (memory, tenant):
        preferences = memory.preferences(tenant, history=history)
        icons = sum(1 for _ in memory.exemplars(tenant)) if not as_json else 0
    screen.data([preference_json(preference) for preference in preferences])
    if preferences:
        screen.table(
            ("id", "slot", "value", "scope", "sure", "source", "since", *(("status",) if history else ())),
            (
                (
                    p.id,
                    p.slot,
                    _value(p.value),
                    p.scope if p.scope_id is None else f"{p.scope} {p.scope_id}",
                    f"{p.confidence:.0%}",
                    one_line(p.provenance.source, 40),
                    p.created_at[:10],
                    *((p.status,) if history else ()),
                )
                for p in preferences
            ),
        )
    else:
        screen.line(f"no rule of {tenant.user} is remembered yet")
        screen.line('try: mnemicon memory remember "1.5px strokes, round caps, teal"', "dim")
    screen.line(f"icons in the set of {tenant.user}: {icons}")
    return DONE


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@app.command()
def forget(
    record: Annotated[str | None, typer.Argument(help="Id of a preference or of an icon.", metavar="[ID]")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Erase the user: style, icons, history, drawings.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    user: User = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Forgets one thing, or with --all everything of a user, from the disk too."""
    screen = Screen(as_json=as_json)
    if everything == (record is not None):
        raise InputError("forget what?", hint="name one ID (see mnemicon memory show), or --all")
    if everything:
        _confirm(settings(home, user=user).user, asked=not (yes or as_json))
        with opened(home, user) as (memory, tenant):
            memory.forget_all(tenant)
        from agent.parts import open_parts
        from agent.session import erase_sessions

        erase_sessions(open_parts(home), tenant.user)
        screen.data({"user": tenant.user, "forgotten": "all"})
        screen.line(f"everything of {tenant.user} is erased", "green")
        return DONE
    assert record is not None
    with opened(home, user) as (memory, tenant):
        memory.forget(tenant, record)
    screen.data({"user": tenant.user, "forgotten": record})
    screen.line(f"forgot {record}", "green")
    return DONE


def _confirm(user: str, *, asked: bool) -> None:
    """Asks on a terminal; where there is nobody to ask, ``--all`` is the word."""
    if not asked or not sys.stdin.isatty():
        return
    if not typer.confirm(f"Erase everything that is kept of {user}?", err=True):
        raise InputError("nothing was erased", code=DONE + 1)


@app.command("export")
def export_(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.", show_default="stdout")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    training: Annotated[
        bool, typer.Option("--training", help="Instead: what you accepted, rejected and had mended, to learn from.")
    ] = False,
    consent: Annotated[bool, typer.Option("--consent", help="Your drawings and words may be learned from.")] = False,
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Everything remembered as JSON lines: preferences, history and icons."""
    screen = Screen(as_json=as_json)
    if training and not consent:
        raise InputError("a training file holds your drawings and your words", hint="add --consent if you want that")
    with opened(home, user, project) as (memory, tenant):
        records = list(_lessons(memory, tenant, home) if training else memory.export(tenant))
    lines = [json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records]
    if output is not None:
        written = write_file(output, "".join(line + "\n" for line in lines).encode(), force=force)
        screen.data({"user": tenant.user, "records": len(records), "path": str(written)})
        screen.line(f"wrote {len(records)} records to {written}", "green")
    elif as_json:
        screen.data(records)
    else:
        sys.stdout.writelines(line + "\n" for line in lines)
    return DONE


def _lessons(memory: Memory, tenant: Tenant, home: Path | None) -> Iterator[dict[str, Any]]:
    from agent.drawings import Drawings
    from agent.replay.training import examples

    return examples(memory, tenant, Drawings(settings(home).home, tenant.user), consent=True)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A file that export wrote; - for stdin.", metavar="FILE")],
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Takes in what export wrote. Every record passes the same gate as a statement; refused ones are listed."""
    screen = Screen(as_json=as_json)
    if str(path) == "-":
        data = sys.stdin.buffer.read(MAX_IMPORT + 1)
    else:
        data = read_bytes(path, limit=MAX_IMPORT, what="file of JSON lines")
    records = list(_records(data, str(path)))
    if not records:
        raise InputError(f"{path} holds no record", hint="write one with mnemicon memory export -o FILE")
    with screen.progress(f"importing {len(records)} records"), opened(home, user, project) as (memory, tenant):
        decisions = memory.import_(tenant, records)
    refused = [decision for decision in decisions if decision.action == "reject"]
    screen.data(
        {
            "user": tenant.user,
            "records": len(records),
            "taken": len(decisions) - len(refused),
            "refused": [decision_json(decision) for decision in refused],
            "decisions": [decision_json(decision) for decision in decisions],
        }
    )
    screen.line(f"{len(records)} records read, {len(refused)} refused", "green" if not refused else "yellow")
    for decision in refused:
        screen.line(f"  {one_line(decision.statement.text, 80)}: {decision.reason}", "yellow")
    return BAD_INPUT if len(refused) == len(records) else DONE


def _records(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not text in UTF-8", hint="give a file that export wrote") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError(f"{name} line {number} is not JSON", hint="give a file that export wrote") from None
        if not isinstance(record, dict):
            raise InputError(f"{name} line {number} is not a JSON object", hint="give a file that export wrote")
        yield record


@app.command()
def remember(
    text: Annotated[str, typer.Argument(help='Your rules: "1.5px strokes, round caps, teal, never filled".')],
    user: User = None,
    project: Project = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Keeps what you say of your style; a newer word on the same thing replaces the older."""
    screen = Screen(as_json=as_json)
    words = check_prompt(text, "the statement")
    from agent.brief import understand_statements

    with opened(home, user, project) as (memory, tenant):
        known = memory.preferences(tenant)
        brand = next((p.value for p in known if p.slot == "brand_color"), None)
        brief = understand_statements(words, brand_color=brand)
        if tenant.project is None and brief.project is not None:
            tenant = replace(tenant, project=brief.project)  # "for project apollo: ..." names it in words
        narrow = project is not None  # --project says for which icons the statement is made
        statements = [replace(s, scope="project") if narrow and s.scope is None else s for s in brief.statements]
        decisions = memory.remember(tenant, statements)
        dropped = [p for p in known if p.slot in brief.forget]
        for preference in dropped:
            memory.forget(tenant, preference.id)
    kept = [decision for decision in decisions if decision.action != "reject"]
    refused = [decision for decision in decisions if decision.action == "reject"]
    if not kept and not dropped:
        why = "; ".join(f"{decision.statement.text}: {decision.reason}" for decision in refused)
        hint = 'say it like "1.5px strokes, round caps, teal, never filled"'
        raise InputError(why or "there is nothing about style in that to remember", hint=hint)
    screen.data(
        {
            "user": tenant.user,
            "project": tenant.project,
            "remembered": [decision_json(decision) for decision in kept],
            "refused": [decision_json(decision) for decision in refused],
            "forgotten": [preference_json(preference) for preference in dropped],
            "not_understood": list(brief.not_understood),
            "notes": list(brief.notes),
        }
    )
    print_decisions(screen, [*kept, *refused])
    for preference in dropped:
        screen.line(f"{'forgotten':13} {preference.text}", "green")
    if brief.not_understood:
        screen.line(f"not understood: {', '.join(brief.not_understood)}", "yellow")
    return DONE
