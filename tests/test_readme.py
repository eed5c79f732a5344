"""The README and docs/map.md cannot go stale: every module and every command is in them, and the programs run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_map_holds_every_module_and_no_other() -> None:
    tool = script("file_map")
    wanted = tool.mapped(f"{tool.BEGIN}\n{tool.file_map()}\n{tool.END}")
    assert len(wanted) > 30
    assert tool.mapped((ROOT / "docs" / "map.md").read_text("utf-8")) == wanted, "run: python scripts/file_map.py"


def test_every_module_says_what_it_is() -> None:
    tool = script("file_map")
    silent = [str(path) for path in tool.modules() if path.name != "__init__.py" and not tool.sentence(path)]
    assert silent == []


def test_the_command_table_holds_every_command_and_no_other() -> None:
    import typer.main

    from agent.cli import app

    def names(group: object, prefix: str = "") -> set[str]:
        found: set[str] = set()
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            found |= names(command, f"{prefix}{name} ") if hasattr(command, "commands") else {prefix + name}
        return found

    real = names(typer.main.get_command(app))
    assert len(real) > 15
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    told = {name for name in real if re.search(rf"`mnemicon {name}[ `]", table)}
    told |= {f"memory {name}" for name in re.findall(r"`(import) FILE`", table)}  # shares a row with export
    assert told == real
    for line in re.findall(r"`mnemicon ([a-z][a-z-]*(?: [a-z]+)?)", table):
        assert line in real or line.split()[0] in real, line


def test_every_command_takes_json() -> None:
    import typer.main

    from agent.cli import app

    def check(group: object) -> int:
        count = 0
        for command in group.commands.values():  # type: ignore[attr-defined]
            if hasattr(command, "commands"):
                count += check(command)
                continue
            count += 1
            assert any("--json" in parameter.opts for parameter in command.params), command.name
        return count

    assert check(typer.main.get_command(app)) > 15


def test_make_and_ci_run_what_the_readme_says() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for goal in ("demo", "setup", "test", "check", "bench", "library", "embedder"):
        assert re.search(rf"^{goal}:", makefile, re.MULTILINE), goal
    for goal in re.findall(r"^ {4}make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{goal}:", makefile, re.MULTILINE), goal
    assert "make check" in ci and "make test" in ci
