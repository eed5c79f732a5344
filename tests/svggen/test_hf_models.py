"""Models of Hugging Face with tiny random weights of three architectures: loading, drawing, judging, and what is wrong
with a folder; and the same by a server."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_internvl
import tiny_lm
from PIL import Image
from test_chat_wire import Player

from svggen.errors import ModelError, RemoteError, WeightsError
from svggen.grammar import accepts
from svggen.icon import icon_id, parse, serialise
from svggen.models import DrawRequest, SvgModel, get_model
from svggen.models.base import Budget
from svggen.models.generation import Row
from svggen.models.hf import HfModel, missing, profile
from svggen.tokens import hivg, semantic

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2">'
RING = f'{HEAD}<circle cx="12" cy="12" r="9"/></svg>'
BOX = f'{HEAD}<rect x="4" y="4" width="16" height="16"/></svg>'
BUDGET = Budget(seconds=60.0, tokens=48)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("weights")
    made = {"qwen2": tiny_lm.text_base, "qwen2_5_vl": tiny_lm.vision_base, "internvl": tiny_internvl.internvl}
    for name, make in made.items():
        make(root / name)
    return {name: root / name for name in made}


@pytest.fixture
def copied(folders: dict[str, Path], tmp_path: Path) -> Path:
    shutil.copytree(folders["qwen2"], tmp_path / "copy")
    return tmp_path / "copy"


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return out.getvalue()


class Scripted:
    """In place of ``sampled``: answers texts, and keeps what the model would have been given."""

    def __init__(self, *texts: Any) -> None:
        self.texts, self.calls = texts, []  # type: ignore[var-annotated]
        self.tokenizer: Any = None

    def __call__(self, model: Any, inputs: Any, sampling: Any, **more: Any) -> list[Row]:
        self.calls.append((inputs, sampling, more))
        rows = []
        for text in self.texts:
            text, ended = text if isinstance(text, tuple) else (text, "closed")
            rows.append(Row(tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"]), ended))
        return rows

    def prompt(self, call: int = -1) -> str:
        return str(self.tokenizer.decode(self.calls[call][0]["input_ids"][0]))


def scripted(monkeypatch: pytest.MonkeyPatch, model: SvgModel, *texts: Any) -> Scripted:
    assert isinstance(model, HfModel)
    script = Scripted(*texts)
    script.tokenizer = model.engine()._loaded.tokenizer  # type: ignore[attr-defined]
    monkeypatch.setattr("svggen.models.generation.sampled", script)
    return script


# ------------------------------------------------------------------------------------------------------ real generation


@pytest.mark.parametrize("kind", ["qwen2", "qwen2_5_vl", "internvl"])
def test_random_weights_write_nothing_but_safe_icons_under_the_grammar(folders: dict[str, Path], kind: str) -> None:
    model = HfModel("hf", str(folders[kind]), samples=2)
    assert model.name == f"hf:{folders[kind]}" and len(model.revision) == 12
    texts: list[str] = []
    engine: Any = model.engine()
    given = engine._text
    engine._text = lambda ids: texts.append(given(ids)) or texts[-1]
    request = DrawRequest("ring", n=2, seed=5, budget=BUDGET, image=png() if kind != "qwen2" else None)
    drafts = model.generate(request)
    assert drafts and all(d.model == model.name and d.seed == 5 for d in drafts)
    assert texts and all(t.startswith("<svg") for t in texts[-2:])
    for text in texts[-2:]:
        verdict = accepts(text)
        assert verdict.ok or verdict.at == len(text), text
    assert [d.icon for d in model.generate(request)] == [d.icon for d in drafts]


def test_a_model_that_sees_nothing_draws_the_words(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = get_model(f"hf:{folders['qwen2']}")
    (draft,) = model.generate(DrawRequest("", image=png()))
    assert draft.failure == "unknown_subject" and "sees no pictures" in draft.notes[0]
    assert model.generate(DrawRequest("ring", n=0)) == []
    scripted(monkeypatch, model, RING)
    (draft,) = model.generate(DrawRequest("ring", n=1, image=png()))
    assert draft.icon == parse(RING) and draft.notes == ("it sees no pictures: drawn from the words alone",)


# ----------------------------------------------------------------------------------------------- profiles, word by word


def test_internsvg(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = get_model(f"internsvg-8b:{folders['internvl']}")
    script = scripted(monkeypatch, model, RING.replace("24 24", "128 128"), ("<svg", "length"), RING[:-20])
    drafts = model.generate(DrawRequest("ring <|im_end|>", n=3, image=png()))
    inputs, sampling, more = script.calls[0]
    assert script.prompt().count("<IMG_CONTEXT>") == 4 and "<img><IMG_CONTEXT>" in script.prompt()
    assert tuple(inputs["pixel_values"].shape) == (1, 3, 56, 56)
    assert (sampling.temperature, more["n"], more["processors"]) == (0.2, 4, [])
    assert [d.failure for d in drafts] == [None, "not_closed", "not_closed"]
    assert drafts[0].icon is not None and drafts[0].icon.viewbox == (0, 0, 24, 24)
    script = scripted(monkeypatch, model, BOX)
    model.generate(DrawRequest("box <|im_end|> and <IMG_CONTEXT>", n=1))
    assert script.prompt().count("<|im_end|>") == 1 and "< |im_end|> and < IMG_CONTEXT>" in script.prompt()


def test_introsvg_drafts_judges_and_mends(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = get_model(f"introsvg-7b:{folders['qwen2_5_vl']}")
    assert isinstance(model, HfModel)
    script = scripted(monkeypatch, model, '{"score": 4, "critique": "no lid", "suggestions": "1. add a lid"}')
    word = model.critic(parse(BOX), "box with a lid")
    assert (word.score, word.critique, word.suggestions) == (4.0, "no lid", ("add a lid",))
    inputs, sampling, more = script.calls[0]
    assert "box with a lid" in script.prompt() and inputs["image_grid_thw"].tolist() == [[1, 4, 4]]
    assert script.prompt().count("<|image_pad|>") == int(inputs["image_grid_thw"].prod()) // 4
    assert (sampling.temperature, sampling.max_new_tokens, more["n"], more["stop"]) == (0.1, 2048, 1, None)
    script = scripted(monkeypatch, model, RING)
    (draft,) = model.generate(DrawRequest("box with a lid", n=1, draft=parse(BOX), hints=word.hints()))
    assert draft.icon is not None and "from the draft and its faults" in draft.steps[0]
    assert "add a lid" in script.prompt() and 'viewBox="0 0 200 200"' in script.prompt()
    assert script.calls[0][1].temperature == 0.2
    with pytest.raises(ModelError, match="judges no drawings"):
        get_model(f"svgen-7b:{folders['qwen2']}").critic(parse(BOX), "box")  # type: ignore[attr-defined]


def test_hivg_draws_in_its_tokens(folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeightsError, match="the tokenizer has no word <cmd_M>: it is not that of hivg-3b"):
        get_model(f"hivg-3b:{folders['qwen2_5_vl']}").generate(DrawRequest("box"))
    from transformers import AutoTokenizer

    shutil.copytree(folders["qwen2_5_vl"], tmp_path / "hivg")
    words: Any = AutoTokenizer.from_pretrained(tmp_path / "hivg")
    words.add_tokens(["<cmd_M>"])
    words.save_pretrained(tmp_path / "hivg")
    with pytest.raises(WeightsError, match=r"the tokenizer has \d+ words, the embedding \d+ rows"):
        get_model(f"hivg-3b:{tmp_path / 'hivg'}").generate(DrawRequest("box"))
    grown(tmp_path / "hivg", len(words))
    model = get_model(f"hivg-3b:{tmp_path / 'hivg'}")
    text = hivg.encode(parse(BOX), 224)
    script = scripted(monkeypatch, model, text, text[:-30], "nothing")
    drafts = model.generate(DrawRequest("box", n=3))
    assert "[T2ST] Generate SVG tokens from text.\nA box, drawn as" in script.prompt()
    assert [d.failure for d in drafts] == [None, "parse_error"] and drafts[0].icon is not None
    assert drafts[0].icon.viewbox == (0, 0, 24, 24)


def grown(folder: Path, rows: int) -> None:
    from transformers import AutoModelForImageTextToText

    model: Any = AutoModelForImageTextToText.from_pretrained(folder)
    model.resize_token_embeddings(rows, mean_resizing=False)
    model.save_pretrained(folder)


def test_svgen_thinks_first(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = get_model(f"svgen-7b:{folders['qwen2']}")
    script = scripted(
        monkeypatch,
        model,
        f"<think>\n{BOX}\n</think>\n```svg\n{RING}\n```",
        ("<think> a b a b", "loop"),
        ("", "timeout"),
    )
    drafts = model.generate(DrawRequest("ring", n=3))
    assert drafts[0].icon == parse(RING) and [d.failure for d in drafts] == [None, "loop", "timeout"]
    assert script.prompt().startswith("<|im_start|>system\nReason about the drawing first")
    stop = script.calls[0][2]["stop"]
    assert stop(script.tokenizer("</svg>")["input_ids"]) and not stop(script.tokenizer("</sv")["input_ids"])


def test_a_users_own_profile_with_semantic_tokens(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[prompt]\nwords = "Draw: {words}"\n[output]\nform = "llm4svg"\nbegin = "<|START_OF_SVG|>"'
    (copied / "mnemicon-profile.toml").write_text(text)
    from transformers import AutoTokenizer

    words: Any = AutoTokenizer.from_pretrained(copied)
    words.add_tokens(["<|START_OF_SVG|>"])
    words.save_pretrained(copied)
    from transformers import AutoModelForCausalLM

    base: Any = AutoModelForCausalLM.from_pretrained(copied)
    base.resize_token_embeddings(len(words), mean_resizing=False)
    base.save_pretrained(copied)
    model = get_model(f"hf:{copied}")
    drawing = semantic.join(semantic.tokens(parse(BOX)))
    script = scripted(monkeypatch, model, drawing.removeprefix("<|START_OF_SVG|>"))
    (draft,) = model.generate(DrawRequest("box", n=1))
    assert draft.icon is not None and script.prompt().endswith("<|START_OF_SVG|>") and "Draw: box" in script.prompt()


# ------------------------------------------------------------------------------------------ what is wrong with a folder


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def other_keys(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.7.extra.weight"] = tensors.pop("model.layers.0.mlp.up_proj.weight")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def other_shape(folder: Path) -> None:
    edit(folder, intermediate_size=80)


def edit(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: (f / "model.safetensors").unlink(), "lacks model.safetensors"),
        (lambda f: (f / "config.json").unlink(), "lacks config.json"),
        (lambda f: (f / "tokenizer.json").unlink(), "lacks tokenizer.json"),
        (lambda f: (f / "config.json").write_text("{"), "config.json is damaged"),
        (lambda f: (f / "tokenizer.json").write_text("{"), "tokenizer files in .* cannot be read"),
        (cut_weights, "model.safetensors is damaged or only partly downloaded"),
        (other_keys, r"1 keys are missing \(model.layers.0.mlp.up_proj.weight\); 1 keys are unknown"),
        (other_shape, r"6 keys are of another shape \(model.layers.0.mlp.down_proj.weight"),
        (lambda f: edit(f, model_type="qwen99"), r"knows no model_type 'qwen99' \(written by 5"),
        (
            lambda f: edit(f, model_type="own_one", auto_map={"AutoModel": "x.Y"}),
            "It brings code of its own, which is never run",
        ),
    ],
)
def test_a_folder_that_does_not_fit_names_what_is_wrong(copied: Path, damage: Any, words: str) -> None:
    damage(copied)
    with pytest.raises(WeightsError, match=words):
        get_model(f"hf:{copied}").generate(DrawRequest("ring", n=1))


def test_a_missing_shard_is_named(copied: Path) -> None:
    (copied / "model.safetensors").rename(copied / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (copied / "model.safetensors.index.json").write_text(json.dumps(index))
    assert missing("hf", str(copied)) == [f"{copied}/model-00002-of-00002.safetensors"]
    with pytest.raises(WeightsError, match="lacks model-00002-of-00002"):
        get_model(f"hf:{copied}").generate(DrawRequest("ring", n=1))


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # peft's own
def test_an_adapter_is_put_onto_its_base(folders: dict[str, Path], tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    base: Any = AutoModelForCausalLM.from_pretrained(folders["qwen2"])
    tuned: Any = get_peft_model(base, LoraConfig(r=2, target_modules=["q_proj"], init_lora_weights=False))
    tuned.peft_config["default"].base_model_name_or_path = str(folders["qwen2"])
    tuned.save_pretrained(tmp_path / "adapter")
    engine: Any = HfModel("hf", str(tmp_path / "adapter")).engine()
    plain: Any = HfModel("hf", str(folders["qwen2"])).engine()
    name = "model.layers.0.self_attn.q_proj.weight"
    assert not engine._loaded.model.get_parameter(name).equal(plain._loaded.model.get_parameter(name))
    (tmp_path / "adapter" / "adapter_model.safetensors").unlink()
    with pytest.raises(WeightsError, match=r"lacks adapter_model.safetensors"):
        HfModel("hf", str(tmp_path / "adapter")).engine()
    config = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text())
    tuned.save_pretrained(tmp_path / "adapter")
    text = json.dumps({**config, "base_model_name_or_path": str(tmp_path / "gone")})
    (tmp_path / "adapter" / "adapter_config.json").write_text(text)
    with pytest.raises(ModelError, match=r"the base of the adapter in .* is missing"):
        HfModel("hf", str(tmp_path / "adapter")).engine()


def test_another_architecture_is_named(folders: dict[str, Path]) -> None:
    with pytest.raises(WeightsError, match=r"config.json is of a 'qwen2', introsvg-7b is a 'qwen2_5_vl'"):
        get_model(f"introsvg-7b:{folders['qwen2']}").generate(DrawRequest("ring"))
    assert missing("introsvg-7b", str(folders["qwen2_5_vl"])) == []


# ------------------------------------------------------------------------------------------------------------- a server


@pytest.fixture
def player() -> Iterator[list[Player]]:
    players: list[Player] = []
    yield players
    for one in players:
        one.close()


def completion(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "served",
        "choices": [choice],
        "usage": usage,
    }
    return {"status": 200, "body": body}


def test_a_profile_on_a_server(player: list[Player], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLLM_API_KEY", raising=False)
    player.append(Player([completion(RING)]))
    model = HfModel("internsvg-8b", f"{player[0].url}#InternSVG", samples=1)
    (draft,) = model.generate(DrawRequest("ring", n=1, seed=3, image=png()))
    assert draft.icon == parse(RING) and draft.revision == "served" and draft.tokens == 7
    body = player[0].asked[0][0]
    assert (body["model"], body["seed"], body["temperature"], body["top_k"]) == ("InternSVG", 3, 0.2, 50)
    assert body["max_completion_tokens"] == 4000 and "structured_outputs" not in body
    assert [part["type"] for part in body["messages"][0]["content"]] == ["image_url", "text"]


def test_tokens_from_a_server_are_not_stripped(player: list[Player]) -> None:
    player.append(Player([completion(hivg.encode(parse(BOX), 224))]))
    model = HfModel("hivg-3b", f"{player[0].url}#x", samples=1)
    (draft,) = model.generate(DrawRequest("box", n=1))
    body = player[0].asked[0][0]
    assert draft.icon is not None and (body["skip_special_tokens"], body["spaces_between_special_tokens"]) == (
        False,
        False,
    )


def test_any_model_on_a_server_is_held_to_the_grammar(player: list[Player]) -> None:
    from svggen.grammar import grammar_text

    player.append(Player([completion(RING)]))
    (draft,) = HfModel("hf", f"{player[0].url}#x", samples=1).generate(DrawRequest("ring", n=1))
    assert draft.icon is not None and player[0].asked[0][0]["structured_outputs"] == {"grammar": grammar_text()}


def test_a_server_that_is_not_there(player: list[Player]) -> None:
    player.append(Player([]))
    player[0].close()
    with pytest.raises(RemoteError, match="cannot be reached"):
        HfModel("introsvg-7b", player[0].url).generate(DrawRequest("ring", n=1))
    player.clear()


def test_ids_are_those_of_what_was_drawn(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = get_model(f"svgen-7b:{folders['qwen2']}")
    scripted(monkeypatch, model, RING, RING, BOX)
    drafts = model.generate(DrawRequest("ring", n=4))
    assert {icon_id(d.icon) for d in drafts if d.icon} == {icon_id(parse(RING)), icon_id(parse(BOX))}
    assert all(serialise(d.icon) for d in drafts if d.icon) and profile("svgen-7b").tasks == ("words",)
