"""IconLM for several callers at once: each gets, to the last bit, what it would have got alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from iconlm_weights import tiny_weights
from test_model_contract import REQUESTS, timeless

from svggen.models import Budget, DrawRequest, get_model
from svggen.models.iconlm import IconLM
from svggen.models.iconlm.product import Matrix, Product
from svggen.style import StyleSpec


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> IconLM:
    return IconLM(tiny_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors"), samples=3)


def test_many_are_drawn_as_each_alone(model: IconLM) -> None:
    """Prompts of other lengths, other numbers of candidates, other limits; some that draw nothing at all."""
    names = ("plain", "no words", "picture", "no references", "no picture", "emoji")
    asked = [replace(REQUESTS[name], n=1 + i % 2, budget=Budget(60.0, 32 + 5 * i)) for i, name in enumerate(names)]
    alone = [timeless(model.generate(request)) for request in asked]
    assert [timeless(drafts) for drafts in model.generate_many(asked)] == alone
    assert [timeless(drafts) for drafts in model.generate_many(asked[::-1])] == alone[::-1]
    assert any(draft.icon is not None for drafts in alone for draft in drafts)


def test_many_may_be_none_or_nothing(model: IconLM) -> None:
    assert model.generate_many([]) == []
    assert model.generate_many([replace(REQUESTS["plain"], n=0)]) == [[]]


def test_one_whose_time_is_over_does_not_stop_the_others(model: IconLM) -> None:
    late = replace(REQUESTS["plain"], budget=Budget(seconds=0.0, tokens=48))
    ample = replace(late, budget=Budget(seconds=60.0, tokens=48))
    (over,), drawn = model.generate_many([late, ample])
    assert over.failure == "timeout" and timeless(drawn) == timeless(model.generate(ample))


def matrix(out: int = 96, inner: int = 64, *, whole: bool = True) -> Matrix:
    random = np.random.default_rng(3)
    if not whole:
        return Matrix(random.normal(size=(out, inner)).astype(np.float32))
    scale = random.uniform(0.001, 0.01, out).astype(np.float32)
    return Matrix(random.integers(-127, 128, (out, inner), dtype=np.int8), scale)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("groups", [(1, 1), (2, 5, 1), (8,) * 6, (7,)])
def test_groups_of_rows_are_multiplied_as_each_alone(whole: bool, groups: tuple[int, ...]) -> None:
    product = Product(matrix(whole=whole))
    random = np.random.default_rng(5)
    parts = [random.normal(random.uniform(-2, 2), random.uniform(0.1, 9), (n, 64)).astype(np.float32) for n in groups]
    parts[-1][:] = 0  # a group without a range
    together = product(np.concatenate(parts), groups)
    assert np.array_equal(together, np.concatenate([product(part) for part in parts]))


def test_groups_are_really_multiplied_together_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """One product for all; and where a processor's kernels disagree, one for each group."""
    product = Product(matrix())
    rows, calls = np.ones((4, 64), np.float32), []
    plain = product._session.run

    class Counting:
        def run(self, *arguments: Any) -> Any:
            calls.append(len(arguments[1]["x"]))
            return plain(*arguments)

    product(rows, (2, 2))
    agreed = product._agrees
    monkeypatch.setattr(product, "_session", Counting())
    expected = product(rows, (2, 2))
    assert calls == ([] if agreed else [2, 2])
    product._agrees = False
    calls.clear()
    assert np.array_equal(product(rows, (2, 2)), expected) and calls == [2, 2]


@pytest.mark.slow
def test_the_weights_that_ship_draw_alike_in_company() -> None:
    asked = [
        DrawRequest(words, StyleSpec(mode="outline"), n=1, seed=7, budget=Budget(60.0, 72))
        for words in ("bell", "coffee cup")
    ]
    model = get_model("iconlm")
    assert isinstance(model, IconLM)
    together = [timeless(drafts) for drafts in model.generate_many(asked)]
    assert together == [timeless(model.generate(request)) for request in asked]
