"""Draws the pictures of the README with the program itself.

Run:  python scripts/readme_pictures.py [--out docs]

family.png   one list of subjects, drawn for four users: nothing remembered, a stated style, and eight own icons of two
             other looks (icons of sets that ship, added as a folder would be)
sizes.png    what one user gets, at 24, 48 and 256 px, on light and dark
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agent.brief import understand_statements
from agent.tool import design_icon
from memory import Tenant, open_memory
from memory.library import open_library
from memory.records import Exemplar
from svggen.icon import Icon, icon_id, parse
from svggen.render import contact_sheet

SUBJECTS = (
    "coffee cup", "paper plane", "calendar with a check mark", "shopping cart", "user with a plus", "bell crossed out",
    "shield with a lock", "cloud with sun", "camera", "house", "arrow in a circle", "two users",
)  # fmt: skip
STATED = "1.5px strokes, round caps, teal, never filled"
OWN = ("key", "book", "heart", "folder", "map-pin", "star", "lock", "phone", "home", "cube", "image", "trash")


def own_icons(set_name: str, style: str) -> list[Exemplar]:
    """Eight icons of a shipped set whose names end in ``style``."""
    library = open_library()
    wanted = {f"{set_name}:{name}{style}": name for name in OWN}
    found: list[Exemplar] = []
    for number in range(len(library)):
        subject = wanted.get(f"{library.set_of(number)['id']}:{library.name(number)}")
        if subject is not None:
            icon = library.icon(number)
            found.append(Exemplar(icon_id(icon), subject, icon, (subject,), set_name, "MIT", "2026-01-01T00:00:00Z"))
    if len(found) < 6:
        raise SystemExit(f"only {len(found)} icons {set_name}:*{style} in the library")
    return found


def draw(user: str, home: Path) -> list[Icon]:
    icons = []
    for subject in SUBJECTS:
        result = design_icon(subject, user=user, home=home, seed=7)
        print(f"  {user:10} {subject:28} {result.score:.2f}  {', '.join(e['id'] for e in result.exemplars[:1])}")
        icons.append(parse(result.svg))
    return icons


def main() -> None:
    parser = argparse.ArgumentParser(description="the pictures of the README")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        memory = open_memory(home)
        memory.remember(Tenant("stated"), understand_statements(STATED).statements)
        memory.add_exemplars(Tenant("solid"), own_icons("ph", "-fill"))
        memory.add_exemplars(Tenant("twotone"), own_icons("ph", "-duotone"))
        memory.add_exemplars(Tenant("pixels"), own_icons("memory", ""))
        memory.close()
        rows: list[Icon] = []
        for user in ("nobody", "stated", "solid", "twotone", "pixels"):
            rows.extend(draw(user, home))
        (out / "family.png").write_bytes(
            contact_sheet(rows, columns=len(SUBJECTS), cell=48, backgrounds=("#ffffff", "#16181d"))
        )
        stated = rows[len(SUBJECTS) : 2 * len(SUBJECTS)]
        pairs = list(zip(stated, SUBJECTS, strict=True))
        (out / "sizes.png").write_bytes(contact_sheet(pairs[:6], sizes=(24, 48, 256), columns=2))
    print(f"wrote {out}/family.png and {out}/sizes.png")


if __name__ == "__main__":
    main()
