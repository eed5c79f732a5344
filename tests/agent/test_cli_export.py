"""``export``, from the kept drawing, the set or the folder to the files: what is written, refused, credited, said."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from agent.cli import files, main
from agent.cli.errors import InputError
from agent.cli.files import write_folder
from agent.drawings import Drawings
from memory import Exemplar, Tenant
from memory.embedding import FakeEmbedder
from memory.memory import EmbeddedMemory
from svggen.icon import Icon, icon_id, parse, serialise

BELL = '<path d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9" fill="none" stroke="currentColor" stroke-width="2"/>'
STAR = '<path d="M12 2l3 7h7l-5.5 4.500 2 7.500L12 17l-6.500 4 2-7.500L2 9h7z" fill="currentColor"/>'
DOT = '<circle cx="12" cy="12" r="6" fill="#e11d48"/>'


def icon(body: str) -> Icon:
    return parse(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>')


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and an empty home."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def drawings(own_home: Path) -> Drawings:
    return Drawings(own_home, "default")


def keep(drawings: Drawings, body: str, subject: str, *exemplars: dict[str, Any]) -> str:
    drawn = icon(body)
    record = {"id": icon_id(drawn), "svg": serialise(drawn), "subject": subject, "prompt": subject}
    drawings.keep({**record, "exemplars": list(exemplars), "candidates": []})
    return icon_id(drawn)


def used(id: str, source: str, licence: str, name: str = "") -> dict[str, Any]:
    return {"id": id, "name": name, "source": source, "licence": licence, "why": "", "used": True}


def told(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> Any:
    assert main(["export", *argv, "--json"]) == code, capsys.readouterr()
    return json.loads(capsys.readouterr().out)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --------------------------------------------------------------------------------------------------- what is exported


def test_the_last_icon_and_one_by_its_id(here: Path, drawings: Drawings, capsys: pytest.CaptureFixture[str]) -> None:
    first, last = keep(drawings, STAR, "star"), keep(drawings, BELL, "a <b>bell</b>")
    answer = told(capsys, "-o", "out")
    assert list(answer) == ["format", "out", "icons", "notes"]
    assert answer == {
        "format": "svg", "out": "out", "notes": [],
        "icons": [{"id": last, "name": "a-b-bell-b", "files": ["out/a-b-bell-b.svg"]}],
    }  # fmt: skip
    assert parse((here / "out" / "a-b-bell-b.svg").read_bytes()) == icon(BELL)
    assert told(capsys, first[:8].upper(), "-o", "out/star.svg")["icons"][0]["files"] == ["out/star.svg"]
    assert names(here / "out") == ["a-b-bell-b.svg", "star.svg"]
    assert main(["export", first]) == 0 and "1 icon as svg: star.svg" in capsys.readouterr().out
    assert names(here) == ["out", "star.svg"]


@pytest.mark.parametrize("format", ["png", "react", "vue", "sprite", "font", "iconify"])
def test_the_other_formats(here: Path, drawings: Drawings, format: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(drawings, BELL, "bell")
    answer = told(capsys, "--format", format, "-o", "out", "--sizes", "16,24", "--2x", "--name", "Ana's")
    assert answer["icons"][0]["name"] == "bell" and answer["notes"] == []
    assert set(answer["icons"][0]["files"]) <= {f"out/{name}" for name in names(here / "out")}
    wanted = {
        "png": ["bell-16.png", "bell-16@2x.png", "bell-24.png", "bell-24@2x.png"],
        "react": ["BellIcon.tsx", "index.ts", "types.ts"], "vue": ["BellIcon.vue", "index.ts"],
        "sprite": ["anas.svg", "anas.txt"], "font": ["anas.css", "anas.ttf", "anas.woff2", "codepoints.json"],
        "iconify": ["anas.json"],
    }  # fmt: skip
    assert names(here / "out") == wanted[format]


@pytest.mark.slow
def test_the_one_file_that_is_named(here: Path, drawings: Drawings, capsys: pytest.CaptureFixture[str]) -> None:
    keep(drawings, BELL, "bell")
    assert told(capsys, "-f", "iconify", "-o", "set.json")["icons"][0]["files"] == ["set.json"]
    assert told(capsys, "-f", "png", "-o", "big.png")["icons"][0]["files"] == ["big.png"]
    assert (here / "big.png").read_bytes()[16:24] == (256).to_bytes(4) * 2
    assert told(capsys, "-f", "sprite", "-o", "all.svg")["icons"][0]["files"] == ["all.svg"]
    assert names(here) == ["all.svg", "all.txt", "big.png", "set.json"]
    assert "name a folder" in told(capsys, "-f", "font", "-o", "x.ttf", code=2)["error"]["hint"]
    assert "one PNG file" in told(capsys, "-f", "png", "-o", "x.png", "--sizes", "1,2", code=2)["error"]["message"]


def test_a_folder_of_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its folders are categories, equal drawings one icon with two names; what is unsafe is left out and said."""
    for name, text in (
        ("Bell.svg", BELL), ("signs/Star One.svg", STAR), ("signs/zstar.svg", STAR), ("b&d <1>.svg", DOT),
        ("bad.svg", '<script>alert(1)</script><path d="M0 0h9v9z"/>'),
    ):  # fmt: skip
        path = here / "from" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{text}</svg>')
    answer = told(capsys, "--from", "from", "-f", "iconify", "-o", "out")
    assert [i["name"] for i in answer["icons"]] == ["bell", "b-and-d-1", "star-one"]
    data = json.loads((here / "out" / "icons.json").read_text())
    assert data["aliases"] == {"zstar": {"parent": "star-one"}} and data["categories"] == {"signs": ["star-one"]}
    assert "from/bad.svg was left out" in answer["notes"][0] and "script" in answer["notes"][0]
    (here / "none").mkdir()
    for argv, said in (
        (["--from", "none"], "no SVG file"), (["--from", "gone"], "is not there"),
        (["--from", "out/icons.json"], "is a file"), (["--from", "from", "--set"], "three things"),
        (["--sizes", "16,x"], "no whole numbers"), (["--set"], "has no icons"),
        ([], "nothing has been drawn yet"), (["../x"], "not the id of a drawing"), (["0123abcd"], "no kept drawing"),
    ):  # fmt: skip
        assert said in told(capsys, *argv, "-o", "new", code=2)["error"]["message"], argv
    assert names(here) == ["from", "none", "out"]


def test_the_whole_set_with_whose_work_it_was(
    here: Path, own_home: Path, drawings: Drawings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Credits go through the user's own icons to the set that they were drawn from; a project's set is its own."""
    from agent import exporting

    sets = {"lucide": {"name": "Lucide", "author": "Lucide Contributors", "url": "https://lucide.dev"}}
    monkeypatch.setattr(exporting, "_sets", lambda: sets)
    bell = keep(drawings, BELL, "bell", used("lucide:bell", "lucide", "ISC", "bell"))
    keep(drawings, STAR, "star", used(bell, "accepted", "ISC", "bell"), {**used("x", "mdi", "MIT"), "used": False})
    monkeypatch.setattr("memory.memory.DefaultEmbedder", FakeEmbedder)
    memory = EmbeddedMemory(own_home, embedder=FakeEmbedder())
    exemplars = [
        Exemplar(icon_id(icon(body)), name, icon(body), (), source, licence, f"2026-01-0{day}T00:00:00+00:00", project)
        for day, (body, name, source, licence, project) in enumerate((
            (BELL, "bell", "accepted", "ISC", None), (STAR, "star", "accepted", "ISC", "web"),
            (DOT, "dot", "library add icons", "user's own", "app"),
        ), 1)
    ]  # fmt: skip
    memory.add_exemplars(Tenant("default"), exemplars)
    memory.close()
    answer = told(capsys, "--set", "-o", "all")
    assert [i["name"] for i in answer["icons"]] == ["bell", "star", "dot"]
    credit = (here / "all" / "ATTRIBUTION.txt").read_text()
    assert credit.count("from 'bell' of Lucide (ISC)") == 2 and "dot" not in credit and "mdi" not in credit
    assert "2 of 3 icons were drawn from icons of others" in answer["notes"][0]
    assert [i["name"] for i in told(capsys, "--set", "-o", "app", "--project", "app")["icons"]] == ["bell", "dot"]
    assert "has no icons" in told(capsys, "--set", "--user", "ben", "-o", "x", code=2)["error"]["message"]


def test_where_only_the_licence_was_kept_that_is_said(own_home: Path) -> None:
    from agent.exporting import own

    class Memory:
        def exemplars(self, tenant: Tenant) -> list[Exemplar]:
            body = icon(BELL)
            return [Exemplar(icon_id(body), "bell", body, (), "accepted", "ISC, own", "2026-01-01T00:00:00+00:00")]

    (item,) = own(Memory(), Tenant("default"), Drawings(own_home, "default"))  # type: ignore[arg-type]
    assert [(s.set, s.licence) for s in item.sources] == [("an icon set that is no longer recorded", "ISC")]


def test_drawings_that_name_each_other_end(drawings: Drawings, capsys: pytest.CaptureFixture[str]) -> None:
    """An edit of an edit that came back to the first."""
    bell, star = icon_id(icon(BELL)), icon_id(icon(STAR))
    keep(drawings, BELL, "bell", used(star, "accepted", "own"), used(bell, "accepted", "own"))
    keep(drawings, STAR, "star", used(bell, "accepted", "own"))
    assert told(capsys, "-o", "out")["notes"] == []


# ---------------------------------------------------------------------------------------------------- how it is written


def test_nothing_is_overwritten_without_force(
    here: Path, drawings: Drawings, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(drawings, BELL, "bell")
    (here / "out").mkdir()
    (here / "out" / "index.ts").write_text("mine")
    (here / "out" / "other.txt").write_text("mine too")
    error = told(capsys, "-f", "react", "-o", "out", code=2)["error"]
    assert "out/index.ts is there already" in error["message"] and "--force" in error["hint"]
    assert names(here / "out") == ["index.ts", "other.txt"] and (here / "out" / "index.ts").read_text() == "mine"
    told(capsys, "-f", "react", "-o", "out", "--force")
    assert names(here / "out") == ["BellIcon.tsx", "index.ts", "other.txt", "types.ts"]
    assert "BellIcon" in (here / "out" / "index.ts").read_text()


@pytest.mark.slow
def test_a_font_written_again_keeps_its_characters(
    here: Path, drawings: Drawings, capsys: pytest.CaptureFixture[str]
) -> None:
    bell = keep(drawings, BELL, "bell")
    keep(drawings, STAR, "star")
    told(capsys, "-f", "font", "-o", "font")
    told(capsys, bell, "-f", "font", "-o", "font", "--force")
    held = json.loads((here / "font" / "codepoints.json").read_text())["icons"]
    assert {name: row["codepoint"] for name, row in held.items()} == {"star": "e001", "bell": "e002"}
    (here / "font" / "codepoints.json").write_text("{")
    assert (
        "codepoints.json cannot be used"
        in told(capsys, "-f", "font", "-o", "font", "--force", code=2)["error"]["message"]
    )


FILES = {"a.txt": b"new a", "b.txt": b"new b", "c.txt": b"new c"}


@pytest.mark.parametrize("there", [False, True])
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    here: Path, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third file cannot be written, then the second cannot be given its name."""
    target = here / "out"
    before = {"b.txt": b"old b", "d.txt": b"old d"} if there else {}
    if there:
        target.mkdir()
        for name, data in before.items():
            (target / name).write_bytes(data)
    whole = files._write_temporary

    def full(path: Path, data: bytes) -> Path:
        if path.name == "c.txt":
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_write_temporary", full)
        with pytest.raises(InputError, match="disk is full"):
            write_folder(target, FILES, force=True)
    assert _content(here) == ({f"out/{name}": data for name, data in before.items()})
    if there:
        with monkeypatch.context() as patch:
            patch.setattr(files, "_publish", _interrupted(files._publish, "c.txt"))
            with pytest.raises(KeyboardInterrupt):
                write_folder(target, FILES, force=True)
        assert _content(here) == {"out/b.txt": b"old b", "out/d.txt": b"old d"}
    write_folder(target, FILES, force=True)
    assert _content(here) == {f"out/{name}": data for name, data in {**before, **FILES}.items()}


def _interrupted(publish: Any, name: str) -> Any:
    def run(temporary: Path, target: Path) -> None:
        if target.name == name:
            raise KeyboardInterrupt
        publish(temporary, target)

    return run


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_file_that_appears_meanwhile_is_not_overwritten(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = here / "out"
    target.mkdir()
    publish = files._publish

    def slow(temporary: Path, path: Path) -> None:
        if path.name == "b.txt":
            path.write_bytes(b"another's")
        publish(temporary, path)

    monkeypatch.setattr(files, "_publish", slow)
    with pytest.raises(InputError, match="is there already"):
        write_folder(target, FILES)
    assert _content(here) == {"out/b.txt": b"another's"}


def test_odd_places(here: Path) -> None:
    (here / "file").write_bytes(b"x")
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_folder(here / "file", FILES)
    (here / "out" / "a.txt").mkdir(parents=True)
    with pytest.raises(InputError, match="not a regular file"):
        write_folder(here / "out", FILES, force=True)
    os.mkfifo(here / "out" / "b.txt")
    (here / "out" / "a.txt").rmdir()
    with pytest.raises(InputError, match="not a regular file"):
        write_folder(here / "out", FILES, force=True)
    assert write_folder(here / "new" / "deep", FILES)["a.txt"].read_bytes() == b"new a"
