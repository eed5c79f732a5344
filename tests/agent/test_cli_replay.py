"""``record``, ``replay``, ``why --show``, ``memory export --training``: exit codes, JSON, one clear line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import circle, clock_face, draft

from agent.cli import main
from agent.tool import accept_icon, design_icon, reject_icon
from svggen.icon import serialise
from svggen.models.fake import FakeSvgModel

BUNDLE = Path(__file__).parent / "bundles" / "family"


def test_replay_is_the_same_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(BUNDLE), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said) == ["same", "calls", "differences", "icons"]
    assert said["same"] is True and said["calls"] == 7 and said["differences"] == []
    assert [set(icon) for icon in said["icons"]] == [{"id", "svg"}] * 5
    assert main(["replay", str(BUNDLE)]) == 0
    assert "7 calls: the same" in capsys.readouterr().out


def test_another_drawing_exits_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from agent import steps

    monkeypatch.setattr(steps, "HINTS", 0)
    assert main(["replay", str(BUNDLE), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["same"] is False and any("hints" in difference for difference in said["differences"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "there is no bundle"),
        (["--live", "--without", "all"], "--live compares with the recording"),
    ],
)
def test_what_cannot_be_replayed_exits_2(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path / "none"), "--json", *arguments]) == 2
    assert says in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_half_written_bundle_a_newer_one_and_words_that_state_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(BUNDLE, tmp_path / "copy"))
    for words, says in ((["--with", "hello"], "nothing about style"), (["--as-of", "soon"], "is no date")):
        assert main(["replay", str(copy), *words]) == 2
        assert says in capsys.readouterr().err
    (copy / "manifest.json").write_text('{"format": 99}')
    assert main(["replay", str(copy)]) == 2
    assert "pip install -U mnemicon" in capsys.readouterr().err
    (copy / "manifest.json").unlink()
    assert main(["replay", str(copy)]) == 2
    assert "half-written" in capsys.readouterr().err


def test_record_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "b")
    assert main(["record", target, "--", "no-such-command"]) == 2
    assert "there is no command 'no-such-command'" in capsys.readouterr().err
    assert main(["record", target, "--", "true"]) == 2
    assert "nothing was drawn by true" in capsys.readouterr().err
    assert main(["record", target, "--json", "--", "false", "--json"]) == 1
    assert "no bundle was made" in capsys.readouterr().err
    assert main(["record", str(BUNDLE), "--", "true"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["record", target]) == 2
    assert list(tmp_path.iterdir()) == [] or [p.name for p in tmp_path.iterdir()] == ["home"]


@pytest.mark.slow
def test_what_each_memory_did(tmp_path: Path, capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    """Live memory, the library's drawings: the counterfactual, and what a kept drawing owes to each memory."""
    assert main(["memory", "remember", "always dark red"]) == 0
    design_icon("bell", n=2, rounds=1)
    before = sorted((p.name, p.stat().st_size) for p in own_home.rglob("*.json"))
    capsys.readouterr()
    assert main(["why", "--show", "--json", "--out", str(tmp_path / "out")]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["again"] is True and len(said["effects"]) == 1
    (effect,) = said["effects"]
    assert effect["text"] == "palette #8b0000" and effect["changed"] and "#8b0000" not in effect["svg"]
    assert Path(said["picture"]).read_bytes()[:4] == b"\x89PNG"
    assert sorted((p.name, p.stat().st_size) for p in own_home.rglob("*.json")) == before
    picture = tmp_path / "cf.png"
    words = ["replay", str(BUNDLE), "--without", "all", "--json", "-o", str(picture)]
    assert main(words) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["picture"] == str(picture) and len(said["before"]) == len(said["icons"]) == 5
    assert main(words) == 2 and "is there already" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------------------ training


@pytest.fixture
def sessions(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One drawing accepted after an edit, one rejected; of another user one, too."""
    from memory.embedding import FakeEmbedder
    from memory.fake import FakeMemory

    memory = FakeMemory(embedder=FakeEmbedder())
    monkeypatch.setattr("memory.open_memory", lambda *given, **options: memory)
    monkeypatch.setattr("svggen.judge.default_judge", lambda: (_ for _ in ()).throw(OSError()))
    monkeypatch.setattr("agent.eye.look", lambda *given: [])
    monkeypatch.setattr("agent.judging.look", lambda *given: [])
    model = FakeSvgModel()
    given: dict[str, Any] = {"memory": memory, "model": model, "rounds": 2, "n": 2, "user": "ada"}
    model.enqueue(draft(clock_face(), sources=(("lucide:clock", "lucide", "ISC"),)), draft(circle(7.5), 0.5))
    first = design_icon("a clock", **given)
    edited = design_icon("thicker lines", edit="last", **given)
    accept_icon(user="ada", memory=memory)
    model.enqueue(draft(circle(3)))
    bad = design_icon("a ring", **{**given, "rounds": 1})
    reject_icon(bad.id, 'too "small"', user="ada", memory=memory)
    design_icon("a secret", **{**given, "user": "grace"})
    assert first.id != edited.id
    return own_home


def test_training_needs_the_users_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["memory", "export", "--training", "--user", "ada"]) == 2
    assert "add --consent" in capsys.readouterr().err


def test_sessions_as_examples_to_learn_from(sessions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "train.jsonl"
    assert main(["memory", "export", "--training", "--consent", "--user", "ada", "-o", str(target)]) == 0
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    kinds = [line["kind"] for line in lines]
    assert kinds.count("accepted") == 1 and kinds.count("rejected") == 1 and "fix" in kinds
    (accepted,) = [line for line in lines if line["kind"] == "accepted"]
    assert accepted["messages"][-1] == {"role": "assistant", "content": accepted["accepted"]}
    (rejected,) = [line for line in lines if line["kind"] == "rejected"]
    assert rejected["reason"] == 'too "small"' and [m["role"] for m in rejected["messages"]] == ["user"]
    (edit,) = [line for line in lines if line.get("by") == "user"]
    assert edit["critique"] == "thicker lines" and edit["before"] == serialise(clock_face()) != edit["after"]
    text = target.read_text()
    assert "ada" not in text.replace("adapted", "") and "secret" not in text and "grace" not in text
    assert all(line["provenance"]["consent"] and line["provenance"]["drawn_by"] for line in lines)
    drawn_from = [line for line in lines if line["provenance"]["drawn_from"]]
    assert all(line["licence"] == "ISC" for line in drawn_from)


def test_the_examples_can_be_learned_from(sessions: Path, tmp_path: Path) -> None:
    """``mnemicon train finetune --data`` reads them: drawings, and what mended them; nothing that was rejected."""
    from svggen.training.finetune.files import records
    from svggen.training.finetune.layouts import Refused, layout_of

    target = tmp_path / "train.jsonl"
    assert main(["memory", "export", "--training", "--consent", "--user", "ada", "-o", str(target)]) == 0
    read: list[tuple[str, Any]] = []
    for row in records(target):
        assert row is not None
        layout = layout_of(list(row))
        assert layout is not None and layout.name == "conversations"
        try:
            read.append((row["kind"], layout.read(row, tmp_path)))
        except Refused as why:
            read.append((row["kind"], str(why)))
    found = {kind: example for kind, example in read}
    assert found["rejected"] == "no answer"
    assert found["accepted"].words == "clock" and found["accepted"].task == "generate"
    assert found["fix"].task == "refine" and found["fix"].draft and found["fix"].note


def test_export_without_training_is_as_before(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["memory", "export", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
