"""Checkpoints of OmniSVG's layout in miniature: the same files, keys, rows and ids; random weights of a few MB.

``write(folder, name)`` gives a folder as a download would leave it: ``pytorch_model.bin`` and ``base/`` with the three
files of the base model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from svggen.tokens.omnisvg import layout

MARKS = {
    "<|im_start|>": 151644, "<|im_end|>": 151645, "<|vision_start|>": 151652, "<|vision_end|>": 151653,
    "<|image_pad|>": 151655,
}  # fmt: skip
WIDTH = 16
CONFIG: dict[str, Any] = {  # the keys of the base's config.json as it lies on the hub
    "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "hidden_act": "silu",
    "bos_token_id": 151643, "eos_token_id": 151645, "image_token_id": 151655, "video_token_id": 151656,
    "vision_start_token_id": 151652, "vision_end_token_id": 151653, "vision_token_id": 151654,
    "attention_dropout": 0.0, "initializer_range": 0.5, "max_position_embeddings": 4096, "max_window_layers": 2,
    "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "use_cache": True, "use_sliding_window": False,
    "sliding_window": 4096, "torch_dtype": "bfloat16", "tie_word_embeddings": False,
    "hidden_size": WIDTH, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "vocab_size": 152064,
    "rope_scaling": {"type": "mrope", "mrope_section": [2, 1, 1]},
    "vision_config": {
        "model_type": "qwen2_5_vl", "depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2,
        "hidden_act": "silu", "in_chans": 3, "out_hidden_size": WIDTH, "patch_size": 14, "spatial_merge_size": 2,
        "spatial_patch_size": 14, "temporal_patch_size": 2, "tokens_per_second": 2, "window_size": 112,
        "fullatt_block_indexes": [1],
    },
}  # fmt: skip
PREPROCESSOR: dict[str, Any] = {
    "min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
    "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
    "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2_5_VLProcessor",
}  # fmt: skip


def write(
    folder: Path, name: str = "omnisvg-8b", *, new_names: bool = False, head: bool | None = None,
    rows: int | None = None,
) -> Path:  # fmt: skip
    """new_names: keys as transformers 4.52 and later have them. head: one of its own (None: the 8B alone, as the
    published ones). rows: of the embedding, None: those of the release."""
    import torch
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    own_head = (name == "omnisvg-8b") if head is None else head
    facts = {**CONFIG, "tie_word_embeddings": name != "omnisvg-8b"}
    write_base(folder / "base", facts)
    sized = {**facts, "vocab_size": rows or layout(name).rows, "tie_word_embeddings": not own_head}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        made: Any = Qwen2_5_VLForConditionalGeneration
        model = made(Qwen2_5_VLConfig.from_dict(sized)).to(torch.bfloat16)
    state = {f"transformer.{key if new_names else old_name(key)}": value for key, value in model.state_dict().items()}
    torch.save(state, folder / "pytorch_model.bin")
    return folder


def write_base(folder: Path, facts: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(facts))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    tokenizer(MARKS).save(str(folder / "tokenizer.json"))


def tokenizer(marks: dict[str, int]) -> Any:
    """One token a byte, and the marks at their own ids."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = {char: n for n, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = Tokenizer(models.BPE(vocab={**alphabet, **marks}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    return made


def old_name(key: str) -> str:
    """As transformers 4.51 named it."""
    return key.replace("model.visual.", "visual.").replace("model.language_model.", "model.")
