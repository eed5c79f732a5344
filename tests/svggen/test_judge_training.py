"""Training the judge: what is drawn, what is varied, what counts as wrong; a small run learns, ends and goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

torch = pytest.importorskip("torch")

from svggen.judge.judge import Judge  # noqa: E402
from svggen.training import judge as training  # noqa: E402
from svggen.training.judge import Recipe, concept_loss, style_loss, train_judge  # noqa: E402
from svggen.training.judge_data import Batch, JudgeData, Sampler, hold_out, vary  # noqa: E402
from svggen.training.judge_net import JudgeNet, count_parameters, export, load_net  # noqa: E402
from svggen.training.judge_report import ranks  # noqa: E402
from svggen.training.muon import orthogonal  # noqa: E402

CALIBRATION = {"calibration": {"concept": [0.0, 1.0], "style": [0.0, 1.0]}}


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def data(families: tuple[int, ...] = (40, 10), concepts: int = 6) -> JudgeData:
    """Squares of six sizes, one ink a family; the last fifth is for validation."""
    generator = np.random.default_rng(0)
    n = sum(families)
    family = np.repeat(np.arange(len(families)), families).astype(np.int32)
    concept = generator.integers(0, concepts, n).astype(np.int32)
    pictures = np.full((n, 64, 64, 3), 255, np.uint8)
    for row in range(n):
        half = 4 + 4 * concept[row]
        pictures[row, 32 - half : 32 + half, 32 - half : 32 + half] = 90 * (family[row] % 2)
    texts = generator.normal(size=(2 * concepts, 384))
    texts = (texts / np.linalg.norm(texts, axis=1, keepdims=True)).astype(np.float16)
    ids = np.stack([concept, concept + concepts], 1).ravel().astype(np.int32)
    train = np.arange(n) % 5 != 4
    return JudgeData(pictures, texts, (np.arange(0, 2 * n + 1, 2), ids), concept, family + 7, family, train)


def warmed(seed: int = 0) -> JudgeNet:
    """A net whose batch norms have seen something and whose blocks do something."""
    torch.manual_seed(seed)
    net = JudgeNet()
    for name, p in net.named_parameters():
        if name.endswith("norm.weight"):
            torch.nn.init.uniform_(p, 0.5, 1.5)
    for _ in range(3):
        net(torch.rand(8, 3, 64, 64))
    return net.eval()


def test_numpy_and_torch_see_the_same(tmp_path: Path) -> None:
    net = warmed()
    assert count_parameters(net) <= 4_000_000
    export(net, tmp_path / "judge.safetensors", CALIBRATION)
    assert (tmp_path / "judge.safetensors").stat().st_size < 10_000_000
    judge, again = Judge(tmp_path / "judge.safetensors", None), load_net(tmp_path / "judge.safetensors")
    pictures = np.random.default_rng(0).integers(0, 256, (9, 64, 64, 3)).astype(np.uint8)
    seen = judge.see(pictures)
    words = np.random.default_rng(1).normal(size=(3, 384)).astype(np.float32)
    with torch.no_grad():
        looked = again(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255)
        first = net(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255)
        assert np.abs(judge.project(words) - again.project(torch.from_numpy(words)).numpy()).max() < 1e-4
    for ours, theirs, whole in ((seen.concept, looked.concept, first.concept), (seen.style, looked.style, first.style)):
        assert np.abs(ours - theirs.numpy()).max() < 1e-4
        assert (ours * whole.numpy()).sum(1).min() > 0.999  # folding and fp16 change next to nothing
    assert np.abs(seen.patches - looked.patches.numpy()).max() < 1e-3


def test_families_count_as_the_square_root_of_their_size() -> None:
    given = data((400, 25))
    sampler = Sampler(replace(given, train=np.ones(425, bool)), torch.device("cpu"))
    batch = sampler.draw(20_000)
    share = float((given.family[batch.rows.numpy()] == 0).mean())
    assert share == pytest.approx(20 / 25, abs=0.015)
    assert set(batch.group.tolist()) == {0, 1}
    names = float((batch.text < 6).float().mean())
    assert names == pytest.approx(0.55, abs=0.015)
    assert bool((batch.text % 6 == batch.concept).all())


def test_validation_is_never_drawn_and_whole_families_are_held_out() -> None:
    given = data((150,) * 14)
    learned, held = hold_out(given)
    families = set(given.family[held])
    assert 1 <= len(families) < 14 and given.train[held].all()
    assert not learned.train[np.isin(given.family, list(families))].any()
    rows = Sampler(learned, torch.device("cpu")).draw(5000).rows.numpy()
    assert learned.train[rows].all() and not set(rows) & set(held)
    few, some = hold_out(data((40, 10)))
    assert len(some) == 2 and few.train.sum() == data((40, 10)).train.sum() - 2


def test_what_is_to_stay_true_is_only_shifted() -> None:
    pictures = torch.full((64, 64, 64, 3), 255, dtype=torch.uint8)
    pictures[:, 20:40, 24:44] = 0
    seen = vary(pictures, 32, torch.Generator().manual_seed(3))
    assert seen.shape == (64, 3, 64, 64) and float(seen.min()) >= 0 and float(seen.max()) <= 1
    true = seen[:32]
    assert float(((true > 1e-3) & (true < 1 - 1e-3)).float().mean()) == 0.0  # edges stay sharp
    assert torch.allclose((1 - true[:, 0]).sum((1, 2)), torch.tensor(400.0))
    tops = [int((row[0].min(1).values < 0.5).nonzero()[0]) for row in true]
    assert min(tops) == 18 and max(tops) == 22
    assert float(((seen[32:] > 1e-3) & (seen[32:] < 1 - 1e-3)).float().mean()) > 0.01


def test_pairs_that_mean_the_same_are_no_negatives() -> None:
    net = warmed()
    pictures = torch.nn.functional.normalize(torch.randn(4, 256), dim=1)
    frozen = torch.nn.functional.normalize(torch.randn(4, 384), dim=1)

    def loss(concept: list[int], text: list[int], vectors: Any = frozen) -> float:
        nothing = torch.zeros(4, dtype=torch.long)
        batch = Batch(nothing, nothing, torch.tensor(text), torch.tensor(concept), nothing)
        return float(concept_loss(net, pictures, vectors, batch)[0].detach())

    apart = loss([0, 1, 2, 3], [0, 1, 2, 3])
    assert loss([0, 0, 2, 3], [0, 1, 2, 3]) < apart and loss([0, 1, 2, 3], [0, 0, 2, 3]) < apart
    assert loss([0, 0, 0, 0], [0, 1, 2, 3]) == pytest.approx(0, abs=1e-5)
    same = torch.cat([frozen[:1], frozen[:1] + 0.01 * frozen[1:2], frozen[2:]])
    assert loss([0, 1, 2, 3], [0, 1, 2, 3], same) == pytest.approx(loss([0, 0, 2, 3], [0, 1, 2, 3], same), abs=1e-5)


def test_style_is_cheap_where_groups_lie_together() -> None:
    group = torch.tensor([0, 0, 1, 1])
    proxies = torch.eye(32)[:2]
    right, wrong = torch.eye(32)[[0, 0, 1, 1]], torch.eye(32)[[1, 0, 0, 1]]
    assert float(style_loss(right, proxies, group)) < float(style_loss(wrong, proxies, group)) - 1
    assert torch.isfinite(style_loss(right[:2], proxies, torch.tensor([0, 1])))  # no pair at all


def test_muon_makes_matrices_orthogonal() -> None:
    for shape in ((6, 20), (20, 6), (8, 8)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(3, *shape)))
        assert 0.6 < float(values.min()) and float(values.max()) < 1.3


def test_ranks_count_the_nearer_names() -> None:
    names = np.eye(4, dtype=np.float32)
    pictures = np.array([[1, 0, 0, 0], [0.9, 0.5, 0, 0]], np.float32)
    assert ranks(pictures, names, np.array([0, 1])).tolist() == [0, 1]


@pytest.mark.timeout(120)
def test_a_small_run_learns_and_writes_what_the_judge_reads(tmp_path: Path) -> None:
    said: list[str] = []
    plan = Recipe(batch=16, seconds=60, steps=20, muon=0.005, adam=2e-3)
    given = data()
    train_judge(given, recipe=plan, device="cpu", out=tmp_path, log=said.append)
    judge = Judge(tmp_path / "judge.safetensors", None)
    report = judge.facts["report"]
    assert report["names"] == 6 and report["icons"] == 10 and 0 <= report["concept_top1"] <= report["concept_top5"] <= 1
    assert judge.facts["steps"] == 20 and len(judge.facts["calibration"]["concept"]) == 101
    assert not list(tmp_path.glob("*checkpoint*"))
    seen, learned = judge.see(given.pictures), given.train
    own = judge.project(given.texts[:6].astype(np.float32))
    first = (seen.concept @ own.T).argmax(1)
    assert (first == given.concept)[learned].mean() > 0.5  # chance is one in six
    lines = [json.loads(line) for line in (tmp_path / "judge-log.jsonl").read_text().splitlines()]
    assert all(set(line) >= {"step", "loss", "concept", "style"} for line in lines)


def test_a_run_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    plan = Recipe(batch=8, seconds=100)
    run = training._Run(data(), plan, torch.device("cpu"), 0, tmp_path)
    run._rates(0.5)
    run._step()
    run.step, run.spent = 1, 40.0
    run.save()
    said: list[str] = []
    again = training._Run(data(), plan, torch.device("cpu"), 5, tmp_path)
    again.resume(said.append)
    assert (again.step, again.spent) == (1, 40.0) and "goes on at step 1" in said[0]
    for one, other in zip(run.net.parameters(), again.net.parameters(), strict=True):
        assert torch.equal(one, other)
    other_plan = training._Run(data(), replace(plan, batch=4), torch.device("cpu"), 0, tmp_path)
    other_plan.resume(said.append)
    assert other_plan.step == 0 and "not used" in said[-1]
