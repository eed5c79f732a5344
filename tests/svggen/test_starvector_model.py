"""StarVector on tiny checkpoints of its own layout: both encoders, loading, pictures, and what an SvgModel promises."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_model_contract import PICTURE, REQUESTS
from tiny_starvector import write

from svggen.errors import ModelError, WeightsError
from svggen.icon import icon_id, parse, serialise
from svggen.models import Budget, Draft, DrawRequest, SvgModel, get_model
from svggen.models.starvector import StarVector, missing
from svggen.models.starvector.loading import pixels

slow = pytest.mark.slow
NAMES = ("starvector-1b", "starvector-8b")
RING = ' viewBox="0 0 24 24"><circle cx="12" cy="12" r="8" fill="none" stroke="#000" stroke-width="3"/></svg>'
SQUARE = ' viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>'


def png(picture: Any) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(picture).save(data, "PNG")
    return data.getvalue()


def test_a_picture_is_padded_to_a_square_with_white() -> None:
    dark = np.zeros((10, 40, 3), np.uint8)
    seen = pixels(dark, 56, clip=False)
    assert seen.shape == (3, 56, 56) and seen.dtype == np.float32
    assert np.allclose(seen[:, :14], 1.0) and np.allclose(seen[:, -14:], 1.0)
    assert np.allclose(seen[:, 25:31, 10:46], -1.0)
    clip = pixels(np.full((8, 8, 3), 255, np.uint8), 14, clip=True)
    assert np.allclose(clip[:, 0, 0], [(1 - 0.48145466) / 0.26862954, (1 - 0.4578275) / 0.26130258, 2.1459], atol=1e-3)


def test_opening_is_cheap_and_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants as constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "empty"))
    model = get_model("starvector-8b")
    assert isinstance(model, SvgModel) and (model.name, model.revision) == ("starvector-8b", "absent")
    (line,) = missing("starvector-8b")
    assert "starvector/starvector-8b-im2svg" in line and "mnemicon models fetch starvector-8b" in line
    with pytest.raises(ModelError, match="models fetch starvector-8b"):
        model.generate(DrawRequest("ring", image=PICTURE))
    assert [Path(line).name for line in missing("starvector-1b", str(tmp_path))] == [
        "config.json", "tokenizer.json", "model.safetensors",
    ]  # fmt: skip


def test_words_alone_are_an_unknown_subject_and_cost_nothing() -> None:
    (draft,) = StarVector("starvector-1b").generate(DrawRequest("calendar"))
    assert (draft.icon, draft.failure, draft.confidence) == (None, "unknown_subject", 0.0)
    assert "from a picture alone" in draft.notes[0]


# ----------------------------------------------------------------------------------------------------- with tiny models


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    yield
    import sys

    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(2)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    import torch

    torch.set_num_threads(1)
    return {name: write(tmp_path_factory.mktemp(name), name) for name in NAMES}


def scripted(*texts: str) -> Any:
    """Processors under which row i writes the i-th text, and then runs on with the letter x."""

    def make(tokenizer: Any) -> list[Any]:
        import torch
        from transformers import LogitsProcessor

        ids = [tokenizer.encode(text) for text in texts]

        class Script(LogitsProcessor):
            def __init__(self) -> None:
                self.step = -1

            def __call__(self, input_ids: Any, scores: Any) -> Any:
                self.step += 1
                out = torch.full_like(scores, float("-inf"))
                for row in range(len(scores)):
                    line = ids[row % len(ids)]
                    on = tokenizer.encode("x")[0]
                    out[row, line[self.step] if self.step < len(line) else on] = 0.0
                return out

        return [Script()]

    return make


def asked(**more: Any) -> DrawRequest:
    given: dict[str, Any] = {"image": PICTURE, "n": 3, "budget": Budget(60.0, 200), **more}
    return DrawRequest("ring", **given)


def timeless(drafts: list[Draft]) -> list[Draft]:
    return [replace(d, seconds=0.0) for d in drafts]


@slow
@pytest.mark.parametrize("name", REQUESTS)
def test_it_keeps_what_an_svg_model_promises(folders: dict[str, Path], name: str) -> None:
    pytest.importorskip("llguidance")
    request = replace(REQUESTS[name], budget=Budget(60.0, 96))
    model = StarVector("starvector-8b", str(folders["starvector-8b"]), samples=2, grammar=True)
    drafts = model.generate(request)
    assert timeless(drafts) == timeless(asyncio.run(model.agenerate(replace(request))))
    assert 1 <= len(drafts) <= request.n
    for draft in drafts:
        assert (draft.icon is None) == (draft.failure is not None) and 0.0 <= draft.confidence <= 1.0
        assert (draft.model, draft.revision, draft.seed) == (model.name, model.revision, request.seed)
    icons = [d.icon for d in drafts if d.icon is not None]
    assert all(parse(serialise(icon)) == parse(serialise(parse(serialise(icon)))) for icon in icons)
    assert len({icon_id(i) for i in icons}) == len(icons)
    assert model.generate(replace(request, n=0)) == []
    assert name == "picture" or drafts[0].failure == "unknown_subject"


@slow
def test_every_row_stops_at_its_own_end_and_the_likest_comes_first(folders: dict[str, Path]) -> None:
    texts = (SQUARE, RING, SQUARE.replace("16", "9"))
    model = StarVector("starvector-1b", str(folders["starvector-1b"]), samples=3, processors=scripted(*texts))
    drafts = model.generate(asked())
    assert [d.tokens for d in drafts] == [len(RING), len(SQUARE), len(SQUARE) - 2]  # one token a byte
    assert all("wrote" in d.steps[0] and d.icon is not None and d.failure is None for d in drafts)
    assert drafts[0].confidence > 0.5 > drafts[1].confidence
    assert parse("<svg" + RING).shapes == drafts[0].icon.shapes  # type: ignore[union-attr]


@slow
@pytest.mark.parametrize(
    ("texts", "failure", "note"),
    [
        ((' viewBox="0 0 9 9"><image href="data:image/png;base64,iVBORw0KGgo="/></svg>',), "unsafe", "raster"),
        ((' viewBox="0 0 9 9"><script>alert(1)</script></svg>',), "unsafe", "refused"),
        ((' viewBox="0 0 9 9"></svg>',), "blank", ""),
        ((' viewBox="0 0 9 9"><path d="M1 1h',), "not_closed", "no drawing was closed"),
        (("q",), "loop", "circles"),
        ((' viewBox="0 0 9 9"><path d="M1 1"h></</svg>', ' viewBox="0 0 9 9"></svg>', "></svg>"), "blank", ""),
    ],
)
def test_what_it_cannot_be_trusted_with(
    folders: dict[str, Path], texts: tuple[str, ...], failure: str, note: str
) -> None:
    model = StarVector("starvector-1b", str(folders["starvector-1b"]), samples=3, processors=scripted(*texts))
    tokens = 60 if failure == "not_closed" else 200
    (draft,) = model.generate(asked(budget=Budget(60.0, tokens)))
    assert (draft.icon, draft.failure) == (None, failure)
    assert note in draft.notes[0]


@slow
def test_a_drawing_that_breaks_off_is_mended_where_none_is_whole(folders: dict[str, Path]) -> None:
    cut = RING.replace("</svg>", '<path d="M1 1h3"/><path d="M2 2')
    folder = str(folders["starvector-1b"])
    (draft,) = StarVector("starvector-1b", folder, samples=1, processors=scripted(cut)).generate(asked(n=1))
    assert draft.icon is not None and any("breaks off" in note for note in draft.notes)
    drafts = StarVector("starvector-1b", folder, samples=2, processors=scripted(cut, SQUARE)).generate(asked(n=2))
    assert [d.tokens for d in drafts] == [len(SQUARE)]
    (late,) = StarVector("starvector-1b", folder, samples=2).generate(asked(budget=Budget(0.0, 100)))
    assert (late.icon, late.failure) == (None, "timeout")


@slow
@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_what_it_draws_from(folders: dict[str, Path], name: str) -> None:
    import torch

    from svggen.models.starvector.model import shown
    from svggen.pictures import load_picture

    loaded = StarVector(name, str(folders[name])).loaded()
    ring = shown(loaded, load_picture(PICTURE))["inputs_embeds"]
    other = shown(loaded, np.full((32, 32, 3), 255, np.uint8))["inputs_embeds"]
    tokens = 17 if name == "starvector-1b" else 16
    assert ring.shape == (1, tokens + 4, 32)
    assert (ring[:, :tokens] != other[:, :tokens]).any() and torch.equal(ring[:, tokens:], other[:, tokens:])
    clear = np.zeros((32, 32, 4), np.uint8)  # nothing but transparency is white, not black
    assert torch.equal(shown(loaded, load_picture(png(clear)))["inputs_embeds"], other)


@slow
@pytest.mark.parametrize("name", NAMES)
def test_both_encoders_see_what_those_of_transformers_see(folders: dict[str, Path], name: str) -> None:
    import torch
    from torch import nn

    net = StarVector(name, str(folders[name])).loaded().net
    seen = torch.randn(2, 3, net.vision.shape.side, net.vision.shape.side, generator=torch.Generator().manual_seed(1))
    clip = name == "starvector-1b"
    state = {k.removeprefix("vision."): v for k, v in net.state_dict().items() if k.startswith("vision.")}
    names = {
        "patches.": "embeddings.patch_embedding.", "positions": "embeddings.position_embedding.weight",
        "whole": "embeddings.class_embedding", "before.": "pre_layrnorm.", "norm.": "post_layernorm.",
        ".q.": ".self_attn.q_proj.", ".k.": ".self_attn.k_proj.", ".v.": ".self_attn.v_proj.",
        ".out.": ".self_attn.out_proj.", ".up.": ".mlp.fc1.", ".down.": ".mlp.fc2.", ".norm1.": ".layer_norm1.",
        ".norm2.": ".layer_norm2.",
    }  # fmt: skip

    def theirs(key: str) -> str:
        for ours, other in names.items():
            key = key.replace(ours, other) if ours.startswith(".") or key.startswith(ours) else key
        return f"encoder.{key}" if key.startswith("layers.") else key

    shape = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 1}
    size = {"image_size": net.vision.shape.side, "patch_size": net.vision.shape.patch}
    made: Any
    if clip:
        from transformers import CLIPVisionConfig, CLIPVisionModel

        settings: Any = CLIPVisionConfig
        made = CLIPVisionModel(settings(**shape, **size, hidden_act="quick_gelu"))
    else:
        from transformers import SiglipVisionConfig, SiglipVisionModel

        settings = SiglipVisionConfig
        made = SiglipVisionModel(settings(**shape, **size, hidden_act="gelu_pytorch_tanh", vision_use_head=False))
    body = getattr(made, "vision_model", made)
    absent, surplus = body.load_state_dict({theirs(k): v for k, v in state.items()}, strict=False)
    assert not surplus and not [key for key in absent if "head" not in key]
    with torch.inference_mode():
        wanted = body.eval()(seen).last_hidden_state
        if clip:  # transformers normalises the pooled token alone; StarVector all of them
            wanted = nn.functional.layer_norm(wanted, (64,), state["norm.weight"], state["norm.bias"])
        assert torch.allclose(net.vision(seen), wanted, atol=1e-4)


# --------------------------------------------------------------------------------------------------------- the weights


@slow
def test_the_adapters_norm_and_the_head_are_read_from_the_checkpoint(tmp_path: Path) -> None:
    import torch
    from torch import nn

    batch = StarVector("starvector-1b", str(write(tmp_path / "a", adapter_norm="batch_norm"))).loaded().net
    assert isinstance(batch.adapter.norm, nn.BatchNorm1d) and batch.adapter.norm.num_batches_tracked == 3
    x = torch.randn(2, 17, 64)
    assert torch.allclose(batch.adapter(x)[:1], batch.adapter(x[:1]), atol=1e-5)  # what it has learned, not this batch
    headed = StarVector("starvector-8b", str(write(tmp_path / "b", "starvector-8b", head=True))).loaded().net
    language = headed.language
    assert language.lm_head.weight is not language.get_input_embeddings().weight
    assert batch.language.lm_head.weight is batch.language.get_input_embeddings().weight
    assert language.config._attn_implementation == "sdpa" and language.config.sliding_window == 4096


@slow
def test_what_is_wrong_with_a_checkpoint_is_said(folders: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"starcoderbase-1b.*wanted starvector-8b"):
        StarVector("starvector-8b", str(folders["starvector-1b"])).loaded()
    folder = write(tmp_path)
    config = json.loads((folder / "config.json").read_text())

    def fails(match: str, **change: Any) -> None:
        (folder / "config.json").write_text(json.dumps({**config, **change}))
        with pytest.raises(WeightsError, match=match):
            StarVector("starvector-1b", str(folder)).loaded()

    fails("adapter_norm 'none'", adapter_norm="none")
    fails(r"adapter\.norm\.\w+ is \(17, 32\), wanted \(17,\)", adapter_norm="batch_norm")
    fails("image encoder 'vqgan'", image_encoder_type="vqgan")
    fails("2 missing|unknown|wanted", image_encoder_type="siglip_384")
    fails("wanted starvector-1b", model_type="llama")
    (folder / "config.json").write_text(json.dumps(config))
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    part = folder / "model-00002-of-00002.safetensors"
    whole = part.read_bytes()
    part.write_bytes(whole[:5000])
    with pytest.raises(WeightsError, match=r"model-00002-of-00002\.safetensors is damaged or only partly"):
        StarVector("starvector-1b", str(folder)).loaded()
    part.unlink()
    assert [Path(line).name for line in missing("starvector-1b", str(folder))] == [part.name]
    part.write_bytes(whole)
    kept = {k: v for k, v in index["weight_map"].items() if not k.startswith("model.image")}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": kept}))
    with pytest.raises(WeightsError, match=r"no weights of StarVector.*vision\.patches"):
        StarVector("starvector-1b", str(folder)).loaded()
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(WeightsError, match=r"tokenizer\.json is damaged"):
        StarVector("starvector-1b", str(folder)).loaded()


@slow
@pytest.mark.parametrize("wrong", [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff\xe0 and no JPEG"])
def test_pictures_of_the_wrong_type_are_drafts(folders: dict[str, Path], wrong: bytes) -> None:
    (draft,) = StarVector("starvector-1b", str(folders["starvector-1b"])).generate(asked(image=wrong))
    assert draft.failure == "unknown_subject" and "cannot be read" in draft.notes[0]
