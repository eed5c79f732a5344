"""The rules of a set in the project's own files: found, read, and written back without touching anything else.

Contract. The table is ``[audit]`` of ``mnemicon.toml`` or ``[tool.mnemicon.audit]`` of ``pyproject.toml``: of the
current folder, else of the folder of icons and those above it, up to the root of its repository. ``find_rules`` gives
the rules and the file they stand in; ``with_rules`` the text of a file with the table put in or put in place of the old
one, where the rest of the file stays as it was, byte for byte. Errors: ``RulesError`` names the file and what is wrong.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import RulesError

if TYPE_CHECKING:
    from svggen.sets import Rules

__all__ = ["FILE", "PROJECT", "find_rules", "read_rules", "with_rules"]

FILE: Final = "mnemicon.toml"
PROJECT: Final = "pyproject.toml"
_MAX: Final = 4_000_000  # bytes of a configuration
_WIDTH: Final = 110


def find_rules(directory: Path | None) -> tuple[Rules, Path | None]:
    """The rules in force for a folder of icons (None: for no folder), and where they stand: None for nowhere."""
    from svggen.sets import Rules

    for folder in _folders(directory):
        for name in (FILE, PROJECT):
            path = folder / name
            table = _table(path) if path.is_file() else None
            if table is not None:
                return Rules.from_dict(table, _where(path)), path
    return Rules(), None


def read_rules(path: Path) -> Rules:
    """The rules of one file; RulesError where it has none."""
    from svggen.sets import Rules

    table = _table(path)
    if table is None:
        raise RulesError(f"{path} has no [{_key(path)}] table; mnemicon audit DIR --learn writes one")
    return Rules.from_dict(table, _where(path))


def with_rules(path: Path, rules: Rules, *, force: bool = False) -> bytes:
    """What the file is to hold: its text with the rules. RulesError where it has rules already and ``force`` does not
    allow to replace them, or where they are written in a way that cannot be told from the rest."""
    old = _text(path) if path.exists() else ""
    key = _key(path)
    if _table(path) is not None if old else False:
        if not force:
            raise RulesError(f"{path} has an [{key}] table already; add --force to replace it")
        kept = _without(old, key)
        if _rest(kept, key, path) != _rest(old, key, path) or _inside(tomllib.loads(kept), key) is not None:
            raise RulesError(f"the [{key}] table of {path} is not one that can be replaced; remove it by hand")
        old = kept
    body = "\n".join(_lines(rules.to_dict(), key)) + "\n"
    new = f"{old.rstrip()}\n\n{body}" if old.strip() else body
    if _rest(new, key, path) != _rest(old, key, path):
        raise RulesError(f"{path} cannot take another table; give another file with --rules")
    return new.encode()


def _folders(directory: Path | None) -> Iterator[Path]:
    yield Path()
    if directory is None:
        return
    start = directory.resolve()
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _key(path: Path) -> str:
    return "tool.mnemicon.audit" if path.name == PROJECT else "audit"


def _where(path: Path) -> str:
    return f"{path}: {_key(path)}"


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX + 1)
        if len(data) > _MAX:
            raise RulesError(f"{path} is larger than {_MAX:,} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise RulesError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{path} is not text in UTF-8") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RulesError(f"{path} is not TOML: {error}") from error


def _table(path: Path) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = _inside(_parsed(_text(path), path), _key(path))
    return found


def _inside(data: Mapping[str, Any], key: str) -> Any:
    found: Any = data
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _rest(text: str, key: str, path: Path) -> dict[str, Any]:
    """The file without the table, as data; a table that is left empty by that counts as not there."""
    data = _parsed(text, path)
    chain: list[dict[str, Any]] = [data]
    parts = key.split(".")
    for part in parts[:-1]:
        inner = chain[-1].get(part)
        if not isinstance(inner, dict):
            return data
        chain.append(inner)
    chain[-1].pop(parts[-1], None)
    for outer, part in zip(reversed(chain[:-1]), reversed(parts[:-1]), strict=True):
        if not outer[part]:
            del outer[part]
    return data


def _without(text: str, key: str) -> str:
    """The text without the table and those below it, from header to header."""
    dotted = r"\s*\.\s*".join(re.escape(part) for part in key.split("."))
    ours = re.compile(rf"\s*\[\[?\s*{dotted}\s*[.\]]")
    kept: list[str] = []
    skipping = False
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("["):
            skipping = ours.match(line) is not None
        if not skipping:
            kept.append(line)
    return "".join(kept)


def _lines(table: Mapping[str, Any], key: str) -> Iterator[str]:
    yield f"[{key}]"
    inner = {k: v for k, v in table.items() if k in ("ignore", "variants")}
    for name, value in table.items():
        if name not in inner:
            yield from _line(name, value)
    if "ignore" in inner:
        yield ""
        yield f"[{key}.ignore]"
        for pattern, ids in inner["ignore"].items():
            yield from _line(_quoted(pattern), ids)
    for variant, norms in inner.get("variants", {}).items():
        yield ""
        yield f"[{key}.variants.{_bare(variant)}]"
        for name, value in norms.items():
            yield from _line(name, value)


def _line(name: str, value: Any) -> Iterator[str]:
    text = f"{name} = {_value(value)}"
    if len(text) <= _WIDTH or not isinstance(value, list):
        yield text
        return
    yield f"{name} = ["
    yield from (f"  {_value(each)}," for each in value)
    yield "]"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return repr(float(value)) if isinstance(value, float) else str(value)


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
