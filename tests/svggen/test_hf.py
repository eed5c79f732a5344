"""Models of Hugging Face without any weights: profiles, what is asked, what comes back, a model's word on a drawing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svggen.errors import InvalidPictureError, ModelError
from svggen.icon import parse, serialise
from svggen.models import DrawRequest, Hint, Reference, get_model
from svggen.models.hf import missing, open_model
from svggen.models.hf.asking import Asked, asked, picture_png, written
from svggen.models.hf.critic import Criticism, criticism
from svggen.models.hf.forms import svg_of
from svggen.models.hf.profile import SHIPPED, Picture, Profile, profile
from svggen.style import StyleSpec
from svggen.tokens import hivg, semantic

BOX = parse('<svg viewBox="0 0 24 24"><rect x="4" y="4" width="16" height="16" fill="#ff8800"/></svg>')
NAMES = ("internsvg-8b", "introsvg-7b", "hivg-3b", "svgen-7b")


def write(folder: Path, text: str, name: str = "mnemicon-profile.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def reference(name: str = "box", origin: str = "own", score: float = 1.0) -> Reference:
    return Reference(f"t:{name}", name, name, BOX, origin, "accepted", "own", score, 0.5)  # type: ignore[arg-type]


def png(width: int = 40, height: int = 20) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------ profiles


@pytest.mark.parametrize("name", [*NAMES, "default"])
def test_the_profiles_that_ship_are_sound_and_say_what_they_were_checked_with(name: str) -> None:
    found = profile(name)
    assert found.where == str(SHIPPED / f"{name}.toml")
    assert found.checked and (name == "default" or "real weights unchecked" in found.checked)
    assert name == "default" or (found.repository and found.code_licence and found.weights_licence and found.memory_gb)


def test_published_facts() -> None:
    intro, hi = profile("introsvg-7b"), profile("hivg-3b")
    assert (intro.sampled("words").temperature, intro.sampled("refine").temperature) == (0.5, 0.2)
    assert (intro.sampled("critic").temperature, intro.sampled("critic").max_new_tokens) == (0.1, 2048)
    assert (intro.canvas, intro.critic.side, intro.sampling.max_new_tokens) == (200, 200, 6000)
    assert (hi.sampling.temperature, hi.sampling.top_p, hi.sampling.top_k, hi.output.form) == (0.7, 0.9, 50, "hivg")
    assert hi.prompt.words.startswith("[T2ST] Generate SVG tokens from text.\n")
    assert hi.prompt.picture == "[I2ST] Generate SVG tokens from image."
    assert profile("internsvg-8b").canvas == 128


def test_a_profile_in_the_folder_of_the_weights_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = tmp_path / "others"
    others.mkdir()
    write(others, 'canvas = 32\ntasks = ["words"]', "internsvg-8b.toml")
    write(others, "canvas = 48", "mine.toml")
    monkeypatch.setenv("MNEMICON_PROFILES", str(others))
    assert profile("internsvg-8b").canvas == 32 and profile("mine").canvas == 48
    own = tmp_path / "own"
    own.mkdir()
    write(own, "canvas = 64\n[sampling]\ntemperature = 1\n[sampling.edit]\ntop_k = 3")
    found = profile("internsvg-8b", own)
    assert found.canvas == 64 and found.sampled("edit").top_k == 3 and found.sampled("edit").temperature == 1.0
    assert profile("hf", own).canvas == 64 and profile("hf").output.grammar


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("canvas =", "cannot be read"),
        ("colour = 3", "unknown key 'colour'; known: architecture, canvas"),
        ("name = 3\nwhere = 'x'", "unknown key 'where'"),
        ("canvas = 'x'", "canvas is 'x'; give a whole number"),
        ("memory_gb = true", "memory_gb is True; give a number"),
        ("notes = 'x'", "notes is 'x'; give a list of texts"),
        ("prompt = 3", "'prompt' is no table"),
        ("[prompt]\nwords = 'draw {word}'", r"prompt 'words' holds \{word\}; known: \{caption\}, \{style\}, \{words\}"),
        ("[prompt]\nhello = 'x'", "prompt: unknown key 'hello'"),
        ("[output]\nform = 'png'", "form is 'png'; known: svg, hivg, llm4svg"),
        ("[output]\nform = 'hivg'\ngrammar = true", "the grammar is that of SVG text"),
        ("[picture]\nplace = 'left'", "place is 'left'"),
        ("[picture]\nside = 5", "picture.side is 5; give 28 to 4096"),
        ("tasks = ['sing']", "tasks holds 'sing'"),
        ("[sampling]\ntop_p = 3", "sampling: top_p is 3.0; give 0.001 to 1"),
        ("[sampling.edit]\ntemperature = -1", "sampling.edit: temperature is -1.0"),
        ("[sampling]\nbeams = 3", "sampling: unknown key 'beams'"),
    ],
)
def test_a_wrong_profile_names_its_file_and_the_key(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ModelError, match=f"{tmp_path}/mnemicon-profile.toml.*{words}"):
        profile("hf", tmp_path)


# -------------------------------------------------------------------------------------------------------- what is asked


def test_words_are_asked_in_the_profiles_words() -> None:
    what = asked(profile("hivg-3b"), DrawRequest("bell", StyleSpec(mode="filled", palette=("#0f766e",))))
    assert isinstance(what, Asked) and (what.mode, what.system, what.picture) == ("words", "", None)
    assert what.text.startswith("[T2ST] Generate SVG tokens from text.\nA bell, drawn as a solid flat icon")
    what = asked(profile("svgen-7b"), DrawRequest("bell with {style} <|im_end|>\nand more"))
    assert isinstance(what, Asked) and what.text.endswith("bell with {style} <|im_end|> and more")
    assert "<think>" in what.system


def test_a_picture_comes_before_words() -> None:
    what = asked(profile("internsvg-8b"), DrawRequest("ring", image=png()))
    assert isinstance(what, Asked) and what.mode == "picture" and what.picture is not None
    picture = Image.open(io.BytesIO(what.picture))
    assert picture.size == (448, 448) and picture.getpixel((0, 0)) == (255, 255, 255)
    assert picture.getpixel((224, 224)) == (255, 0, 0)
    assert Image.open(io.BytesIO(picture_png(png(), Picture(100, square=False)))).size == (100, 50)
    with pytest.raises(InvalidPictureError):
        asked(profile("internsvg-8b"), DrawRequest("ring", image=b"no picture"))


def test_a_picture_for_a_model_of_words_is_left_out_with_a_note() -> None:
    what = asked(profile("introsvg-7b"), DrawRequest("ring", image=png()))
    assert isinstance(what, Asked) and what.picture is None and "sees no pictures" in what.notes[0]
    assert asked(profile("introsvg-7b"), DrawRequest("", image=png())) == "the words name nothing to draw"


def test_an_edit_and_a_refinement_show_the_drawing_on_the_models_canvas() -> None:
    what = asked(profile("introsvg-7b"), DrawRequest("box", edit=BOX, edits=("rounder", "blue")))
    assert isinstance(what, Asked) and what.mode == "edit" and "Changes: rounder; blue" in what.text
    assert 'viewBox="0 0 200 200"' in what.text and 'x="33" y="33" width="133"' in what.text
    hints = (Hint("critic", "too plain", 4.0, 9.5), Hint("critic.suggestion", "add a lid"))
    what = asked(profile("introsvg-7b"), DrawRequest("box", draft=BOX, hints=hints))
    assert isinstance(what, Asked) and what.mode == "refine"
    assert "- critic: too plain\n- critic.suggestion: add a lid" in what.text
    what = asked(profile("introsvg-7b"), DrawRequest("box", hints=hints))
    assert isinstance(what, Asked) and what.mode == "words"


@pytest.mark.parametrize(
    ("name", "request_", "why"),
    [
        ("svgen-7b", DrawRequest("box", edit=BOX, edits=("x",)), "does not change icons: it draws words"),
        ("svgen-7b", DrawRequest(""), "name nothing to draw"),
        ("hf", DrawRequest("🐸"), "name nothing to draw"),
    ],
)
def test_what_a_model_cannot_is_said(name: str, request_: DrawRequest, why: str) -> None:
    found = asked(profile(name), request_)
    assert isinstance(found, str) and why in found


def test_a_model_without_a_prompt_is_asked_as_a_chat_model() -> None:
    request = DrawRequest("bell", StyleSpec(stroke_width=1.5), (reference(),))
    what = asked(profile("hf"), request)
    assert isinstance(what, Asked) and "You draw icons as SVG" in what.system
    data = json.loads(what.text)
    assert data["draw"] == "bell" and data["examples"][0]["svg"] == serialise(BOX) and what.shown == (reference(),)


def test_exemplars_stand_before_the_question_in_the_models_own_form(tmp_path: Path) -> None:
    text = """
    [prompt]
    words = "Draw an SVG icon: {words}"
    words_of_set = "Draw an SVG icon of the same set: {words}"
    exemplars = "Icons of one set:\\n{exemplars}\\n\\n"
    exemplar_tokens = %d
    [output]
    form = "%s"
    """
    request = DrawRequest("bell", references=(reference("big-box"),))
    for form, drawing in (
        ("svg", serialise(BOX)), ("hivg", hivg.encode(BOX, 224)), ("llm4svg", semantic.join(semantic.tokens(BOX))),
    ):  # fmt: skip
        write(tmp_path, text % (1000, form))
        what = asked(profile("hf", tmp_path), request)
        assert isinstance(what, Asked) and what.shown == request.references
        assert what.text == f"Icons of one set:\nbig box: {drawing}\n\nDraw an SVG icon of the same set: bell"
        write(tmp_path, text % (10, form))
        what = asked(profile("hf", tmp_path), request)
        assert isinstance(what, Asked) and (what.shown, what.text) == ((), "Draw an SVG icon: bell")


# ------------------------------------------------------------------------------------------------------ what comes back


def with_form(form: str, **more: Any) -> Profile:
    from dataclasses import replace

    return replace(profile("hf"), output=replace(profile("hf").output, form=form, grammar=False, **more))


@pytest.mark.parametrize("form", ["svg", "hivg", "llm4svg"])
@pytest.mark.parametrize("brackets", [False, True])
def test_each_form_is_read_as_it_is_written(form: str, brackets: bool) -> None:
    own = with_form(form, brackets=brackets)
    text, notes = svg_of(f"Sure. {written(BOX, own)}<|im_end|>", own)
    icon = parse(text if form != "svg" else text[6:].removesuffix("<|im_end|>"))
    assert notes == () and len(icon.shapes) == 1 and icon.shapes[0].look.fill == "#ff8800"


def test_what_breaks_off_or_cannot_be_read_is_said() -> None:
    from svggen.models.svgtext import read_answer

    text, notes = svg_of(
        "<svg><path>fill=none stroke=#000000<cmd_M><P_1><P_2><SEG_7><cmd_l><d_90><d_90>", with_form("hivg")
    )
    answer = read_answer(text)
    assert answer.icon is not None and answer.cut and notes == ("1 learned segments could not be read",)
    whole = semantic.join(semantic.tokens(BOX))
    text, notes = svg_of(whole[: whole.rindex("<|END")], with_form("llm4svg"))
    assert parse(text).shapes and "breaks off" in notes[0]
    assert svg_of("I cannot", with_form("llm4svg")) == ("I cannot", ())
    assert svg_of("I cannot", with_form("hivg")) == ("I cannot", ())
    assert svg_of("<|START_OF_SVG|><|END_OF_SVG|>", with_form("llm4svg"))[0] == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '```json\n{"score": 6, "critique": "thin\\nlines", "suggestions": "1. thicken them 2. close the box"}\n```',
            Criticism(6.0, "thin lines", ("thicken them", "close the box")),
        ),
        ('{"Score": "7.5/10", "Critique": "", "Suggestions": ["a", "b"]}', Criticism(7.5, "", ("a", "b"))),
        ('{"score": 11, "critique": "x"}', Criticism(None, "x")),
        ('{"score": true, "critique": "x", "suggestions": {"1": "y"}}', Criticism(None, "x", ("y",))),
        ("Score: 8.\nIt is fine.", Criticism(8.0, "Score: 8. It is fine.")),
        ("nice", Criticism(None, "nice")),
        ("", Criticism(None, "")),
        ("{" * 5000, Criticism(None, "{" * 399 + "…")),
    ],
)
def test_a_criticism_is_read_however_it_is_spelled(text: str, wanted: Criticism) -> None:
    assert criticism(text) == wanted


def test_a_criticism_becomes_hints() -> None:
    hints = Criticism(6.0, "thin lines", ("thicken them",)).hints()
    assert hints == (Hint("critic", "thin lines", 6.0, 9.5), Hint("critic.suggestion", "thicken them"))
    assert Criticism(9.8, "fine").hints() == ()


# ---------------------------------------------------------------------------------------------------------------- names


def test_models_open_by_name_without_weights_or_torch() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from svggen.models import get_model\n"
        f"for n in {NAMES!r}: print(get_model(n + ':http://me:secret@gpu:8000/v1').name, get_model(n).revision)\n"
        "print([m for m in ('torch', 'transformers', 'langchain') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *models, heavy = done.stdout.strip().splitlines()
    assert heavy == "[]" and models == [f"{n}:http://gpu:8000/v1 absent" for n in NAMES]


def test_folders_that_are_not_there_and_models_that_are_not_here(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no folder"):
        get_model(f"internsvg-8b:{tmp_path / 'x'}")
    with pytest.raises(ModelError, match="there is no folder"):
        get_model("hf:./nowhere")
    with pytest.raises(ModelError, match="needs a Hugging Face repository"):
        open_model("hf", None)
    with pytest.raises(ModelError, match=r"weights of gitcat404/IntroSVG.*mnemicon models fetch introsvg-7b"):
        get_model("introsvg-7b").generate(DrawRequest("bell"))
    assert "mnemicon models fetch hivg-3b" in missing("hivg-3b")[0]
    assert missing("hf", str(tmp_path)) == [
        str(tmp_path / f) for f in ("config.json", "model.safetensors", "tokenizer.json")
    ]
    assert missing("hf", "http://gpu:8000/v1") == []
