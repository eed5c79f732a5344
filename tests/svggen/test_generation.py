"""Sampling: rows with ends of their own, circles, deadlines, and nobody else's random numbers touched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from svggen.errors import ModelError
from svggen.models.generation import TAIL, Guard, Sampling, _likeliest, _Watch, sampled

slow = pytest.mark.slow
EOS, PAD = 7, 0


def circle(ids: Sequence[int]) -> int:
    return Guard().circle(np.asarray(ids, np.int64))


@pytest.mark.parametrize("run", [1, 2, 9, 40, 64])
def test_circles_of_every_length_are_seen_and_cut_to_one_round(run: int) -> None:
    guard = Guard()
    before, once = list(range(1000, 1100)), list(range(run))
    rounds = max(guard.times, -(-guard.span // run))
    ids = (before + once * rounds)[-guard.window :]
    cut = circle(ids)
    assert cut >= run * (rounds - 2)
    assert circle(before + once * rounds) == run * (rounds - 1)  # all but the first time round
    assert circle(before + once * (guard.times - 1)) == 0


def test_what_only_looks_like_a_circle_is_none() -> None:
    assert circle([]) == circle([1]) == 0
    assert circle([5] * 100) == 0  # a long run of one id, shorter than the span
    steps = [n for k in range(60) for n in (1, 2, 3, k)]
    assert circle(steps) == 0
    rng = np.random.default_rng(4)
    assert not any(circle(list(rng.integers(0, 6, 320))) for _ in range(50))


def watch(rows: int, *, seconds: float = 9.0, stop: Any = None, guard: Guard | None = None) -> _Watch:
    return _Watch(rows, {EOS}, time.monotonic() + seconds, stop, guard)


def test_each_row_has_its_own_end() -> None:
    w = watch(3, stop=lambda tail: list(tail[-2:]) == [4, 5])
    assert w.step([1, 4, 2]) == [False, False, False]
    assert w.step([EOS, 5, 2]) == [True, True, False]
    assert w.step([PAD, PAD, 3]) == [True, True, False]
    assert [(r.ids, r.ended) for r in w.rows()] == [((1,), "closed"), ((4, 5), "closed"), ((2, 2, 3), "length")]


def test_stop_sees_the_tail_alone() -> None:
    seen: list[int] = []

    def stop(tail: Sequence[int]) -> bool:
        seen.append(len(tail))
        return False

    w = watch(1, stop=stop)
    for n in range(50):
        w.step([n + 10])
    assert max(seen) == TAIL and seen[:3] == [1, 2, 3]


def test_loops_are_cut_and_time_runs_out() -> None:
    w = watch(2, guard=Guard(longest=8, times=3, span=9, every=4))
    for n in range(40):
        w.step([10 + n % 3, 100 + n])
    looped, other = w.rows()
    assert looped.ended == "loop" and looped.ids == (10, 11, 12) and other.ended == "length"
    late = watch(1, seconds=-1.0)
    late.step([3])
    assert late.rows()[0] == type(looped)((3,), "timeout")


def test_a_budget_narrows_the_length_and_is_never_nothing() -> None:
    assert Sampling(max_new_tokens=100).within(40).max_new_tokens == 40
    assert Sampling(max_new_tokens=100).within(400).max_new_tokens == 100
    assert Sampling().within(0).max_new_tokens == 1


# ---------------------------------------------------------------------------------------------------- with a tiny model


@pytest.fixture(scope="module")
def gpt() -> Iterator[tuple[Any, dict[str, Any]]]:
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    settings: Any = GPT2Config
    made: Any = GPT2LMHeadModel
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = made(
            settings(n_layer=1, n_head=2, n_embd=16, vocab_size=60, n_positions=400, bos_token_id=0, eos_token_id=7)
        ).eval()
    ids = torch.tensor([[1, 2, 3]])
    yield model, {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    torch.set_num_threads(threads)


def draw(gpt: Any, sampling: Sampling | None = None, **more: Any) -> list[Any]:
    model, inputs = gpt
    sampling = sampling or Sampling(max_new_tokens=24)
    given: dict[str, Any] = {"n": 4, "seed": 3, "seconds": 30.0, "eos": EOS, "pad": PAD, **more}
    return sampled(model, inputs, sampling, **given)


@slow
def test_equal_seeds_give_equal_rows_and_leave_the_callers_numbers_alone(gpt: Any) -> None:
    import torch

    torch.manual_seed(5)
    before, own = torch.get_rng_state(), gpt[0].generation_config
    first = draw(gpt)
    assert first == draw(gpt) and len(first) == 4 and len(set(first)) == 4
    assert draw(gpt, seed=4) != first
    assert torch.equal(before, torch.get_rng_state()) and gpt[0].generation_config is own


@slow
def test_the_models_own_settings_do_not_leak_in(gpt: Any) -> None:
    first = draw(gpt)
    gpt[0].generation_config.repetition_penalty = 9.0
    gpt[0].generation_config.top_k = 1
    try:
        assert draw(gpt) == first
    finally:
        gpt[0].generation_config.repetition_penalty = gpt[0].generation_config.top_k = None


@slow
def test_temperature_nought_is_one_row_and_the_likeliest(gpt: Any) -> None:
    import torch

    (row,) = draw(gpt, Sampling(temperature=0.0, max_new_tokens=5))
    ids = gpt[1]["input_ids"]
    with torch.inference_mode():
        for token in row.ids:
            assert int(gpt[0](ids).logits[0, -1].argmax()) == token
            ids = torch.cat([ids, torch.tensor([[token]])], 1)
    assert draw(gpt, n=0) == []


@slow
def test_greedy_circles_end_as_loops_and_time_as_time(gpt: Any) -> None:
    (row,) = draw(gpt, Sampling(temperature=0.0, max_new_tokens=300))
    assert row.ended == "loop" and len(row.ids) < 250
    rows = draw(gpt, Sampling(max_new_tokens=300), seconds=0.0)
    assert all(r.ended == "timeout" and len(r.ids) <= 1 for r in rows)
    assert {r.ended for r in draw(gpt, stop=lambda tail: tail[-1] > 50)} == {"closed"}


@slow
def test_processors_decide_before_the_sampling_does_and_embeddings_will_do(gpt: Any) -> None:
    import torch
    from transformers import LogitsProcessor

    class Only(LogitsProcessor):
        def __call__(self, input_ids: Any, scores: Any) -> Any:
            out = torch.full_like(scores, float("-inf"))
            out[:, 20 + (torch.arange(len(scores)))] = 0.0
            return out

    for inputs in (gpt[1], {"inputs_embeds": gpt[0].get_input_embeddings()(gpt[1]["input_ids"])}):
        rows = draw((gpt[0], inputs), Sampling(max_new_tokens=6), processors=[Only()])
        assert all(set(row.ids) <= {20, 21, 22, 23} and len(row.ids) == 6 for row in rows)


@slow
@pytest.mark.parametrize(
    ("temperature", "top_p", "top_k"), [(0.5, 0.88, 50), (1.0, 1.0, 3), (0.1, 0.001, 1), (2.0, 0.5, 900)]
)
def test_the_likeliest_are_those_of_transformers(temperature: float, top_p: float, top_k: int) -> None:
    import torch
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    scores = 4 * torch.randn(5, 600, generator=torch.Generator().manual_seed(2))
    scores[:, 300:] = float("-inf")  # as a mask leaves them
    (ours,) = _likeliest(Sampling(temperature, top_p, top_k))
    theirs = scores
    for warper in (TemperatureLogitsWarper(temperature), TopKLogitsWarper(min(top_k, 600)), TopPLogitsWarper(top_p)):
        theirs = warper(None, theirs)
    assert torch.allclose(ours(None, scores).softmax(-1), theirs.softmax(-1), atol=1e-6)
    assert _likeliest(Sampling(top_k=0)) == _likeliest(Sampling(temperature=0.0)) == []


@slow
def test_what_fails_within_is_a_model_error(gpt: Any) -> None:
    from transformers import LogitsProcessor

    class Nothing(LogitsProcessor):
        def __call__(self, input_ids: Any, scores: Any) -> Any:
            return scores * float("nan")

    with pytest.raises(ModelError, match="failed while it drew"):
        draw(gpt, processors=[Nothing()])
    assert len(draw(gpt)) == 4  # and the next call is free to go


@slow
def test_one_call_at_a_time_and_waiting_counts(gpt: Any) -> None:
    held, go = threading.Event(), threading.Event()

    def hold(tail: Sequence[int]) -> bool:
        held.set()
        go.wait(10)
        return True

    thread = threading.Thread(target=lambda: draw(gpt, stop=hold))
    thread.start()
    assert held.wait(10)
    waited = draw(gpt, seconds=0.05)
    go.set()
    thread.join()
    assert [(row.ids, row.ended) for row in waited] == [((), "timeout")] * 4
