"""``audit``, ``unify`` and ``gaps`` on folders as they come, and the rules in the project's own files."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "svggen"))

from set_icons import drawn, moved, remembered, small_set

from agent.cli import main
from agent.cli.series import read_prompts
from agent.set_rules import find_rules, read_rules, with_rules
from agent.settings import load
from svggen.errors import RulesError
from svggen.icon import serialise
from svggen.sets import Rules

USED = (
    "window", "arrow-up", "arrow-down", "plus", "circle-plus", "home", "mail", "clock", "search", "image", "lock",
    "calendar", "play", "download",
)  # fmt: skip
TEXTS = {name: serialise(icon) for name, icon in small_set().items() if name in USED}
THICK = serialise(drawn("clock", 3.0))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a folder of icons that holds together; it is the current folder."""
    icons = tmp_path / "project" / "icons"
    icons.mkdir(parents=True)
    (tmp_path / "project" / ".git").mkdir()
    for name, text in TEXTS.items():
        (icons / f"{name}.svg").write_text(text)
    monkeypatch.chdir(icons.parent)
    for place in ("audit", "unify"):
        monkeypatch.setattr(f"svggen.sets.{place}.facts_of", remembered)
    return icons.parent


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    def call(*words: str) -> tuple[int, Any]:
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def test_a_set_that_holds_together_and_one_that_does_not(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    code, told = run("audit", "icons")
    assert (code, told["holds_together"]) == (0, True)
    assert {"style", "icons", "look_alikes"} <= set(told)
    assert [set(icon) >= {"file", "outlier", "findings"} for icon in told["icons"]] == [True] * len(TEXTS)
    (project / "icons" / "clock.svg").write_text(THICK)
    (project / "icons" / "broken.svg").write_text("<svg")
    (project / "icons" / "sub").mkdir()
    (project / "icons" / "sub" / "bad.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    code, told = run("audit", "icons", "--sheet", "sheet.png")
    assert code == 1
    odd = {icon["file"]: {f["rule"] for f in icon["findings"]} for icon in told["icons"] if icon["outlier"]}
    assert set(odd) == {"clock.svg", "broken.svg", "sub/bad.svg"}
    assert "stroke_width" in odd["clock.svg"] and odd["broken.svg"] == odd["sub/bad.svg"] == {"broken-file"}
    finding = next(f for i in told["icons"] if i["file"] == "clock.svg" for f in i["findings"])
    assert set(finding) == {"rule", "kind", "message", "value", "set", "limit", "repair"}
    assert (project / "sheet.png").read_bytes().startswith(b"\x89PNG")
    assert main(["audit", "icons", "--sheet", "sheet.png"]) == 2  # it is there already


def test_in_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "icons" / "clock.svg").write_text(THICK)
    assert main(["audit", "icons"]) == 1
    out = capsys.readouterr().out
    assert "line width 3 px, the set has 2 px" in out and f"{len(TEXTS)} icons, 1 leaves the set" in out


@pytest.mark.parametrize("words", [["nowhere"], ["pyproject.toml"], ["empty"], ["icons", "--rules", "none.toml"],
                                   ["icons", "--user", "ana"], ["icons", "--baseline"]])  # fmt: skip
def test_bad_input(project: Path, words: list[str], run: Callable[..., tuple[int, Any]]) -> None:
    (project / "pyproject.toml").write_text("[project]\n")
    (project / "empty").mkdir()
    code, told = run("audit", *words)
    assert code == 2 and "\n" not in told["error"]["message"]


def test_where_nothing_can_be_read(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    (project / "all").mkdir()
    for i in range(3):
        (project / "all" / f"{i}.svg").write_text("<svg")
    code, told = run("audit", "all")
    assert code == 2 and "none of the 3 files" in told["error"]["message"]


def test_learned_rules_keep_the_set_as_it_is(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    (project / "mnemicon.toml").write_text('n = 3 # drafts\nuser = "ana"')
    code, told = run("audit", "icons", "--learn")
    assert code == 0 and told["rules"]["stroke_width"]["value"] == 2.0 and told["rules_path"] == "mnemicon.toml"
    text = (project / "mnemicon.toml").read_text()
    assert text.startswith('n = 3 # drafts\nuser = "ana"\n\n[audit]\n')
    assert (load().n, load().user) == (3, "ana")  # the settings read past the table
    assert run("audit", "icons")[0] == 0
    for name in TEXTS:  # now most of them are thick: a majority, but the rules stand
        (project / "icons" / f"{name}.svg").write_text(serialise(drawn(name, 3.0)))
    code, told = run("audit", "icons")
    assert code == 1 and sum(icon["outlier"] for icon in told["icons"]) == len(TEXTS)
    assert run("audit", "icons", "--learn")[0] == 2  # not without --force
    code, told = run("audit", "icons", "--learn", "--force")
    assert code == 0 and told["rules"]["stroke_width"]["value"] == 3.0
    assert (project / "mnemicon.toml").read_text().startswith('n = 3 # drafts\nuser = "ana"\n\n[audit]\n')


def test_a_baseline_tells_only_what_is_new(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    (project / "icons" / "clock.svg").write_text(THICK)
    assert run("audit", "icons", "--learn", "--baseline")[0] == 0
    code, told = run("audit", "icons")
    assert code == 0 and told["ignored"] >= 1
    (project / "icons" / "mail.svg").write_text(serialise(drawn("mail", 3.0)))
    code, told = run("audit", "icons")
    assert code == 1 and [i["file"] for i in told["icons"] if i["outlier"]] == ["mail.svg"]


def test_rules_are_found_in_the_project(project: Path) -> None:
    assert find_rules(project / "icons") == (Rules(), None)
    (project / "pyproject.toml").write_text("[tool.mnemicon.audit]\nstroke_width = 1.5\n")
    rules, path = find_rules(project / "icons")
    assert path == Path("pyproject.toml") and "stroke_width" in rules.norms[""]
    (project / "icons" / "mnemicon.toml").write_text("[audit]\nstroke_width = 1.0\n")
    os.chdir(project.parent)  # no project here: those beside the icons, then above them
    rules, path = find_rules(project / "icons")
    assert path is not None and path.parent.name == "icons"
    (project / "icons" / "mnemicon.toml").write_text("user = 'ana'\n")
    _, path = find_rules(project / "icons")
    assert path is not None and path.name == "pyproject.toml"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[audit", "not TOML"),
        ("[audit]\nstroke_width = 'x'", "audit.stroke_width is 'x'"),
        ("audit = 3", "must be a table"),
        ("n = 1", "has no [audit] table"),
    ],
)
def test_rules_that_cannot_be_read(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mnemicon.toml"
    path.write_text(text)
    with pytest.raises(RulesError) as caught:
        read_rules(path)
    assert says in str(caught.value) and "mnemicon.toml" in str(caught.value)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RulesError, match="UTF-8"):
        read_rules(path)


def test_nothing_else_in_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    before = '# mine\n[project]\nname = "x"  # [tool.mnemicon.audit]\n\n[tool.ruff]\nline-length = 88\n'
    path.write_text(before)
    rules = Rules.from_dict(
        {"cap": "round", "ignore": {'a "quoted"*.svg': "all"}, "variants": {"fill": {"mode": "filled"}}}
    )
    path.write_bytes(with_rules(path, rules))
    assert path.read_text().startswith(before)
    assert read_rules(path).to_dict() == rules.to_dict()
    with pytest.raises(RulesError, match="--force"):
        with_rules(path, rules)
    after = path.read_text() + "\n[tool.black]\nx = 1 # kept\n"
    path.write_text(after)
    changed = with_rules(path, Rules.from_dict({"cap": "butt"}), force=True).decode()
    assert changed.startswith(before.rstrip()) and "[tool.black]\nx = 1 # kept\n" in changed
    data = tomllib.loads(changed)
    assert data["tool"]["mnemicon"]["audit"] == {"cap": "butt"} and data["tool"]["black"] == {"x": 1}
    path.write_text('[tool]\nmnemicon = { audit = { cap = "round" }, other = 1 }\n')
    with pytest.raises(RulesError, match="by hand"):
        with_rules(path, rules, force=True)


def test_unify_writes_one_style_and_the_sources_stay(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    (project / "icons" / "clock.svg").write_text(THICK)
    (project / "icons" / "mail.svg").write_text(serialise(drawn("mail", color="#e11d48")))
    kept = f"<!-- mine -->\n{TEXTS['home']}"
    (project / "icons" / "home.svg").write_text(kept)
    code, told = run("unify", "icons", "-o", "out")
    status = {icon["file"]: icon["status"] for icon in told["icons"]}
    assert code == 0 and {f for f, s in status.items() if s == "changed"} == {"clock.svg", "mail.svg"}
    assert (told["before"]["off_style"], told["after"]["off_style"]) == (2, 0)
    assert (project / "out" / "home.svg").read_text() == kept  # byte for byte
    assert (project / "icons" / "clock.svg").read_text() == THICK
    assert Path(told["sheet_path"]).read_bytes().startswith(b"\x89PNG")
    assert run("audit", "out")[0] == 0
    assert run("unify", "icons", "-o", "out")[0] == 2 and run("unify", "icons", "-o", "icons/out")[0] == 2
    assert run("unify", "icons", "-o", "icons")[0] == 2 and not (project / "icons" / "out").exists()
    assert run("unify", "icons", "-o", "out", "--force")[0] == 0


def test_unify_to_a_style(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    (project / "icons" / "broken.svg").write_text("<svg")
    code, told = run("unify", "icons", "-o", "thin", "--to", "heroicons")
    assert told["style"]["stroke_width"] == 1.5 and code == 1  # one file could not be read
    assert {i["file"] for i in told["icons"] if i["status"] == "broken"} == {"broken.svg"}
    assert not (project / "thin" / "broken.svg").exists()
    assert 'stroke-width="1.5"' in (project / "thin" / "clock.svg").read_text()
    for words in (["--style", "{"], ["--to", "lucide", "--style", "{}"]):
        code, told = run("unify", "icons", "-o", "other", *words)
        assert code == 2 and told["error"]["message"], words
    assert not (project / "other").exists()


def test_gaps_are_a_list_that_set_can_draw(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    code, told = run("gaps", "icons", "-o", "missing.txt")
    assert code == 0
    names = {gap["name"] for gap in told["missing"]}
    assert {"minus", "pause", "upload", "circle-minus"} <= names and "arrow-down" not in names
    prompts = [text for _, text in read_prompts(project / "missing.txt")]
    assert prompts == [gap["prompt"] for gap in told["missing"]]
    assert run("gaps", "icons", "-o", "missing.txt")[0] == 2 and run("gaps", "nowhere")[0] == 2
    assert run("gaps", "icons", "--least", "1")[1]["missing"] == [g for g in told["missing"] if g["share"] >= 1]


def test_the_hook_and_the_action_call_what_there_is() -> None:
    import yaml

    root = Path(__file__).resolve().parents[2]
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "mnemicon audit" and hook["pass_filenames"] is False
    action = yaml.safe_load((root / "action.yml").read_text())
    script = next(step["run"] for step in action["runs"]["steps"] if step.get("id") == "audit")
    assert "mnemicon audit" in script and "${{" not in script  # no input is pasted into the shell
    assert {"path", "rules", "sheet"} <= set(action["inputs"])


@pytest.mark.slow
def test_a_users_own_icons(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    assert run("audit", "--user", "ana")[0] == 2  # has none yet
    (project / "icons" / "clock.svg").write_text(THICK)
    assert run("library", "add", "icons", "--user", "ana")[0] == 0
    code, told = run("audit", "--user", "ana")
    assert code == 1 and [i["file"] for i in told["icons"] if i["outlier"]] == ["clock.svg"]
    (project / "foreign").mkdir()
    for name in ("home", "search", "plus"):
        (project / "foreign" / f"{name}.svg").write_text(serialise(moved(drawn(name, 1.2, "square", "miter"))))
    code, told = run("unify", "foreign", "-o", "mine", "--like", "ana")
    assert code == 0 and told["style"]["stroke_width"] == pytest.approx(2, abs=0.05)
    assert 'stroke-width="2"' in (project / "mine" / "home.svg").read_text()
    for words in (["--to", "qwertyuiop"], ["--like", "nobody"]):
        code, told = run("unify", "icons", "-o", "other", *words)
        assert code == 2 and told["error"]["message"], words
    code, told = run("unify", "foreign", "-o", "said", "--to", "1.5px round outline")
    assert told["style"]["stroke_width"] == 1.5


@pytest.mark.slow
def test_a_folder_of_thousands_with_broken_files(project: Path, run: Callable[..., tuple[int, Any]]) -> None:
    for i in range(700):
        name = list(TEXTS)[i % len(TEXTS)]
        (project / "icons" / f"{name}-{i}.svg").write_text("<svg" if i % 50 == 0 else TEXTS[name])
    code, told = run("audit", "icons")
    assert code == 1 and len(told["icons"]) == 700 + len(TEXTS)
    broken = {i["file"] for i in told["icons"] if any(f["rule"] == "broken-file" for f in i["findings"])}
    assert len(broken) == 14


def test_a_picture_or_a_list_is_not_written_over_an_icon(tmp_path: Path) -> None:
    (tmp_path / "bell.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>'
    )
    before = (tmp_path / "bell.svg").read_bytes()
    icon, where = str(tmp_path / "bell.svg"), str(tmp_path)
    assert main(["audit", where, "--sheet", icon, "--force"]) == 2
    assert main(["unify", where, "-o", str(tmp_path / "out"), "--sheet", icon, "--force"]) == 2
    assert (tmp_path / "bell.svg").read_bytes() == before and not (tmp_path / "out").exists()
