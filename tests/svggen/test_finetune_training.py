"""Fine-tuning to its end on tiny models with random weights: both stages, LoRA and full, text and pictures; what is
left opens again; a run that was cut off goes on; what is wrong with a base is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
for _name in ("peft", "accelerate", "pyarrow"):
    pytest.importorskip(_name)

from safetensors.torch import load_file  # noqa: E402

from svggen.errors import ModelError, TrainingError  # noqa: E402
from svggen.models.hf.loading import load  # noqa: E402
from svggen.models.hf.profile import profile  # noqa: E402
from svggen.tokens import semantic  # noqa: E402
from svggen.training.finetune import Plan, finetune, fsdp_config  # noqa: E402
from svggen.training.finetune import stages as training  # noqa: E402
from svggen.training.finetune.bases import Sight, load_model, open_base  # noqa: E402
from svggen.training.finetune.descriptions import new_words  # noqa: E402
from svggen.training.finetune.growing import add_words, grow, tied  # noqa: E402
from svggen.training.finetune.initial import initial, number_code, statistics  # noqa: E402
from svggen.training.finetune.lessons import Lessons, Order  # noqa: E402
from svggen.training.finetune.speaking import MASKED, Collator, Speaker  # noqa: E402
from svggen.training.finetune.store import Store, prepare  # noqa: E402
from tests.svggen.tiny_lm import text_base, vision_base  # noqa: E402
from tests.tiny_corpus import write_corpus  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("finetune")
    return {
        "tied": text_base(folder / "tied"),
        "apart": text_base(folder / "apart", kind="llama", tied=False, rows=384),
        "sees": vision_base(folder / "sees"),
        "data": write_corpus(folder / "icons.parquet", copies=3),
    }


def plan(made: dict[str, Path], base: str, out: Path, **other: Any) -> Plan:
    given: dict[str, Any] = {
        "batch": 4, "gather": 1, "steps": 12, "epochs": 100, "row_epochs": 100, "rate": 1e-2, "row_rate": 3e-2,
        "rank": 8, "side": 56, "length": 1024, "device": "cpu", "every": 100,
    }  # fmt: skip
    return Plan(base=str(made[base]), data=(made["data"],), out=out, **(given | other))


def quiet(_: str) -> None:
    pass


# ------------------------------------------------------------------------------------------------------------ new rows


@pytest.mark.parametrize("base", ["tied", "apart"])
def test_new_rows_begin_as_they_should(made: dict[str, Path], base: str) -> None:
    opened = open_base(str(made[base]))
    old = len(opened.tokenizer)
    words = new_words(numbers=True)
    ids = add_words(opened.tokenizer, words, "x")
    assert ids == list(range(old, old + 58 + 257))
    text = semantic.join(["<|START_OF_SVG|>", "<|svg_circle|>", "<|r|>", "<|-12|>", "<|fill|>", "#ff0000"])
    coded = opened.tokenizer(text, add_special_tokens=False)["input_ids"]
    assert len(coded) == 5 + len("#ff0000") and opened.tokenizer.decode(coded, skip_special_tokens=True) == text
    for how in ("mean", "mean+noise", "description", "ordered"):
        model = load_model(made[base], sees=False, dtype=torch.float32)
        before = [t.weight.detach().clone() for t in (model.get_input_embeddings(), model.get_output_embeddings())]
        grow(model, ids, words, opened.tokenizer, how, seed=5)  # type: ignore[arg-type]
        after = [t.weight.detach() for t in (model.get_input_embeddings(), model.get_output_embeddings())]
        assert tied(model) == (base == "tied") == bool(torch.equal(*after))
        for n, (was, now) in enumerate(zip(before, after, strict=True)):
            assert now.shape[0] % 64 == 0 and now.shape[0] >= max(old + 315, was.shape[0])
            assert torch.equal(now[:old], was[:old])
            rows = statistics(was[:old].numpy())
            if how == "ordered":
                code = number_code([w.value or 0.0 for w in words[58:]], 48)
                part = now[ids[58:]].numpy()
                alike = np.corrcoef((part - part.mean(0)).ravel(), (code - code.mean(0)).ravel())[0, 1]
                assert alike > 0.8  # neighbours in number are neighbours in the table
            elif how != "description":
                wanted = initial(how, rows, np.zeros((315, 48), np.float32), [None] * 315, seed=5 + n)  # type: ignore[arg-type]
                if how == "mean" or not (base == "tied" and n):
                    assert np.allclose(now[ids].numpy(), wanted, atol=1e-5)
            else:
                own = opened.tokenizer([f" {words[6].description}"], add_special_tokens=False)["input_ids"][0]
                assert torch.allclose(now[ids[6]], was[own].mean(0), atol=1e-6)


def test_a_table_with_spare_rows_is_not_cut(made: dict[str, Path], tmp_path: Path) -> None:
    folder = text_base(tmp_path / "wide", rows=512)
    opened, words = open_base(str(folder)), new_words()
    ids = add_words(opened.tokenizer, words, "x")
    model = load_model(folder, sees=False, dtype=torch.float32)
    grow(model, ids, words, opened.tokenizer, "mean")
    assert model.get_input_embeddings().weight.shape[0] == 512
    assert max(ids) < 512


@pytest.mark.parametrize(("base", "stage"), [("tied", "rows"), ("apart", "rest"), ("sees", "rest")])
def test_a_narrow_base_trains_wide_parts(made: dict[str, Path], tmp_path: Path, base: str, stage: Any) -> None:
    """What one GPU does, without one: the frozen base in bfloat16, what is trained in float32, with checkpointing."""
    where = plan(made, base, tmp_path / "out", tasks={"generate": 0.5, "picture": 0.5})
    opened, words = open_base(where.base, side=56), new_words()
    ids = add_words(opened.tokenizer, words, "x")
    speaker = Speaker(opened.tokenizer, opened.sight)
    store = Store(prepare(where, speaker, log=quiet), 0.02)
    task = training.Run(where, opened, store, speaker, words, ids)
    model = training._to_train(task, stage, training.restored(task, None, torch.bfloat16))
    trained = [p for p in model.parameters() if p.requires_grad]
    assert {p.dtype for p in trained} == {torch.float32}
    assert {p.dtype for p in model.parameters() if not p.requires_grad} == {torch.bfloat16}
    with training._quiet():  # its name is to change
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.train()
    batch = Collator(0, opened.sight)([Lessons(store, speaker, where, train=True)[n] for n in range(6)])
    adam, losses = torch.optim.AdamW(trained, lr=0.005), []
    for _ in range(8):
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch).loss
        adam.zero_grad()
        loss.backward()
        assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in trained)
        adam.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.05, losses


# ------------------------------------------------------------------------------------------------------------- lessons


def lessons(made: dict[str, Path], base: str, out: Path, **other: Any) -> tuple[Lessons, Lessons, Speaker]:
    where = replace(plan(made, base, out), **other)
    opened = open_base(where.base, side=where.side)
    add_words(opened.tokenizer, new_words(), "x")
    speaker = Speaker(opened.tokenizer, opened.sight)
    store = Store(prepare(where, speaker, log=quiet), where.held_out)
    return Lessons(store, speaker, where, train=True), Lessons(store, speaker, where, train=False), speaker


def test_exemplars_stand_in_the_prompt_and_are_masked(made: dict[str, Path], tmp_path: Path) -> None:
    icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="{}"/></svg>'
    rows = [{"words": f"dot {n}", "svg": icon.format(n), "group": "big" if n > 4 else "small"} for n in range(1, 12)]
    data = tmp_path / "dots.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    given = {"data": (data,), "exemplar_share": 1.0, "tasks": {"generate": 1.0}, "held_out": 0.2}
    train, held, speaker = lessons(made, "tied", tmp_path / "out", **given)
    assert len(held) >= 1 and len(train) + len(held) == 11
    drawn = {row: train.store.row(row)["target"] for row in range(11)}
    counts = set()
    for number in range(4 * len(train)):
        row = int(train.rows[number % len(train)])
        sample = train[number]
        asked = [i for i, label in zip(sample["input_ids"], sample["labels"], strict=True) if label == MASKED]
        answer = [label for label in sample["labels"] if label != MASKED]
        assert speaker.tokenizer.decode(answer) == drawn[row] + "<|im_end|>"
        question = speaker.tokenizer.decode(asked)
        assert "Icons of one set" in question and question.endswith("assistant\n")
        shown = {other for other, text in drawn.items() if text in question}
        assert question.count("<|START_OF_SVG|>") == len(shown)
        assert shown <= set(train.groups[train.store.groups[row]]) - {row}  # its set, trained on, and not itself
        counts.add(len(shown))
    assert counts == {1, 2, 3}
    assert train[3] == train[3] and any(train[n] != train[n + len(train)] for n in range(len(train)))
    plain = Lessons(train.store, speaker, replace(train.plan, exemplar_share=0.0), train=True)
    assert not any("one set" in speaker.tokenizer.decode(plain[n]["input_ids"]) for n in range(9))
    widest, longest = (max(len(some[n]["input_ids"]) for n in range(9)) for some in (train, plain))
    for limit in range(longest, widest):
        short = Lessons(train.store, speaker, replace(train.plan, length=limit), train=True)
        assert all(len(short[n]["input_ids"]) <= limit for n in range(9))  # as many exemplars as fit
    short = Lessons(train.store, speaker, replace(train.plan, length=longest), train=True)
    assert all(short[n]["labels"][-1] == speaker.tokenizer.eos_token_id for n in range(9))  # and nothing is cut


def test_pictures_are_tokens_of_their_own(made: dict[str, Path], tmp_path: Path) -> None:
    train, _, speaker = lessons(made, "sees", tmp_path / "out", tasks={"picture": 0.5, "describe": 0.5})
    assert isinstance(speaker.sight, Sight)
    samples = [train[n] for n in range(12)]
    with_picture = [s for s in samples if "pixel_values" in s]
    assert with_picture and len(with_picture) < 12
    for sample in with_picture:
        assert sample["input_ids"].count(speaker.sight.token) == 4
        assert sample["image_grid_thw"].tolist() == [[1, 4, 4]] and sample["pixel_values"].shape[0] == 16
        assert sample["pixel_values"].std() > 0.1  # something is drawn on it
    batch = Collator(0, speaker.sight)(samples)
    assert batch["input_ids"].shape == batch["labels"].shape == batch["attention_mask"].shape
    assert batch["input_ids"].shape[1] % 8 == 0
    assert int(batch["mm_token_type_ids"].sum()) == 4 * len(with_picture)
    assert batch["pixel_values"].shape[0] == 16 * len(with_picture)
    lengths = [len(s["input_ids"]) for s in samples]
    assert batch["attention_mask"].sum(1).tolist() == lengths
    assert all((batch["labels"][i, n:] == MASKED).all() for i, n in enumerate(lengths))


def test_the_order_of_an_epoch(made: dict[str, Path], tmp_path: Path) -> None:
    train, _, _ = lessons(made, "tied", tmp_path / "out")
    order = Order(train, seed=1, by_length=True)
    first = list(order)
    assert sorted(first) == list(range(12)) and first == list(Order(train, seed=1, by_length=True))
    thirds = [[int(train.store.lengths[train.rows[n]]) for n in first[i : i + 4]] for i in (0, 4, 8)]
    assert max(thirds[0]) <= min(thirds[1]) and max(thirds[1]) <= min(thirds[2])
    order.set_epoch(2)
    assert sorted(order) == list(range(24, 36)) and [n - 24 for n in order] != first


# ---------------------------------------------------------------------------------------------------------------- runs


def test_lora_in_two_stages_with_numbers_as_tokens(made: dict[str, Path], tmp_path: Path) -> None:
    where = plan(made, "tied", tmp_path / "out", numbers="tokens", exemplar_share=0.3, steps=14)
    said: list[str] = []
    result = finetune(where, log=said.append)
    rows, rest = result.losses["rows"], result.losses["rest"]
    assert rows.parameters == (58 + 257) * 48 and rows.last < 0.92 * rows.first
    assert rest.before == pytest.approx(rows.after, abs=1e-3)  # the second stage begins where the first ended
    assert rest.last < 0.85 * rows.first
    assert rest.after is not None and rows.before is not None and rest.after < 0.93 * rows.before
    assert result.model == tmp_path / "out" / "model"
    names = {p.name for p in result.model.iterdir()}
    assert names >= {"README.md", "mnemicon-profile.toml", "model.safetensors", "tokenizer.json", "config.json"}
    assert not list((tmp_path / "out").glob(".*")) and not list((tmp_path / "out").rglob("checkpoint-*"))
    was, now = load_file(made["tied"] / "model.safetensors"), load_file(result.model / "model.safetensors")
    key = "model.embed_tokens.weight"
    old = was[key].shape[0]
    assert torch.equal(now[key][:old], was[key])  # only new rows were trained
    assert not torch.equal(now["model.layers.0.mlp.up_proj.weight"], was["model.layers.0.mlp.up_proj.weight"])
    assert torch.equal(now["model.norm.weight"], was["model.norm.weight"])
    trained = load_file(tmp_path / "out" / "stage-rest" / "trained" / "adapter_model.safetensors")
    assert any("trainable_tokens_delta" in k for k in trained) and not any(v.shape[0] >= old for v in trained.values())
    model = transformers.AutoModelForCausalLM.from_pretrained(result.model)
    words = transformers.AutoTokenizer.from_pretrained(result.model)
    asked = words.apply_chat_template(
        [{"role": "user", "content": "Draw an SVG icon: bell"}], add_generation_prompt=True
    )
    given = torch.tensor([asked["input_ids"] if not isinstance(asked, list) else asked])
    assert model.generate(given, max_new_tokens=4, do_sample=False).shape[1] > given.shape[1]
    card = (result.model / "README.md").read_text()
    for part in ("license: apache-2.0", "| set0 | MIT | 6 |", '"initial": "ordered"', f"{rows.first:.3f} to"):
        assert part in card
    log = [json.loads(line) for line in (tmp_path / "out" / "finetune-log.jsonl").read_text().splitlines()]
    assert {line["stage"] for line in log} == {"rows", "rest"} and any("eval_loss" in line for line in log)
    again = finetune(where, log=said.append)  # nothing is trained twice
    assert again.losses == result.losses and "stage rest: done already" in "\n".join(said)
    adapter = finetune(replace(where, save="adapter"), log=quiet).model
    assert adapter is not None and (adapter / "adapter_config.json").exists()
    with training._quiet():  # the adapter, put onto its base, is the merged model
        opened = load(profile("hf", adapter), adapter).model.state_dict()
    count = len(words)
    assert torch.allclose(opened[key][:count], now[key][:count], atol=1e-6)
    assert all(torch.allclose(opened[k], now[k], atol=1e-6) for k in now if k not in (key, "lm_head.weight"))
    assert not list((tmp_path / "out").rglob("*.bin")) and not list((tmp_path / "out").rglob("*.pt"))
    made["data"].touch()  # the same content, and who would know?
    with pytest.raises(TrainingError, match=r"the data files of the run in .*out have changed"):
        finetune(where, log=quiet)
    on = plan({**made, "base": result.model}, "base", tmp_path / "on", numbers="tokens", initial="keep", steps=2)
    kept = finetune(on, log=quiet).losses
    assert set(kept) == {"rest"} and kept["rest"].before == pytest.approx(rest.after, abs=0.02)


def test_plain_svg_in_full_on_a_head_of_its_own(made: dict[str, Path], tmp_path: Path) -> None:
    where = plan(made, "apart", tmp_path / "out", form="svg", method="full", length=2048)
    result = finetune(where, log=quiet)
    assert set(result.losses) == {"rest"}
    rest = result.losses["rest"]
    assert rest.last < 0.8 * rest.first and rest.after is not None and rest.before is not None
    assert rest.after < 0.85 * rest.before
    now = load_file(tmp_path / "out" / "model" / "model.safetensors")
    was = load_file(made["apart"] / "model.safetensors")
    assert all(now[k].shape == was[k].shape for k in was)
    assert not torch.equal(now["lm_head.weight"], was["lm_head.weight"])
    assert json.loads((tmp_path / "out" / "data.json").read_text())["used"] == 18


def test_a_model_that_sees_and_a_run_that_is_cut_off(
    made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = plan(made, "sees", tmp_path / "out", method="full", every=3, steps=10, rate=5e-3)
    real = training._Progress.on_log

    def cut(self: Any, args: Any, state: Any, control: Any, **kw: Any) -> None:
        real(self, args, state, control, **kw)
        if self._stage == "rest" and state.global_step == 8:
            raise KeyboardInterrupt

    monkeypatch.setattr(training._Progress, "on_log", cut)
    with pytest.raises(KeyboardInterrupt):
        finetune(where, log=quiet)
    stage = tmp_path / "out" / "stage-rest"
    assert sorted(p.name for p in stage.glob("checkpoint-*")) == ["checkpoint-3", "checkpoint-6"]
    (stage / "checkpoint-9").mkdir()  # as a kill in the midst of saving leaves it
    monkeypatch.setattr(training._Progress, "on_log", real)
    with pytest.raises(TrainingError, match=r"was begun with rate 0\.005; give it the same options"):
        finetune(replace(where, rate=1e-3), log=quiet)
    said: list[str] = []
    result = finetune(where, log=said.append)
    told = "\n".join(said)
    assert "stage rows: done already" in told and "stage rest: goes on from checkpoint-6" in told
    assert "step 7 of 10" in told and "rest: step 6 of 10 loss" not in told
    rest, rows = result.losses["rest"], result.losses["rows"]
    assert rest.steps == 10 and rest.last < 0.9 * rows.first
    assert rest.after is not None and rows.before is not None and rest.after < 0.93 * rows.before
    now, was = (load_file(p / "model.safetensors") for p in (tmp_path / "out" / "model", made["sees"]))
    eyes = [k for k in was if "visual" in k]
    assert eyes and all(torch.equal(now[k], was[k]) for k in eyes)  # they stay as they are
    assert (tmp_path / "out" / "model" / "preprocessor_config.json").exists()
    assert open_base(str(tmp_path / "out" / "model")).sees


def test_a_killed_run_goes_on_as_if_nothing_had_been(made: dict[str, Path], tmp_path: Path) -> None:
    where = plan(made, "tied", tmp_path / "out", method="full", stage="rest", steps=20, every=4, rate=3e-3)
    stage = where.out / "stage-rest"
    process = get_context("fork").Process(target=finetune, args=(where,), kwargs={"log": quiet})
    process.start()
    try:
        until = time.monotonic() + 40
        while training._last(stage, clean=False) is None and time.monotonic() < until:
            assert process.is_alive(), "it ended before it was killed"
            time.sleep(0.01)
    finally:
        process.kill()
        process.join()
    assert list(stage.glob("checkpoint-*")) and not (where.out / "model").exists()
    said: list[str] = []
    resumed = finetune(where, log=said.append)
    assert "stage rest: goes on from checkpoint-" in "\n".join(said) and resumed.losses["rest"].steps == 20
    whole = finetune(replace(where, out=tmp_path / "whole"), log=quiet)
    now, other = (load_file(r.model / "model.safetensors") for r in (resumed, whole) if r.model is not None)
    assert all(torch.allclose(now[k], other[k], atol=1e-5) for k in other)
    assert resumed.losses["rest"].after == pytest.approx(whole.losses["rest"].after, abs=1e-4)


def test_what_was_learned_is_drawn(made: dict[str, Path], tmp_path: Path) -> None:
    """Two drawings by heart: the folder opens as a model of this program, which asks as training did."""
    from svggen.icon import Circle, Rect
    from svggen.models import Budget, DrawRequest, get_model

    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    bodies = {"dot": '<circle cx="12" cy="12" r="6"/>', "box": '<rect x="3" y="6" width="18" height="12"/>'}
    data = tmp_path / "two.jsonl"
    rows = [{"words": words, "svg": f"{head}{body}</svg>"} for words, body in bodies.items()]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows * 4))
    where = plan(made, "tied", tmp_path / "out", method="full", stage="rest", numbers="tokens", steps=130, held_out=0.0)
    result = finetune(replace(where, data=(data,), tasks={"generate": 1.0}), log=quiet)
    assert result.losses["rest"].after is None and result.losses["rest"].last < 0.2
    model = get_model(f"hf:{result.model}")
    for words, kind in (("dot", Circle), ("box", Rect)):
        draft = model.generate(DrawRequest(words, n=1, budget=Budget(20.0, 200)))[0]
        assert draft.icon is not None, draft
        assert [type(shape.geometry) for shape in draft.icon.shapes] == [kind]


# -------------------------------------------------------------------------------------------------------------- errors


def test_bases_that_cannot_be_used(made: dict[str, Path], tmp_path: Path) -> None:
    from transformers import BertConfig, BertForMaskedLM

    bert = BertForMaskedLM(BertConfig(vocab_size=64, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                                      intermediate_size=16))  # fmt: skip
    bert.save_pretrained(tmp_path / "bert")
    (tmp_path / "empty").mkdir()
    mute = text_base(tmp_path / "mute", chat=False)
    cut = text_base(tmp_path / "cut")
    weights = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    for base, message in (
        (tmp_path / "none", "there is no folder"),
        (tmp_path / "empty", r"has no config\.json"),
        (tmp_path / "bert", "is neither a causal language model nor a vision-language model"),
        (mute, "has no chat template: take the release that was tuned to instructions"),
        ("nobody/nothing", "nobody/nothing is not on this machine: fetch it"),
        (cut, "the weights of .*cut cannot be loaded"),
    ):
        out = tmp_path / "out" / Path(str(base)).name
        with pytest.raises(ModelError, match=message):
            finetune(replace(plan(made, "tied", out), base=str(base)), log=quiet)
        assert not (out / "model").exists()


def test_a_tokenizer_that_has_the_tokens(made: dict[str, Path], tmp_path: Path) -> None:
    opened = open_base(str(made["tied"]))
    words = new_words()
    add_words(opened.tokenizer, words[:3], "x")
    with pytest.raises(ModelError, match=r"has <\|START_OF_SVG\|> and 2 more of the tokens already: .* --init keep"):
        add_words(opened.tokenizer, words, "x")
    with pytest.raises(ModelError, match="has 3 of 58 tokens: nothing to keep"):
        add_words(opened.tokenizer, words, "x", keep=True)
    add_words(opened.tokenizer, words[3:], "x")
    assert len(add_words(opened.tokenizer, words, "x", keep=True)) == 58


def test_folders_that_are_not_free(made: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for name, message in (("file", "is a file"), ("full", "is not empty and holds no fine-tuning")):
        with pytest.raises(TrainingError, match=message):
            finetune(plan(made, "tied", tmp_path / name), log=quiet)
    assert (tmp_path / "full" / "x").read_text() == "x"


def test_a_loss_that_is_no_number(tmp_path: Path) -> None:
    state = type("State", (), {"is_world_process_zero": True, "global_step": 7})()
    with pytest.raises(TrainingError, match="the loss is no number at step 7"):
        training._Progress("rest", 9, tmp_path / "log", quiet).on_log(None, state, None, logs={"loss": float("nan")})


def test_fsdp_is_configured_for_what_is_trained(made: dict[str, Path]) -> None:
    from accelerate.commands.config.config_args import ClusterConfig, load_config_from_file
    from accelerate.utils import DistributedType

    config = load_config_from_file(fsdp_config())
    assert isinstance(config, ClusterConfig) and config.distributed_type == DistributedType.FSDP
    assert (config.num_processes, config.mixed_precision, config.num_machines) == (8, "bf16", 1)
    assert config.fsdp_config["fsdp_version"] == 2
    sees = load_model(made["sees"], sees=True, dtype=torch.float32)
    assert training.layer_class(sees) == "Qwen2_5_VLDecoderLayer"  # and not its eyes'
    assert training.layer_class(load_model(made["apart"], sees=False, dtype=torch.float32)) == "LlamaDecoderLayer"
    targets = training.lora_targets(sees)
    assert len(targets) == 2 * 7 and all(t.startswith("model.language_model.layers.") for t in targets)


# ----------------------------------------------------------------------------------------------------------- commands


def test_the_command(made: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from agent.cli import main

    given = ["train", "finetune", "--base", str(made["tied"]), "--data", str(made["data"]), "--device", "cpu", "--json"]
    assert main([*given, "--out", str(tmp_path / "out"), "--steps", "2", "--stage", "rows", "--gather", "1"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["model_path"] == str(tmp_path / "out" / "model") and out["losses"]["rows"]["steps"] == 2
    assert out["data"]["used"] == 18
    assert main([*given, "--out", str(tmp_path / "p"), "--prepare-only"]) == 0
    assert json.loads(capsys.readouterr().out)["model_path"] is None
    for more, message in (
        (["--method", "x"], "neither lora nor full"), (["--tasks", "generate"], "no share"),
        (["--device", "tpu"], "neither auto nor cpu"), (["--data", str(tmp_path / "none")], "there is no data file"),
    ):  # fmt: skip
        assert main([*given, "--out", str(tmp_path / "new"), *more]) == 2
        error = json.loads(capsys.readouterr().out)["error"]
        assert message in error["message"] and "\n" not in error["message"]
