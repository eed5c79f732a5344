"""``audit``: does a set hold together? For people, for CI, and as a contact sheet that marks what does not.

Contract. Answers ``{"style", "icons": [{"file", "outlier", "findings"}], "look_alikes"}`` and more; exit 0 the set
holds together, 1 outliers, broken rules or files that cannot be read, 2 bad input. Rules of the set's owner are read
from ``mnemicon.toml`` or ``pyproject.toml`` (``agent.set_rules``); ``--learn`` writes those that the set follows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.check import describe_style
from agent.cli.errors import DONE, NO_ICON, InputError
from agent.cli.files import picture_name, write_file
from agent.cli.icons import folder_of, read_folder, read_own
from agent.cli.options import Home, Json, Project, User
from agent.cli.output import Screen, Steps

if TYPE_CHECKING:
    from svggen.sets import Audit, Item, Rules

SHOWN = 60
"""Outliers and pairs that are printed; the sheet and --json have all of them."""


def register(app: typer.Typer) -> None:
    app.command()(audit)


def audit(
    directory: Annotated[
        Path | None, typer.Argument(help="A folder of SVG files.", metavar="[DIR]", show_default="your own icons")
    ] = None,
    user: User = None,
    project: Project = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="The TOML file with the rules.", show_default="mnemicon.toml, pyproject.toml"),
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Write the rules that the set follows, and check nothing.")
    ] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="With --learn: ignore what breaks the rules today, file by file.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", "-o", help="PNG: all icons, outliers marked.", show_default="none")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a sheet or rules that are there.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Does a set hold together? Finds the icons that leave it, with numbers. Exit 0 it does, 1 it does not."""
    screen = Screen(as_json=as_json)
    if baseline and not learn:
        raise InputError("--baseline goes with --learn", hint="mnemicon audit DIR --learn --baseline")
    if directory is not None and user is not None:
        raise InputError("a folder and --user are two sets", hint="give one of them")
    if directory is not None:
        folder_of(directory)
    if sheet is not None:
        picture_name(sheet)
    given, source = _rules(directory, rules, learn)
    with screen.progress("reading") as steps:
        items = _items(directory, home, user, project, steps)
    found = audited(screen, items, given)
    if learn:
        return _learn(screen, found, given, rules or source or Path("mnemicon.toml"), baseline, force)
    name = str(directory) if directory is not None else "your icons"
    path = _sheet(found, items, f"{name}: {_summary(found)}", sheet, force) if sheet is not None else None
    screen.data({**found.to_dict(), "rules_path": None if source is None else str(source), "sheet_path": path})
    _print(screen, found, source, path)
    return DONE if found.holds else NO_ICON


def _rules(directory: Path | None, given: Path | None, learn: bool) -> tuple[Rules, Path | None]:
    """The rules in force, and their file. Where they are to be learned: only what is ignored, which stays."""
    from agent.set_rules import find_rules, read_rules
    from svggen.errors import RulesError
    from svggen.sets import Rules

    if given is None:
        rules, source = find_rules(directory)
    elif given.is_file():
        try:
            rules, source = read_rules(given), given
        except RulesError:
            if not learn:
                raise
            rules, source = Rules(), None  # with_rules says what is wrong with the file, where anything is
    elif learn:
        rules, source = Rules(), None
    else:
        raise InputError(f"there is no file {given}", hint="mnemicon audit DIR --learn writes one")
    return (Rules(look_alikes=rules.look_alikes, ignore=rules.ignore) if learn else rules), source


def _items(
    directory: Path | None, home: Path | None, user: str | None, project: str | None, steps: Steps
) -> list[Item]:
    if directory is not None:
        return read_folder(directory, steps)
    from agent.cli.memory import opened

    with opened(home, user, project) as (memory, tenant):
        return read_own(memory, tenant)


def audited(screen: Screen, items: list[Item], rules: Rules) -> Audit:
    """The audit, with progress."""
    from svggen.sets.audit import audit as look

    readable = sum(item.icon is not None for item in items)
    done = {"n": 0}
    with screen.progress("measuring", total=2 * readable) as steps:

        def tell(doing: str, n: int) -> None:
            done["n"] += n
            steps.step(f"{doing}: {(done['n'] - 1) % readable + 1} of {readable}")
            steps.advance(n)

        return look(items, rules, tell)


def _learn(screen: Screen, found: Audit, given: Rules, target: Path, baseline: bool, force: bool) -> int:
    from agent.set_rules import with_rules
    from svggen.sets.learned import learned

    rules = learned(found, given, baseline=baseline)
    data = with_rules(target, rules, force=force)
    written = write_file(target, data, force=True)
    odd = sum(icon.outlier for icon in found.icons)
    screen.data({"rules_path": str(written), "rules": rules.to_dict(), "outliers": odd, "icons": len(found.icons)})
    screen.line(f"wrote the rules of the set to {written}", "green")
    screen.line(f"  style: {describe_style(found.style.to_dict())}")
    if odd:
        say = "are ignored as they are today" if baseline else "break them: mnemicon audit says which"
        screen.line(f"  {odd} of {len(found.icons)} icons {say}", "yellow")
    return DONE


def _sheet(found: Audit, items: list[Item], title: str, path: Path, force: bool) -> str | None:
    from svggen.sets.sheets import audit_sheet

    data = audit_sheet(found, items, title)
    return None if data is None else str(write_file(path, data, force=force))


def _summary(found: Audit) -> str:
    odd = sum(icon.outlier for icon in found.icons)
    pairs = f", {len(found.alike)} look-alike pairs" if found.alike else ""
    return f"{len(found.icons)} icons, {odd} {'leaves' if odd == 1 else 'leave'} the set{pairs}"


def _print(screen: Screen, found: Audit, source: Path | None, sheet: str | None) -> None:
    if screen.as_json:
        return
    for group in found.groups:
        label = f"{group.name}: " if group.name else ""
        screen.line(f"{label}{group.n} icons, {describe_style(group.style.to_dict())}", "bold")
        for field, shares in group.norm.divided.items():
            words = ", ".join(f"{word} {share:.0%}" for word, share in shares.items())
            screen.line(f"  divided in {field.replace('_', ' ')}: {words}", "dim")
        for rule, share in group.others.items():
            screen.line(f"  {rule} is no rule of this set: {share:.0%} of its icons break it", "dim")
    if source is not None:
        screen.line(f"rules: {source}", "dim")
    odd = [icon for icon in found.icons if icon.outlier]
    for icon in odd[:SHOWN]:
        screen.line(icon.file, "red" if any(f.kind == "broken" for f in icon.findings) else "yellow")
        for finding in icon.findings:
            screen.line(f"    {finding.rule}: {finding.message}; {finding.repair}")
    _more(screen, len(odd), "icons")
    for pair in found.alike[:SHOWN]:
        what = "the same picture" if pair.same else f"differ by {pair.difference:.2f} at 16 px"
        screen.line(f"look alike: {pair.a} and {pair.b} ({what})", "dim" if not found.strict_alike else "yellow")
    _more(screen, len(found.alike), "pairs")
    if sheet:
        screen.line(f"contact sheet: {sheet}")
    screen.line(f"{_summary(found)}", "green" if found.holds else "bold")


def _more(screen: Screen, n: int, what: str) -> None:
    if n > SHOWN:
        screen.line(f"... and {n - SHOWN} more {what}: --json has all of them")
