"""The critic's score and findings, the joining of wishes, and the lean import, one fact at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import LINE, circle, draft

from agent.critic import CONCEPT, critique
from agent.editor import Editor
from agent.wishes import contradicts, same_colour, wanted_style
from svggen.icon import Icon
from svggen.models.base import DrawRequest, Reference
from svggen.style import StyleSpec
from svggen.words import parse_words

REPOSITORY = Path(__file__).parents[2]


def judge(icon: Icon, **options: Any) -> Any:
    given = {"draft": draft(icon, options.pop("confidence", 1.0), steps=options.pop("steps", ()))}
    return critique(icon, **{**given, **options})


def test_a_sound_icon_that_nobody_asked_more_of_scores_its_concept() -> None:
    assert judge(circle()).score == 1.0 and judge(circle()).passed
    assert judge(circle(), confidence=0.8).score == pytest.approx(0.8)


def test_the_concept_multiplies_and_gates() -> None:
    low = judge(circle(), confidence=CONCEPT - 0.01, scene=parse_words("a snark"))
    assert not low.passed and low.findings[0].rule == "concept" and "snark" in low.findings[0].message
    near = Reference("1", "shark-fin", "snark", circle(), "library", "x", "MIT", 0.3, 0.5)
    assert (
        "nearest ideas: shark fin"
        in judge(circle(), confidence=0.1, scene=parse_words("a snark"), references=(near,)).findings[0].message
    )


def test_style_is_compared_field_by_field_with_its_fix() -> None:
    verdict = judge(circle(), wanted=StyleSpec(stroke_width=1.0), lint_findings=[])
    [finding] = verdict.findings
    assert (finding.rule, finding.level, finding.limit) == ("style.stroke_width", "should", 1.0)
    assert finding.value == pytest.approx(2.0, abs=0.2) and verdict.passed and verdict.score < 1.0
    assert "make stroke width 1" in finding.hint().message
    assert judge(circle(), wanted=StyleSpec(stroke_width=2.0)).score > verdict.score


def test_a_colour_that_was_asked_for_and_is_not_there_is_a_must() -> None:
    asked = StyleSpec(palette=("#ff0000",))
    assert not judge(circle(), wanted=asked, asked=asked, lint_findings=[]).passed
    remembered = judge(circle(), wanted=asked, lint_findings=[])
    assert remembered.passed and remembered.findings[0].level == "should"


@pytest.mark.parametrize(
    ("words", "steps", "missing"),
    [
        ("a heart in a circle", ("took 'heart' from x (MIT)",), ["scene.container"]),
        ("a heart in a circle", ("took 'heart'", "put it in a circle"), []),
        ("heart crossed out", ("took 'heart'",), ["scene.slash"]),
        ("heart crossed out", ("took 'heart-off'",), []),
        ("user with a plus", ("took 'user'",), ["scene.mark"]),
        ("user with a plus", ("took 'user-plus'",), []),
        ("a heart in a circle", (), []),  # a model that says nothing of its making
    ],
)
def test_the_demands_of_the_request(words: str, steps: tuple[str, ...], missing: list[str]) -> None:
    verdict = judge(circle(), scene=parse_words(words), steps=steps, lint_findings=[])
    assert [f.rule for f in verdict.findings if f.rule.startswith("scene.")] == missing
    assert verdict.concept == pytest.approx(0.8 ** len(missing))


def test_the_set_counts_where_one_is_known() -> None:
    from svggen.style import style_vector

    own = tuple(float(x) for x in style_vector(circle()))
    strange = tuple(x + 3.0 for x in own)
    assert judge(circle(), set_vector=own, lint_findings=[]).score == 1.0
    far = judge(circle(), set_vector=strange, lint_findings=[])
    assert far.score < 0.9 and far.findings[0].rule == "set"


@pytest.mark.parametrize(
    ("asked", "recalled", "avoid", "wanted"),
    [
        ({}, {}, ["filled"], {"mode": "outline"}),
        ({"mode": "filled"}, {}, ["filled"], {"mode": "filled"}),
        ({}, {"mode": "duotone"}, ["filled"], {"mode": "duotone"}),
        ({}, {"mode": "duotone"}, ["duotone"], {}),
        ({}, {"palette": ["#ff0000", "#0000ff"]}, ["red"], {"palette": ["#0000ff"]}),
        ({}, {"palette": ["#dc143c"]}, ["red"], {"palette": ["currentColor"]}),
        ({"palette": ["#ff0000"]}, {}, ["red"], {"palette": ["#ff0000"]}),
        ({}, {"corner_radius": 2.0}, ["round corners"], {"corner_radius": 0.0, "join": "miter"}),
        ({}, {}, ["round caps"], {"cap": "butt"}),
        ({}, {"pixel_art": True}, ["pixel art"], {"pixel_art": False}),
        (
            {"stroke_width": 1.0},
            {"stroke_width": 2.0, "cap": "round"},
            ["faces"],
            {"stroke_width": 1.0, "cap": "round"},
        ),
    ],
)
def test_wishes_memory_and_bans_are_joined(asked: Any, recalled: Any, avoid: Any, wanted: Any) -> None:
    made = wanted_style(StyleSpec.from_dict(asked), StyleSpec.from_dict(recalled), avoid, {})
    assert made.to_dict() == wanted


def test_comparatives_are_taken_of_what_is_known() -> None:
    assert wanted_style(StyleSpec(), StyleSpec(stroke_width=1.5), (), {"stroke": 1.25}).stroke_width == 1.9
    assert wanted_style(StyleSpec(), StyleSpec(), (), {"stroke": 0.8}).stroke_width == 1.6


def test_contradictions_and_colours_of_one_name() -> None:
    assert contradicts("filled", "mode", "filled") and not contradicts("filled", "mode", "outline")
    assert contradicts("red", "palette", ["#ff0000"]) and not contradicts("red", "palette", ["#0000ff"])
    assert contradicts("round caps", "cap", "round") and not contradicts("faces", "mode", "filled")
    assert (
        same_colour("#ff0000", "#dc143c")
        and not same_colour("#ff0000", "#ffa500")
        and same_colour("#808080", "#888888")
    )


def test_the_editor_says_what_it_cannot_do_and_leaves_it_alone() -> None:
    [done] = Editor().generate(DrawRequest("", edit=circle(), edits=("remove clapper",)))
    assert done.icon == circle() and done.confidence < CONCEPT and done.notes
    [nothing] = Editor().generate(DrawRequest("", edits=("flip horizontal",)))
    assert nothing.icon is None and nothing.failure == "unknown_subject"
    [thin] = Editor().generate(DrawRequest("", edit=circle(9, LINE), style=StyleSpec(stroke_width=1.0)))
    assert (
        thin.icon is not None and thin.icon.shapes[0].look.stroke_width == pytest.approx(1.0) and thin.confidence == 1.0
    )


def test_packages_that_were_put_off_are_whole_when_somebody_asks() -> None:
    code = (
        "import sys, agent.graph\n"
        "assert 'httpx' not in sys.modules and 'langgraph_sdk.client' not in sys.modules\n"
        "import langgraph_sdk, langsmith.types\n"
        "from langgraph_sdk import get_client\n"
        "assert callable(get_client) and 'langgraph_sdk.client' in sys.modules and len(dir(langsmith.types)) > 0\n"
        "from langsmith.types.run_select_field import RunSelectField\n"
        "from langgraph.pregel.remote import RemoteGraph\n"
        "print('whole')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "whole", done.stderr


def test_a_draw_loads_no_cloud_client_and_a_host_that_traces_gets_all_of_it(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from agent import design_icon\n"
        "assert design_icon('paper plane').svg\n"
        "absent = ('langsmith.client', 'langsmith.run_trees', 'langsmith.schemas', 'httpx', 'httpx2')\n"
        "assert not [name for name in absent if name in sys.modules]\n"
        "import langchain_core.tracers.core as core\n"
        "import langgraph._internal._runnable as runnable\n"
        "from langchain_core.callbacks import BaseCallbackHandler\n"
        "from langchain_core.tracers.langchain import LangChainTracer\n"
        "class Own(LangChainTracer):\n"
        "    pass\n"
        "assert issubclass(Own, BaseCallbackHandler) and issubclass(Own, runnable.LangChainTracer)\n"
        "import langsmith\n"
        "from langchain_core.runnables import RunnableLambda\n"
        "from langchain_core.tracers.run_collector import RunCollectorCallbackHandler\n"
        "collector = RunCollectorCallbackHandler()\n"
        "assert RunnableLambda(lambda n: n + 1).invoke(1, config={'callbacks': [collector]}) == 2\n"
        "assert type(collector.traced_runs[0]) is langsmith.RunTree is core.Run and hasattr(core.Run, 'model_dump')\n"
        "with langsmith.tracing_context(enabled=True, project_name='mine'):\n"
        "    assert langsmith.get_tracing_context()['project_name'] == 'mine'\n"
        "    assert langsmith.utils.tracing_is_enabled() is True\n"
        "assert not langsmith.utils.tracing_is_enabled()\n"
        "print('whole')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False,
        env={**os.environ, "MNEMICON_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.strip() == "whole", done.stderr


def test_a_variable_that_turns_tracing_on_is_seen() -> None:
    code = (
        "import os, agent.graph\n"
        "from langsmith import utils\n"
        "assert utils.tracing_is_enabled() is False\n"
        "os.environ['LANGSMITH_TRACING_V2'] = 'true'\n"
        "assert utils.tracing_is_enabled() is True\n"
        "print('seen')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "seen", done.stderr
