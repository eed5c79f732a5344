"""The file map of docs/map.md: every module of the three packages with the first sentence of its docstring.

python scripts/file_map.py            writes it between the two markers of docs/map.md
python scripts/file_map.py --check    exit 1 where a module is missing from it, or it names one that is gone
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("agent", "memory", "svggen")
BEGIN, END = "<!-- FILE MAP -->", "<!-- END OF FILE MAP -->"
MAX_WORDS = 110  # characters of a line's text


def modules() -> list[Path]:
    """Every Python file of the three packages, relative to the root, folders after files."""
    found = [path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    return sorted(found, key=lambda path: (path.parts[0], path.parent.parts, path.name != "__init__.py", path.name))


def sentence(path: Path) -> str:
    """The first sentence of a module's docstring; empty where it has none."""
    text = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=[.;])\s|\n\n", " ".join(text.split("\n\n")[0].split()), maxsplit=1)[0].rstrip(".;:")
    return first if len(first) <= MAX_WORDS else first[:MAX_WORDS].rpartition(" ")[0] + " …"


def file_map() -> str:
    """The map as it stands in docs/map.md: one line a file, empty package markers left out."""
    rows = [(str(path), sentence(path)) for path in modules()]
    rows = [(name, text) for name, text in rows if text or not name.endswith("__init__.py")]
    width = max(len(name) for name, _ in rows)
    return "\n".join(["```", *(f"{name:{width}}  {text}".rstrip() for name, text in rows), "```"])


def mapped(readme: str) -> set[str]:
    """The file names that a README's map holds."""
    body = readme.partition(BEGIN)[2].partition(END)[0]
    return {line.split()[0] for line in body.splitlines() if line.strip() and not line.startswith("```")}


def main() -> int:
    target = ROOT / "docs/map.md"
    readme = target.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        wanted = mapped(f"{BEGIN}\n{file_map()}\n{END}")
        for name in sorted(wanted ^ mapped(readme)):
            print(f"{name}: {'missing from' if name in wanted else 'gone, but still in'} the file map of docs/map.md")
        return 1 if wanted ^ mapped(readme) else 0
    before, _, rest = readme.partition(BEGIN)
    target.write_text(f"{before}{BEGIN}\n\n{file_map()}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
