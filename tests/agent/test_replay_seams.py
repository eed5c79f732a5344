"""What passes the seams as JSON and back; keys; the language model; differences for people; many processes."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import NOW, circle, clock_face, draft
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import seams
from agent.errors import BundleError, LlmError, ReplayMismatch
from agent.llm import Llm
from agent.replay import play, read_bundle, record, replaying
from agent.replay.codec import Icons, asked, decode, encode, error_from, error_to
from agent.replay.differences import differences, missed, nearest, picture, same_icon, unlike
from agent.replay.joining import begun, join, parts_of, recorder_of_process
from agent.replay.tape import Shelf, alike, key_of, look_of, read_lines, said, write_line
from agent.replay.wraps import DRAFTS, TapedLlm, TapedModel, public
from memory.errors import MemoryUnavailable, NotFound
from memory.fake import FakeMemory
from memory.records import (
    Decision,
    Exemplar,
    Preference,
    Provenance,
    Recalled,
    RecallQuery,
    Recollection,
    Statement,
    Tenant,
)
from svggen.errors import RemoteError, WeightsError
from svggen.icon import icon_id, serialise
from svggen.models.base import DrawRequest, Hint, Reference
from svggen.models.fake import FakeSvgModel
from svggen.render import png
from svggen.style import StyleSpec

ROOT = Path(__file__).resolve().parents[2]

# ------------------------------------------------------------------------------------------------------ there and back


def _recollection(text: str, number: float, words: list[str]) -> Recollection:
    source = Provenance("stated", "message", text, "2026-11-23T12:00:00+00:00")
    preference = Preference("p1", "style.palette", ["#008080"], text, "project", "apollo", number, source, source.at)
    reference = Reference(
        "a", text, "bell", circle(), "own", "accepted", "MIT", number, 0.5, tuple(words), text, None
    )  # fmt: skip
    return Recollection(
        style=StyleSpec(stroke_width=1.5, palette=("#008080",)), style_sources={"palette": "p1"},
        preferences=(Recalled(preference, text),), references=(reference,), set_vector=(number, 1.0), own_count=3,
        vocabulary={"save": "tray"}, avoid=tuple(words), notes=(text,),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=20), st.floats(0, 1), st.lists(st.text(max_size=5), max_size=3))
def test_what_memory_says_comes_back_equal(text: str, number: float, words: list[str]) -> None:
    icons = Icons()
    for value in (
        _recollection(text, number, words),
        Decision("add", text, Statement("avoid:x", True, text, text), None, tuple(words)),
        Exemplar("i", text, clock_face(), tuple(words), "accepted", "own", "2026-11-23T12:00:00+00:00"),
        [Tenant("ada", None, text or None)],
    ):
        data = json.loads(json.dumps(encode(value, icons)))
        assert decode(data, icons, list[Tenant] if isinstance(value, list) else type(value)) == value


@pytest.mark.parametrize(
    ("data", "hint", "says"),
    [
        ({"$": "Popen", "args": "rm"}, Any, "'Popen' is no type that is read"),
        ({"$": "Tenant", "user": 7}, Tenant, "user: str is needed, not 7"),
        ({"$": "Tenant", "user": "a", "root": True}, Tenant, "no field 'root'"),
        ({"$": "Tenant"}, Tenant, "user"),
        ({"$": "Tenant", "user": "a"}, Decision, "Decision is needed"),
        ({"$": "Decision", "action": "run", "reason": "", "statement": None}, Decision, "action: one of add"),
        ({"$": "StyleSpec", "stroke_width": "wide"}, StyleSpec, "stroke_width"),
        ({"$": "Icon", "id": "f" * 64}, Any, "the icon ffffffffffff is missing"),
        ([1], list[str], r"\[0\]: str is needed"),
        (True, int, "int is needed"),
    ],
)
def test_what_is_no_answer_is_refused(data: Any, hint: Any, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        decode(data, Icons(), hint)


def test_icons_are_what_their_ids_say() -> None:
    good, id = serialise(circle()), icon_id(circle())
    assert Icons({id: good}).get(id) == circle()
    with pytest.raises(BundleError, match="not the one"):
        Icons({id: serialise(clock_face())}).get(id)
    with pytest.raises(BundleError, match="is refused"):
        Icons({id: good.replace("<circle", "<script/><circle")}).get(id)


def test_errors_come_back() -> None:
    for error in (
        MemoryUnavailable("full"),
        NotFound("x"),
        WeightsError("cut"),
        LlmError("late"),
        RemoteError("no", 503),
    ):
        again = error_from(json.loads(json.dumps(error_to(error))))
        assert type(again) is type(error) and str(again) == str(error)
        assert getattr(again, "status", 0) == getattr(error, "status", 0)
    assert error_to(ValueError("x")) is None
    with pytest.raises(BundleError, match="no error that is read"):
        error_from({"type": "SystemExit", "message": "1"})


def test_drafts_go_through_safety_and_no_other_words_are_heard() -> None:
    drafts = [draft(circle(), 0.7), draft(None, 0.0, failure="blank")]
    data = DRAFTS.write(drafts, Icons())
    assert DRAFTS.read(json.loads(json.dumps(data)), Icons()) == drafts
    data[0]["svg"] = data[0]["svg"].replace("<circle", '<image href="http://evil.example"/><circle')
    with pytest.raises(BundleError, match="refused"):
        DRAFTS.read(data, Icons())


# ----------------------------------------------------------------------------------------------------------------- keys


def test_a_key_is_that_of_what_shapes_a_drawing() -> None:
    request = DrawRequest("bell", StyleSpec(stroke_width=1.5), set_vector=(0.1234567891,), image=b"x", edit=circle())
    one = asked(request)
    assert one["edit"] == icon_id(circle()) and one["image"]["sha256"].startswith("2d711642") and "seed" not in one
    same = DrawRequest("bell", StyleSpec(stroke_width=1.5), set_vector=(0.1234567892,), image=b"x", edit=circle())
    assert key_of("model", one) == key_of("model", asked(same))
    for other in (
        DrawRequest("bells", StyleSpec(stroke_width=1.5)),
        DrawRequest("bell", StyleSpec(stroke_width=1.6), set_vector=(0.1234567891,), image=b"x", edit=circle()),
        DrawRequest("bell", StyleSpec(stroke_width=1.5), set_vector=(0.1234567891,), image=b"y", edit=circle()),
    ):
        assert key_of("model", one) != key_of("model", asked(other))
    hints = [asked(DrawRequest("x", hints=(Hint("ink", "too dark", value, 0.3),))) for value in (0.41, 0.4100001)]
    assert hints[0] == hints[1]  # the measured number stands in the message, if anywhere
    assert asked(RecallQuery("bell")) == {"words": "bell"}


def test_answers_are_given_out_in_turn_and_pure_ones_always() -> None:
    lines = [
        {"seam": seam, "key": key_of(seam, {"words": "x"}), "request": {"words": "x"}, "response": n}
        for seam in ("model", "eye")
        for n in (1, 2)
    ]
    shelf = Shelf(lines)
    assert [(shelf.take("model", {"words": "x"}) or {}).get("response") for _ in range(3)] == [1, 2, None]
    assert [(shelf.take("eye", {"words": "x"}) or {}).get("response") for _ in range(3)] == [1, 1, 1]
    assert shelf.unused() == [] and shelf.take("model", {"words": "y"}) is None
    assert len(Shelf(lines).unused()) == 4 and len(shelf.recorded("model", {"words": "x"})) == 2


def test_pictures_are_known_by_what_they_show() -> None:
    ring, face = look_of(png(circle(), 64)), look_of(png(clock_face(), 64))
    other_size = look_of(png(circle(), 256))
    assert alike([ring], [other_size]) and not alike([ring], [face])
    assert not alike([ring], [ring, ring]) and not alike(["zz"], ["00"]) and not alike([None], [ring])  # type: ignore[list-item]


def test_lines_that_are_cut_off() -> None:
    data = write_line({"a": "ü"}).encode()
    assert list(read_lines(data + b"\n", "x")) == [{"a": "ü"}]
    for broken in (b'{"a": ', b"[1]", b"\xff\xfe", b"[" * 100_000):
        with pytest.raises(BundleError, match="x line 2 is not"):
            list(read_lines(data + broken, "x"))


def test_passwords_in_addresses_are_left_out() -> None:
    assert public("remote:http://ana:secret@gpu:8017") == "remote:http://gpu:8017"
    assert public("chat:openai:gpt-5") == "chat:openai:gpt-5"


# -------------------------------------------------------------------------------------------------------- for people


def test_differences_by_path_and_value() -> None:
    was = {"words": "bell", "n": 4, "refs": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "style": {"cap": "round"}}
    now = {"words": "bells", "n": 4, "refs": [{"id": "a"}, {"id": "x"}, {"id": "b"}, {"id": "c"}], "edit": "i"}
    assert differences(was, now) == [
        "words: 'bell' was recorded, 'bells' is there",
        "refs[1]: 'x' is new",
        "style: {'cap': 'round'} was recorded, nothing is there",
        "edit: nothing was recorded, 'i' is there",
    ]
    assert differences(list(range(20)), [])[-1] == "and 12 more"
    assert not unlike({"a": [0.5]}, {"a": [0.5001]}) and unlike({"a": 0.5}, {"a": 0.6}) and unlike({"a": 1}, {})
    assert unlike(True, False) and unlike([1], [1, 2])


def test_the_nearest_of_several() -> None:
    lines = [{"seam": "model", "key": "", "request": {"words": w, "n": n}} for w, n in (("a cup", 2), ("bell", 4))]
    found = nearest("model", {"words": "bells", "n": 4}, lines)
    assert found is not None and found[0]["request"]["words"] == "bell"
    assert "nothing of the kind was recorded" in missed("llm", {"model": "gpt"}, lines, 0)
    assert said({"seam": "memory", "request": {"method": "recall", "query": {"words": "cup"}}}) == "memory.recall 'cup'"


def test_icons_are_compared_as_drawings_and_shown() -> None:
    svg = serialise(circle())
    assert same_icon(svg, svg.replace("><", ">\n  <").replace('r="9"', 'r="9.0"'))
    assert not same_icon(svg, serialise(clock_face())) and not same_icon(svg, "") and not same_icon(svg, "<svg")
    data = picture([("a ring" * 40, svg, serialise(clock_face())), ("nothing", svg, "")])
    assert data[:4] == b"\x89PNG"


# ------------------------------------------------------------------------------------------------------ the other seams


def test_a_taped_model_is_like_the_real_one(tmp_path: Path) -> None:
    class Batched(FakeSvgModel):
        batch = 2

    with record(tmp_path / "b") as tape:
        request = DrawRequest("bell", n=2)
        taped = TapedModel(tape, "fake", "fake", "1", Batched, 2)
        import asyncio

        assert taped.generate(request) == asyncio.run(taped.agenerate(request)) == FakeSvgModel().generate(request)
        assert taped.batch == 2 and not hasattr(TapedModel(tape, "f", "f", "1", None, None), "batch")
    with replaying(tmp_path / "b") as player:
        again = TapedModel(player, "fake", "fake", "1", None, None)
        assert [again.generate(request) for _ in range(2)][1] == taped.open().generate(request)  # type: ignore[misc]
    with pytest.raises(ReplayMismatch, match="asked once more"), replaying(tmp_path / "b") as player:
        for _ in range(3):
            TapedModel(player, "fake", "fake", "1", None, None).generate(request)


def test_the_language_model_is_replayed(tmp_path: Path) -> None:
    from pydantic import BaseModel

    class Form(BaseModel):
        word: str

    class Scripted(Llm):
        def ask(self, form: Any, rules: str, data: Any, pictures: Any = ()) -> Any:
            if data != {"a": 1}:
                raise LlmError("late")
            return form(word="one")

    real = Scripted("openai:gpt")
    shown = png(circle(), 64)
    with record(tmp_path / "b") as tape:
        llm = TapedLlm(tape, real, "openai:gpt", 5.0)
        assert llm.ask(Form, "rules", {"a": 1}, [shown]).word == "one"
        with pytest.raises(LlmError):
            llm.ask(Form, "rules", {"a": 2})
    assert base64.b64encode(shown).decode() not in (tmp_path / "b" / "session.jsonl").read_text()
    with replaying(tmp_path / "b") as player:
        llm = TapedLlm(player, None, "openai:gpt", 5.0)
        assert llm.sees and llm.ask(Form, "rules", {"a": 1}, [png(circle(), 128)]).word == "one"
        with pytest.raises(LlmError, match="late"):
            llm.ask(Form, "rules", {"a": 2})
    with pytest.raises(ReplayMismatch), replaying(tmp_path / "b") as player:
        TapedLlm(player, None, "openai:gpt", 5.0).ask(Form, "rules", {"a": 1}, [png(clock_face(), 64)])


def test_the_embedder_is_asked_once_for_each_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from agent import steps

    class Embedder:
        def embed(self, texts: Any) -> Any:
            return np.stack([np.full(3, len(t), np.float32) for t in texts])

    monkeypatch.setattr("memory.embedding.default_embedder", Embedder)
    with record(tmp_path / "b"):
        assert steps._embed(["four", "five5"]).tolist() == [[4, 4, 4], [5, 5, 5]]
        steps._embed(["four"])
    assert len(read_bundle(tmp_path / "b").of("embed")) == 3  # and the text that tells which embedder it is
    monkeypatch.undo()
    with replaying(tmp_path / "b"):
        assert steps._embed(["five5", "four"]).tolist() == [[5, 5, 5], [4, 4, 4]]


def test_memory_outside_of_a_drawing(tmp_path: Path, memory: FakeMemory) -> None:
    """As a page or a command asks it; what it writes is a call of its own, which is made again."""
    ada = Tenant("ada")
    icon = Exemplar(icon_id(circle()), "ring", circle(), (), "folder", "own", NOW.isoformat())
    with record(tmp_path / "b") as tape:
        taped = tape.around(memory, tmp_path)
        assert tape.around(taped, tmp_path) is taped
        (made,) = taped.remember(ada, [Statement("style.cap", "round", "round caps", "round caps")])
        assert taped.add_exemplars(ada, iter([icon])) == 1 and [e.id for e in taped.exemplars(ada)] == [icon.id]
        assert [p.id for p in taped.preferences(ada)] == [p.id for p in taped.search_preferences(ada, "caps")]
        assert len(list(taped.export(ada))) == len(taped.snapshot(ada)) == 2
        assert taped.reject(ada, icon.id, "too round") == [] and taped.accept(ada, icon)[:0] == []
        assert made.preference is not None
        taped.forget(ada, made.preference.id)
        with pytest.raises(NotFound):
            taped.forget(ada, "p99")
        taped.import_(ada, [])
        taped.forget_all(ada)
        taped.close()
    report = play(tmp_path / "b")
    assert report.same and report.calls == 8, report.differences


def test_nothing_is_taped_without_a_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seams.active() is None
    assert abs((seams.now() - datetime.now(UTC)).total_seconds()) < 5
    with record(Path("unused")):
        with seams.quiet():
            assert seams.active() is None
        assert seams.active() is not None
    assert not Path("unused").exists()  # nothing was called


# ------------------------------------------------------------------------------------------------------- many processes


def test_parts_of_processes_are_joined(tmp_path: Path, memory: FakeMemory) -> None:
    target, ada = tmp_path / "b", Tenant("ada")
    said_first = Statement("style.cap", "round", "round caps", "round caps")
    with begun(target) as folder:
        for n in (1, 2):  # as two processes would
            recorder = recorder_of_process.__globals__["_begin"](target)
            with seams.using(recorder):
                taped = recorder.around(memory, tmp_path / "home")
                taped.remember(ada, [said_first])
                taped.recall(Tenant("grace" if n == 2 else "ada"), RecallQuery("bell"))
        with pytest.raises(BundleError, match="is under way, or was cut off"), begun(target):
            pass
        last = max(folder.glob("*.jsonl"))
        last.write_bytes(last.read_bytes() + b'{"line": {"seam": "memory", "in": 9')  # killed while it wrote
        assert "ada" not in "".join(p.read_text() for p in folder.iterdir())
        assert join(target) == target
    found = read_bundle(target)
    assert [c["n"] for c in found.calls] == [1, 2]
    assert [m["request"]["user"] for m in found.of("memory")] == ["user", "user", "user", "user-2"]
    assert found.memory == [] and not parts_of(target).exists()  # the first process found memory empty


@pytest.mark.slow
def test_a_recorded_command_its_exit_code_and_its_killed_child(tmp_path: Path) -> None:
    """Two processes, the second of which goes on with what the first has drawn, and is killed while it draws again."""
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal, sys\n"
        "from agent.tool import accept_icon, design_icon\n"
        "from svggen.models.fake import FakeSvgModel\n"
        "class Model(FakeSvgModel):\n"
        "    def generate(self, request):\n"
        "        if 'killer' in request.words: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return super().generate(request)\n"
        "if __name__ == '__main__':\n"
        "    options = {'model': Model(), 'n': 1, 'rounds': 1}\n"
        "    if sys.argv[1] == 'thicker':\n"
        "        design_icon('thicker lines', edit='last', **options)\n"
        "        accept_icon()\n"
        "    design_icon(sys.argv[2], **options)\n"
    )
    python, command = sys.executable, f"{sys.executable} {script}"
    environment = {**os.environ, "MNEMICON_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    whole = f"{command} - 'a bell' && {command} thicker 'killer whale'; exit 7"
    words = [python, "-c", "from agent.cli import main; main()", "record", "b", "--json", "--", "sh", "-c", whole]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 7, done.stderr
    assert json.loads(done.stdout)["calls"] == 3
    found = read_bundle(tmp_path / "b")
    assert [c["request"]["inputs"].get("prompt") for c in found.calls] == ["a bell", "thicker lines", None]
    assert found.of("kept") == []  # it was drawn meanwhile
    assert not parts_of(tmp_path / "b").exists()
    report = play(found)
    assert report.same, report.differences
