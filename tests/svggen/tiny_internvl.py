"""A tiny InternVL (the form of transformers, as InternVL3-8B-hf) with random weights, laid out as its repository is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tiny_lm import tokenizer

CHAT = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for part in m.content %}{% if part.type == 'image' %}<IMG_CONTEXT>\n{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WORDS = ("<img>", "</img>", "<IMG_CONTEXT>", "<video>")


def internvl(folder: Path) -> Path:
    """A vision tower of two layers that makes four tokens of a picture of 56 px, a Qwen2 of two layers."""
    import torch
    from transformers import InternVLConfig, InternVLForConditionalGeneration
    from transformers.models.got_ocr2.image_processing_pil_got_ocr2 import GotOcr2ImageProcessorPil

    torch.manual_seed(0)
    words = tokenizer()
    words.add_special_tokens({"extra_special_tokens": list(WORDS)}, replace_extra_special_tokens=False)
    words.chat_template = CHAT
    config: Any = InternVLConfig(
        text_config={
            "model_type": "qwen2", "vocab_size": len(words) + 8, "hidden_size": 48, "intermediate_size": 96,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
            "max_position_embeddings": 4096, "eos_token_id": words.eos_token_id, "bos_token_id": None,
        },
        vision_config={
            "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
            "image_size": [56, 56], "patch_size": [14, 14],
        },
        image_token_id=words.convert_tokens_to_ids("<IMG_CONTEXT>"), image_seq_length=4, downsample_ratio=0.5,
    )  # fmt: skip
    InternVLForConditionalGeneration(config).save_pretrained(folder)
    GotOcr2ImageProcessorPil(size={"height": 56, "width": 56}, crop_to_patches=False).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
