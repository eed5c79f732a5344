"""IconLM's training: a net that is a Llama, documents that keep to themselves, weights that numpy reads the same, and
a small run that learns, is cut off and goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

torch = pytest.importorskip("torch")
pytest.importorskip("pyarrow")

from svggen.errors import CorpusError, WeightsError  # noqa: E402
from svggen.models.iconlm.decoder import Decoder  # noqa: E402
from svggen.models.iconlm.decoder import Rows as Continued  # noqa: E402
from svggen.models.iconlm.inputs import inputs, patch_inputs  # noqa: E402
from svggen.models.iconlm.sampling import sample  # noqa: E402
from svggen.models.iconlm.weights import load  # noqa: E402
from svggen.tokens import vocabulary as v  # noqa: E402
from svggen.tokens.icon import decode  # noqa: E402
from svggen.tokens.prompt import PromptStyle, prompt  # noqa: E402
from svggen.training import iconlm as training  # noqa: E402
from svggen.training import lm_net  # noqa: E402
from svggen.training.iconlm import LmRecipe, make_data, train_iconlm  # noqa: E402
from svggen.training.judge_net import JudgeNet  # noqa: E402
from svggen.training.lm_data import Maker, Mixed, Stage, collate_row, with_gap  # noqa: E402
from svggen.training.lm_net import IconNet, LmConfig, Rows, document_mask, export, load_net, to_llama  # noqa: E402
from svggen.training.pack import Pack, words_of  # noqa: E402
from svggen.training.run import join, packed_corpus, shards  # noqa: E402
from tests.tiny_corpus import write_corpus  # noqa: E402

TINY = LmConfig(width=64, layers=2, heads=4, key_heads=2, inner=96, dropout=0.0)
PLAN = LmRecipe(TINY, rows=2, length=512, seconds=3, muon=0.02, adam=0.01, workers=0, compiled=False, attention="dense")


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("packed")
    return packed_corpus(write_corpus(folder / "icons.parquet", copies=3), folder, log=lambda _: None)


@pytest.fixture(scope="module")
def data(packed: Pack) -> tuple[training.LmData, JudgeNet]:
    torch.manual_seed(0)
    judge = JudgeNet().eval()
    random = np.random.default_rng(0)
    words = words_of(packed.phrases)
    seen = random.integers(0, 256, (len(packed), 64, 64, 3)).astype(np.uint8)
    texts = random.normal(size=(len(packed.phrases) + len(words), 384)).astype(np.float16) / 20
    return make_data(packed, seen, texts, words, judge, "cpu"), judge


def shaken(seed: int = 0, config: LmConfig = TINY) -> IconNet:
    """A net whose head says something, and whose norms do."""
    torch.manual_seed(seed)
    net = IconNet(config)
    for name, p in net.named_parameters():
        if name == "lm_head.weight":
            torch.nn.init.normal_(p, std=0.2)
        elif p.ndim == 1:
            torch.nn.init.uniform_(p, 0.5, 1.5)
    return net.eval()


def rows_of(ids: Any, documents: Any | None = None, positions: Any | None = None) -> Rows:
    """Rows without slots."""
    b, t = ids.shape
    none = torch.zeros(b, 0, dtype=torch.long)
    return Rows(
        ids, torch.arange(t).expand(b, t) if positions is None else positions,
        torch.zeros(b, t, dtype=torch.long) if documents is None else documents, torch.ones(b, t),
        none, torch.zeros(b, 0, 384), none, torch.zeros(b, 0, 32), none, torch.zeros(b, 0, 64, lm_net.PATCH_INPUT),
    )  # fmt: skip


def logits_of(net: IconNet, rows: Rows) -> Any:
    with torch.no_grad():
        return net.lm_head(net.hidden(rows, document_mask(rows.documents, "dense")))


# ------------------------------------------------------------------------------------------------------------ the net


def test_the_net_is_a_llama(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    net = shaken()
    llama = to_llama(net)
    rows = rows_of(torch.from_numpy(np.random.default_rng(0).integers(0, v.VOCAB_SIZE, (2, 30))))
    with torch.no_grad():
        theirs = llama(inputs_embeds=net.embed(rows)).logits
    assert float((theirs - logits_of(net, rows)).abs().max()) < 1e-4
    llama.save_pretrained(tmp_path / "llama")
    again = transformers.LlamaForCausalLM.from_pretrained(tmp_path / "llama").eval()
    with torch.no_grad():
        begun = net.embed(rows)[:1]
        drawn = again.generate(inputs_embeds=begun, max_new_tokens=6, do_sample=False, pad_token_id=v.PAD)
    assert drawn.shape[0] == 1 and 1 <= drawn.shape[1] <= 6
    assert int(drawn[0, 0]) == int(theirs[0, -1].argmax())


def test_documents_do_not_see_each_other() -> None:
    net, random = shaken(), np.random.default_rng(0)
    a, b = (torch.from_numpy(random.integers(0, v.VOCAB_SIZE, (1, n))) for n in (9, 14))
    both = torch.cat([a, b], 1)
    documents = torch.tensor([[0] * 9 + [1] * 14])
    positions = torch.cat([torch.arange(9), torch.arange(14)])[None]
    packed = logits_of(net, rows_of(both, documents, positions))
    assert torch.allclose(packed[:, :9], logits_of(net, rows_of(a)), atol=1e-5)
    assert torch.allclose(packed[:, 9:], logits_of(net, rows_of(b)), atol=1e-5)


def test_only_weighted_positions_count() -> None:
    net = shaken()
    ids = torch.from_numpy(np.random.default_rng(0).integers(0, v.VOCAB_SIZE, (1, 12)))
    rows = rows_of(ids)
    weights = torch.zeros(1, 12)
    weights[0, 7] = 1.0
    with torch.no_grad():
        loss = float(net(rows._replace(weights=weights), document_mask(rows.documents, "dense")))
    likely = torch.log_softmax(logits_of(net, rows)[0, 6], -1)
    assert loss == pytest.approx(-float(likely[ids[0, 7]]), abs=1e-4)


# ------------------------------------------------------------------------------------------------------------ numpy


@pytest.mark.parametrize("keys", [2, 4])
def test_numpy_decodes_what_torch_does(keys: int, tmp_path: Path) -> None:
    export(shaken(config=replace(TINY, key_heads=keys)), tmp_path / "tiny.safetensors", {"steps": 1})
    net, weights = load_net(tmp_path / "tiny.safetensors"), load(tmp_path / "tiny.safetensors")
    assert weights.facts == {"steps": 1}
    kind = np.int8 if keys == 4 else np.float32  # matrices of few rows are not in int8, and are not joined with such
    assert weights.layers[0].qkv.values.dtype == kind and weights.head.values.dtype == np.int8
    ids = np.random.default_rng(0).integers(0, v.VOCAB_SIZE, (3, 24))
    ids[:, :10] = ids[0, :10]
    theirs = logits_of(net, rows_of(torch.from_numpy(ids))).numpy()[:, 9:]
    for exact in (True, False):
        decoder = Decoder(weights, exact=exact)
        context = decoder.prefill(weights.tokens[ids[0, :10]])
        rows = Continued(decoder, context, 3, 20)
        ours = [np.repeat(context.logits, 3, 0)]
        ours += [rows.step(weights.tokens[ids[:, at]]) for at in range(10, 20)]
        rows.keep(np.array([False, True, True]))
        last = [rows.step(weights.tokens[ids[1:, at]]) for at in range(20, 24)]
        for found, wanted in ((np.stack(ours, 1), theirs[:, :11]), (np.stack(last, 1), theirs[1:, 11:])):
            if exact:
                assert np.abs(found - wanted).max() < 1e-3
            else:  # rounded to 8 bits
                assert np.sqrt(np.square(found - wanted).mean()) < 0.06 * wanted.std()


def test_slots_are_filled_alike(tmp_path: Path) -> None:
    export(shaken(), tmp_path / "tiny.safetensors", {})
    net, weights = load_net(tmp_path / "tiny.safetensors"), load(tmp_path / "tiny.safetensors")
    random = np.random.default_rng(0)
    asked = prompt(["cup of tea"], PromptStyle(mode="filled"), style_vector=True, task="picture")
    texts = {text: random.normal(size=384).astype(np.float32) for _, text in asked.texts}
    style, features = random.normal(size=32).astype(np.float32), random.normal(size=(64, 160)).astype(np.float32)
    picture = random.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    patches = patch_inputs(picture, features)
    theirs_patches = training.patch_inputs(torch.from_numpy(picture)[None], torch.from_numpy(features)[None])
    assert np.abs(patches - theirs_patches[0].numpy()).max() < 1e-6
    ours = inputs(weights, asked, lambda some: np.stack([texts[t] for t in some]), style=style, patches=patches)
    rows = rows_of(torch.tensor([asked.ids]))._replace(
        text_at=torch.tensor([[at for at, _ in asked.texts]]),
        text=torch.from_numpy(np.stack([texts[t] for _, t in asked.texts]))[None],
        style_at=torch.tensor([[asked.style]]), style=torch.from_numpy(style)[None, None],
        picture_at=torch.tensor([[asked.picture]]), patches=theirs_patches[None],
    )  # fmt: skip
    with torch.no_grad():
        assert np.abs(ours - net.embed(rows)[0].numpy()).max() < 1e-4
    with pytest.raises(ValueError, match="style"):
        inputs(weights, asked, lambda some: np.zeros((len(some), 384), np.float32), patches=patches)


def test_what_is_sampled_decodes_and_is_repeatable(tmp_path: Path) -> None:
    export(shaken(), tmp_path / "tiny.safetensors", {})
    decoder = Decoder(load(tmp_path / "tiny.safetensors"))
    asked = inputs(decoder.weights, prompt([], PromptStyle()), lambda some: np.zeros((len(some), 384), np.float32))
    drawn = sample(decoder, asked, 3, seed=5, longest=64)
    assert all(decode(one.ids).shapes and len(one.ids) <= 64 and one.likelihood < 0 for one in drawn)
    assert [one.ids for one in sample(decoder, asked, 3, seed=5, longest=64)] == [one.ids for one in drawn]
    assert len({tuple(one.ids) for one in drawn}) == 3
    greedy = sample(decoder, asked, 2, temperature=0, longest=64)
    assert greedy[0].ids == greedy[1].ids
    assert [one.ids for one in sample(decoder, asked, 2, longest=64, deadline=0.0)] == [[], []]


def test_bad_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tiny.safetensors"
    with pytest.raises(WeightsError, match="cannot be read"):
        load(path)
    export(shaken(), path, {})
    whole = path.read_bytes()
    for data in (whole[: len(whole) // 2], b"", whole[:20] + b"\xff" * 30 + whole[50:]):
        path.write_bytes(data)
        with pytest.raises(WeightsError, match=r"tiny\.safetensors holds no weights"):
            load(path)
    path.write_bytes(whole)
    with pytest.raises(WeightsError, match="damaged or of another version"):
        load(path, "0" * 64)
    size = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + size])
    for change in ({"heads": 3}, {"inner": 128}, {"layers": 3}):
        config = {**json.loads(header["__metadata__"]["config"]), **change}
        text = json.dumps({**header, "__metadata__": {**header["__metadata__"], "config": json.dumps(config)}}).encode()
        path.write_bytes(len(text).to_bytes(8, "little") + text + whole[8 + size :])
        with pytest.raises(WeightsError, match="holds no weights"):
            load(path)
    monkeypatch.setattr(lm_net, "VERSION", 99)
    export(shaken(), path, {})
    with pytest.raises(WeightsError, match="version 99"):
        load(path)


# ---------------------------------------------------------------------------------------------------------- documents


def test_documents_end_in_the_drawing_that_is_learned(packed: Pack) -> None:
    maker = Maker(packed, words_of(packed.phrases), train=True, seed=1)
    for task in ("words", "picture", "gap"):
        for shots in (0, 3):
            row = maker.draw(200)
            doc = maker.document(row, Stage(), task, shots)  # type: ignore[arg-type]
            drawing = packed.drawing(row).tolist()
            assert packed.train[row] and doc.ids[-len(drawing) - 1 :] == [v.BOS, *drawing]
            assert doc.weights[-len(drawing) :] == [1.0] * len(drawing) and len(doc.weights) == len(doc.ids)
            assert all(doc.ids[at] == v.TEXT_SLOT for at, _ in doc.text)
            assert all(doc.ids[at] == v.STYLE_SLOT for at, _ in doc.style)
            assert [at for at, _ in doc.picture] == [i for i, t in enumerate(doc.ids) if t == v.IMAGE_SLOT][:1]
            assert (v.GAP in doc.ids) == (task == "gap")
            assert {w for w in doc.weights} <= {0.0, 0.3, 1.0}
    gap = with_gap(list(range(100, 141)), np.random.default_rng(0))
    assert gap.count(v.GAP) == 1 and gap[-1] == 140 and 20 <= len(gap) <= 31


def test_rows_hold_several_documents_and_their_slots(packed: Pack) -> None:
    words = words_of(packed.phrases)
    row = next(iter(Mixed(packed, words, length=1024, share=type("S", (), {"value": 0.9})(), train=True, seed=0)))
    documents = row["documents"]
    assert int(documents.max()) >= 2 and (row["ids"][documents < 0] == v.PAD).all()
    for at, text in row["text"].tolist():
        assert at < 0 or (row["ids"][at] == v.TEXT_SLOT and 0 <= text < len(packed.phrases) + len(words))
    starts = [int((documents == n).nonzero()[0]) for n in range(int(documents.max()) + 1)]
    assert all(int(row["positions"][at]) == 0 for at in starts)
    doc = Maker(packed, words, train=False, seed=0).document(2, Stage(), "words", 0)
    assert collate_row([doc], 128)["ids"][: len(doc.ids)].tolist() == doc.ids
    with pytest.raises(CorpusError, match="no icon of the validation sets"):
        Maker(replace(packed, train=np.ones(len(packed), bool)), words, train=False, seed=0)


# --------------------------------------------------------------------------------------------------------- small runs


def test_a_small_run_learns_and_writes_what_numpy_reads(
    data: tuple[training.LmData, JudgeNet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "PULSE", 0.4)
    said: list[str] = []
    train_iconlm(*data, recipe=PLAN, seconds=4, device="cpu", out=tmp_path, log=said.append)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["iconlm-best.safetensors", "iconlm-log.jsonl", "iconlm.safetensors"]
    best = load(tmp_path / "iconlm-best.safetensors").facts["validation"]
    assert sum(best.values()) <= sum(load(tmp_path / "iconlm.safetensors").facts["validation"].values())
    lines = [json.loads(line) for line in (tmp_path / "iconlm-log.jsonl").read_text().splitlines()]
    assert lines[-1]["loss"] < 0.6 * lines[0]["loss"] and lines[-1]["step"] > lines[0]["step"] > 0
    weights = load(tmp_path / "iconlm.safetensors")
    assert weights.facts["icons_seen"] > 0 and set(weights.facts["validation"]) == {"words", "exemplars", "picture"}
    assert weights.facts["train_icons"] == 12 and weights.facts["steps"] >= lines[-1]["step"]


def test_a_run_that_is_interrupted_goes_on(
    data: tuple[training.LmData, JudgeNet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, real = 0, training._Run._step

    def cut(self: Any, *args: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == 4:
            raise KeyboardInterrupt
        return real(self, *args)

    monkeypatch.setattr(training._Run, "_step", cut)
    with pytest.raises(KeyboardInterrupt):
        train_iconlm(*data, recipe=PLAN, seconds=60, device="cpu", out=tmp_path, log=lambda _: None)
    assert [p.name for p in tmp_path.iterdir()] == ["iconlm.checkpoint"]
    said: list[str] = []
    run = training._Run(*data, PLAN, torch.device("cpu"), tmp_path, None, 0)
    run.resume(said.append)
    assert run.step == 3 and run.spent > 0 and "goes on at step 3" in said[0]
    other = training._Run(*data, replace(PLAN, rows=1), torch.device("cpu"), tmp_path, None, 0)
    other.resume(said.append)
    assert other.step == 0 and "another recipe" in said[-1]


def test_shards_are_joined_only_if_they_are_whole(tmp_path: Path) -> None:
    source = tmp_path / "weights.bin"
    source.write_bytes(bytes(range(256)) * 10)
    parts = shards(source, 1000)
    assert [p.stat().st_size for p in parts] == [1000, 1000, 560]
    join(tmp_path / "weights.bin.json", tmp_path / "new" / "joined.bin")
    assert (tmp_path / "new" / "joined.bin").read_bytes() == source.read_bytes()
    parts[1].write_bytes(parts[0].read_bytes()[::-1])
    with pytest.raises(CorpusError, match="digest"):
        join(tmp_path / "weights.bin.json", tmp_path / "other.bin")
    parts[2].unlink()
    with pytest.raises(CorpusError, match="cannot be joined"):
        join(tmp_path / "weights.bin.json", tmp_path / "other.bin")
    assert not (tmp_path / "other.bin").exists()
