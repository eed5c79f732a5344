"""The queue of a server: who is drawn with whom, who waits, who is left out."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from serving_models import Gated, Slow, Together

from svggen.errors import ModelError, ServingError
from svggen.models import Budget, Draft, DrawRequest
from svggen.models.fake import FakeSvgModel
from svggen.serving import Options
from svggen.serving.batcher import Batcher, Job, QueueFull, WaitedTooLong
from svggen.serving.options import is_loopback
from svggen.serving.replicas import LocalReplica

Test = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def batcher(*models: Gated, **options: Any) -> AsyncIterator[Batcher]:
    made = Batcher([LocalReplica(m, warm=False) for m in models], Options(**options), lambda _: None)
    await made.load()
    await asyncio.sleep(0)  # every worker is at the queue
    try:
        yield made
    finally:
        for model in models:
            model.gate.set()
        await made.close()


def ask(queue: Batcher, words: str, **more: Any) -> Job:
    return queue.submit(queue.place(), DrawRequest(words, **{"n": 1, **more}))


async def begun(model: Gated) -> None:
    assert await asyncio.to_thread(model.begun.wait, 10)


def run(test: Test) -> None:
    asyncio.run(asyncio.wait_for(test(), 20))


def test_those_who_come_together_are_drawn_together() -> None:
    async def test() -> None:
        model = Together()
        async with batcher(model, max_batch=4, max_wait=0.02) as queue:
            jobs = [ask(queue, w) for w in "abcdef"]
            drafts = await asyncio.gather(*(job.future for job in jobs))
            assert model.asked == [list("abcd"), list("ef")]
            assert [job.batch for job in jobs] == [4, 4, 4, 4, 2, 2]
            assert drafts == [FakeSvgModel().generate(job.request) for job in jobs]
            assert queue.waiting == queue.running == 0

    run(test)


def test_nobody_waits_for_companions_longer_than_the_bound() -> None:
    async def test() -> None:
        async with batcher(Together(), max_wait=0.05) as queue:
            began = time.monotonic()
            job = ask(queue, "a")
            await job.future
            assert job.batch == 1 and job.waited < 2 and time.monotonic() - began >= 0.04

    run(test)


def test_who_has_waited_already_is_not_kept_for_companions() -> None:
    """While the model was busy more than the bound went by: the next batch begins at once, with all who are there."""

    async def test() -> None:
        model = Together(open_=False)
        async with batcher(model, max_wait=0.05) as queue:
            first = ask(queue, "a")
            await begun(model)
            others = [ask(queue, w) for w in "bc"]
            await asyncio.sleep(0.1)
            model.gate.set()
            await asyncio.gather(first.future, *(job.future for job in others))
            assert model.asked == [["a"], ["b", "c"]]

    run(test)


def test_a_model_that_draws_one_at_a_time_is_asked_one_at_a_time() -> None:
    async def test() -> None:
        model = Gated()
        async with batcher(model, max_batch=8, max_wait=5.0) as queue:
            began = time.monotonic()
            await asyncio.gather(*(ask(queue, w).future for w in "abc"))
            assert model.asked == [["a"], ["b"], ["c"]]
            assert time.monotonic() - began < 4  # it waits for no companions

    run(test)


def test_two_workers_share_what_comes() -> None:
    async def test() -> None:
        models = [Together(open_=False), Together(open_=False)]
        async with batcher(*models, max_wait=0.05) as queue:
            jobs = [ask(queue, w) for w in "ab"]
            await asyncio.gather(*map(begun, models))
            assert sorted(len(m.asked[0]) for m in models) == [1, 1]
            for model in models:
                model.gate.set()
            await asyncio.gather(*(job.future for job in jobs))

    run(test)


def test_a_full_queue_says_when_to_come_again() -> None:
    async def test() -> None:
        model = Gated(open_=False)
        async with batcher(model, max_queue=2) as queue:
            ask(queue, "a")
            await begun(model)  # it is being drawn: it waits no more
            places = [ask(queue, w).place for w in "bc"]
            with pytest.raises(QueueFull) as full:
                queue.place()
            assert 1 <= full.value.retry_after <= 60
            places[0].free()
            places[0].free()
            assert queue.waiting == 1
            queue.place()

    run(test)


def test_who_leaves_before_the_turn_is_not_drawn() -> None:
    async def test() -> None:
        model = Gated(open_=False)
        async with batcher(model) as queue:
            first, second, third = (ask(queue, w) for w in "abc")
            await begun(model)
            second.future.cancel()
            model.gate.set()
            await asyncio.gather(first.future, third.future)
            assert model.asked == [["a"], ["c"]] and queue.waiting == 0

    run(test)


def test_who_leaves_while_being_drawn_takes_nobody_along() -> None:
    async def test() -> None:
        model = Together(open_=False)
        async with batcher(model, max_wait=0.02) as queue:
            first, second = ask(queue, "a"), ask(queue, "b")
            await begun(model)
            first.future.cancel()
            model.gate.set()
            assert (await second.future)[0].icon is not None

    run(test)


def test_a_budget_that_is_over_before_the_turn_is_told() -> None:
    async def test() -> None:
        model = Gated(open_=False)
        async with batcher(model) as queue:
            ask(queue, "a")
            await begun(model)
            late = ask(queue, "late", budget=Budget(seconds=0.5))
            late.arrived -= 1.5
            model.gate.set()
            with pytest.raises(WaitedTooLong):
                await late.future
            assert model.asked == [["a"]]

    run(test)


@pytest.mark.parametrize(("words", "error"), [("break", ValueError), ("unusable", ModelError)])
def test_what_breaks_fails_alone(words: str, error: type[Exception]) -> None:
    async def test() -> None:
        model = Together()
        async with batcher(model, max_wait=0.02) as queue:
            good, bad, other = (ask(queue, w) for w in ("a", words, "c"))
            with pytest.raises(error):
                await bad.future
            assert (await good.future)[0].icon and (await other.future)[0].icon
            assert model.asked == [["a", words, "c"], ["a"], [words], ["c"]]
            assert (await ask(queue, "d").future)[0].icon  # and the queue goes on

    run(test)


@pytest.mark.parametrize("words", ["short", "kill company"])
def test_a_batch_that_fails_as_a_whole_is_drawn_one_by_one(words: str) -> None:
    async def test() -> None:
        async with batcher(Together(), max_wait=0.02) as queue:
            jobs = [ask(queue, w) for w in ("a", words)]
            assert all([(await job.future)[0].icon for job in jobs])

    run(test)


def test_a_model_that_cannot_be_loaded_is_told() -> None:
    async def test() -> None:
        model = Slow(fails=True)
        model.gate.set()
        queue = Batcher([LocalReplica(model)], Options(), lambda _: None)
        with pytest.raises(ModelError, match="cut short"):
            await queue.load()
        await queue.close()

    run(test)


def test_closing_cancels_who_waits() -> None:
    async def test() -> None:
        model = Gated(open_=False)
        async with batcher(model) as queue:
            ask(queue, "a")
            await begun(model)
            waiting = ask(queue, "b")
            threading.Timer(0.1, model.gate.set).start()
            await queue.close()
            assert waiting.future.cancelled() and model.asked == [["a"]]

    run(test)


def test_a_model_is_loaded_and_draws_something_small_to_be_warm() -> None:
    loads = []

    class Loaded(Gated):
        def loaded(self) -> str:
            loads.append(1)
            return "the weights"

    models = [Gated(), Loaded(), Loaded()]
    for model, warm in zip(models, (True, True, False), strict=True):
        LocalReplica(model, warm=warm).load()
    assert [model.asked for model in models] == [[["circle"]], [["circle"]], []] and len(loads) == 2


def test_more_drafts_than_asked_for_are_cut() -> None:
    class Generous(Gated):
        def generate(self, request: DrawRequest) -> list[Draft]:
            return super().generate(request) * 3

    ((draft,),) = LocalReplica(Generous()).draw([DrawRequest("a", n=1)])  # type: ignore[misc]
    assert draft.icon is not None


@pytest.mark.parametrize(
    "wrong", [{"max_batch": 0}, {"max_queue": 0}, {"max_wait": -1.0}, {"tokens": ("short",)}, {"tokens": ("ä" * 20,)}]
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ServingError, match=next(iter(wrong)).rstrip("s")):
        Options(**wrong)


def test_tokens() -> None:
    options = Options(tokens=("a" * 20, "b" * 20))
    assert options.lets_in("Bearer " + "b" * 20) and options.lets_in("bearer " + "a" * 20)
    for wrong in (None, "", "Bearer", "Bearer ", "Bearer " + "a" * 19, "Basic " + "a" * 20, "b" * 20, "Bearer ä"):
        assert not options.lets_in(wrong)
    assert Options().lets_in(None) and "aaaa" not in repr(options)


def test_the_loopback_is_known_by_its_names() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.evil.org", "127.0.0.1.nip.io", "")))
