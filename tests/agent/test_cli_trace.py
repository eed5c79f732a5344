"""``trace`` and ``draw --image``, from the picture to the files; the choice of the model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from agent.cli import main
from agent.parts import chosen_model
from agent.tool import design_icon
from svggen.errors import InvalidPictureError
from svggen.icon import Circle, Icon, Line, Look, Shape, parse
from svggen.render.renderers import default_renderer
from svggen.style import measure

LINE = Look(fill="none", stroke="currentColor", stroke_width=2.0, cap="round", join="round")
CLOCK = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), LINE), Shape(Line(12, 6, 12, 13), LINE)))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and an empty home."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MNEMICON_HOME", str(tmp_path / "home"))
    return folder


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "My Clock.png"
    path.write_bytes(default_renderer().png(CLOCK, 128))
    return path


def told(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> Any:
    assert main([*argv, "--json"]) == code, capsys.readouterr()
    return json.loads(capsys.readouterr().out)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_trace_writes_one_svg_and_never_over_another(
    here: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told(capsys, "trace", str(picture))
    assert list(first) == ["svg", "svg_path", "commands", "ssim", "seconds"]
    icon = parse(first["svg"])
    assert [type(s.geometry).__name__ for s in icon.shapes] == ["Circle", "Line"] and first["commands"] == 2
    assert first["ssim"] > 0.95 and first["seconds"] > 0
    assert Path(first["svg_path"]).read_text() == first["svg"] + "\n" and names(here) == ["my-clock.svg"]
    assert main(["trace", str(picture)]) == 0
    assert "2 commands, similarity 0.9" in capsys.readouterr().out and names(here) == ["my-clock-2.svg", "my-clock.svg"]


@pytest.mark.slow
def test_trace_writes_where_it_is_told(here: Path, picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(picture), "-o", "out.svg"]) == 0
    before = (here / "out.svg").read_bytes()
    capsys.readouterr()
    assert told(capsys, "trace", str(picture), "-o", "out.svg", code=2)["error"]["exit_code"] == 2
    assert (here / "out.svg").read_bytes() == before
    assert main(["trace", str(picture), "-o", "out.svg", "--force"]) == 0
    assert main(["trace", str(picture), "-o", "none/out.svg"]) == 2 and names(here) == ["out.svg"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"), (b"no picture", "no picture that can be read"), (b"<svg/>", "is an SVG already"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "broken|no picture"), (None, "no picture"),
    ],
)  # fmt: skip
def test_bad_pictures_are_one_line_and_exit_2(
    here: Path, tmp_path: Path, content: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.png"
    if content is not None:
        path.write_bytes(content)
    for argv in (["trace", str(path)], ["draw", "clock", "--image", str(path)]):
        assert main(argv) == 2
        errors = capsys.readouterr().err
        assert "bad.png" in errors and errors.count("\n") == 1 and re.search(said, errors)
    assert names(here) == []


def test_a_picture_of_one_colour_and_one_of_one_pixel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, said in ((64, "all of one colour"), (1, "1 x 1 px")):
        path = tmp_path / "flat.png"
        Image.new("RGB", (side, side), "#336699").save(path)
        assert said in told(capsys, "trace", str(path), code=2)["error"]["message"]


@pytest.mark.slow
def test_what_is_no_icon_is_written_and_exits_1(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = np.kron(np.random.default_rng(1).integers(0, 255, (8, 8, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    path = tmp_path / "noise.png"
    Image.fromarray(noise).save(path)
    monkeypatch.setattr("agent.cli.trace.LEAST", 0.9999)
    assert told(capsys, "trace", str(path), code=1)["ssim"] < 0.9999 and names(here) == ["noise.svg"]


def test_draw_from_a_picture_without_words(here: Path, picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = told(capsys, "draw", "--image", str(picture))
    assert (drawn["model"], drawn["passed"], drawn["prompt"]) == ("trace", True, "icon from My Clock")
    assert [type(s.geometry).__name__ for s in parse(drawn["svg"]).shapes] == ["Circle", "Line"]
    assert drawn["score"] > 0.9 and names(here)[0] == "icon-from-my-clock-sheet.png"
    assert drawn["style"] == {}  # nothing is known of this user: the picture's own look stands


@pytest.mark.slow
def test_the_words_steer_the_style_of_a_traced_picture(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = told(capsys, "draw", "clock, 1px lines, #0f766e", "--image", str(picture))
    seen = measure(parse(drawn["svg"]))
    assert drawn["model"] == "trace" and seen.palette == ("#0f766e",)
    assert seen.stroke_width == pytest.approx(1.0, abs=0.05)
    assert len(drawn["candidates"]) >= 2 and drawn["understood"]["subject"] == "clock"


@pytest.mark.slow
def test_a_wish_alone_draws_the_picture_and_not_the_last_icon(
    picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "draw", "paper plane", "--n", "1", "--rounds", "1")
    drawn = told(capsys, "draw", "thicker lines", "--image", str(picture))
    assert drawn["model"] == "trace" and drawn["svg"]


@pytest.mark.slow
def test_the_model_that_is_asked_for_draws(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = told(capsys, "draw", "clock", "--image", str(picture), "--model", "library", "--n", "1", "--rounds", "1")
    assert drawn["model"] == "library"
    assert any("reference picture was not used" in note for note in drawn["understood"]["notes"])
    assert main(["draw", "clock", "--model", "oracle"]) == 2
    assert "known: auto, chat" in capsys.readouterr().err
    assert main(["draw", "clock", "--model", "trace", "--rounds", "1"]) == 1  # there is no picture to trace


def test_which_model_draws() -> None:
    assert chosen_model(None, "auto", image=False) == chosen_model("auto", "library", image=False) == "auto"
    assert chosen_model(None, "auto", image=True) == chosen_model("auto", "fake", image=True) == "trace"
    assert chosen_model("library", "auto", image=True) == chosen_model(None, "library", image=False) == "library"
    assert chosen_model(None, "fake", image=True) == "fake" and chosen_model("trace", "library", image=False) == "trace"


@pytest.mark.slow
def test_design_icon_takes_bytes_and_paths(picture: Path, tmp_path: Path) -> None:
    home = tmp_path / "another"
    by_path = design_icon(image=picture, home=home)
    by_bytes = design_icon("clock", image=picture.read_bytes(), home=home)
    assert by_path.svg == by_bytes.svg and by_path.model == by_bytes.model == "trace"
    with pytest.raises(InvalidPictureError, match="no picture"):
        design_icon("clock", image=b"nothing", home=home)
    with pytest.raises(InvalidPictureError, match="there is no picture"):
        design_icon("clock", image=str(tmp_path / "none.png"), home=home)
