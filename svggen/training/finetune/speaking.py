"""A question and its answer as the ids that a model is given, with the question masked from the loss.

Contract. ``Speaker.sample(question, answer, picture)`` gives ``input_ids`` and ``labels`` (-100 over the whole
question), and what a picture adds. The chat template of the base is used as it is; question and answer are tokenised
apart, so that the mask ends exactly where the answer begins. ``collate`` makes a batch of samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from svggen.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from svggen.training.finetune.bases import Sight

__all__ = ["MASKED", "Collator", "Speaker"]

MASKED: Final = -100
_MARK: Final = "0answer0"
_EVEN: Final = 8
"""Lengths of a batch are multiples of this: matrix units are fed whole."""


class Speaker:
    """Texts to ids, with one tokenizer and its template."""

    def __init__(self, tokenizer: Any, sight: Sight | None = None) -> None:
        self.tokenizer, self.sight = tokenizer, sight
        self._end = self._after_an_answer()

    def _after_an_answer(self) -> list[int]:
        """The ids with which the template ends an answer, white space at the end left out."""
        turns = [{"role": "user", "content": "x"}, {"role": "assistant", "content": _MARK}]
        try:
            text = self.tokenizer.apply_chat_template(turns, tokenize=False)
        except Exception as error:  # jinja and what templates raise on purpose
            raise ModelError(f"the base's chat template cannot be used: {error}") from error
        end = text.rpartition(_MARK)[2].rstrip() if _MARK in text else ""
        ids = self.ids(end)
        return ids or [self.tokenizer.eos_token_id]

    def ids(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return found

    def asked(self, question: str, picture: npt.NDArray[np.uint8] | None = None) -> tuple[list[int], dict[str, Any]]:
        """The ids of the question, up to where the answer begins, and what the picture adds."""
        content: Any = question
        if picture is not None:
            content = [{"type": "image"}, {"type": "text", "text": question}]
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        ids = self.ids(text)
        if picture is None:
            return ids, {}
        if self.sight is None or ids.count(self.sight.token) != 1:
            raise ModelError("the base's chat template leaves no place for one picture")
        count, given = self.sight.see(picture)
        at = ids.index(self.sight.token)
        return [*ids[:at], *[self.sight.token] * count, *ids[at + 1 :]], given

    def answered(self, answer: str) -> list[int]:
        return [*self.ids(answer), *self._end]

    def sample(self, question: str, answer: str, picture: npt.NDArray[np.uint8] | None = None) -> dict[str, Any]:
        prompt, given = self.asked(question, picture)
        said = self.answered(answer)
        return {"input_ids": prompt + said, "labels": [MASKED] * len(prompt) + said, **given}


class Collator:
    """Samples of different lengths as one batch, padded on the right."""

    def __init__(self, pad: int, sight: Sight | None = None) -> None:
        self.pad, self.sight = pad, sight

    def __call__(self, samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
        import torch

        longest = -(-max(len(s["input_ids"]) for s in samples) // _EVEN) * _EVEN

        def padded(name: str, value: int) -> Any:
            return torch.tensor([[*s[name], *[value] * (longest - len(s[name]))] for s in samples])

        batch = {"input_ids": padded("input_ids", self.pad), "labels": padded("labels", MASKED)}
        lengths = torch.tensor([len(s["input_ids"]) for s in samples])
        batch["attention_mask"] = (torch.arange(longest)[None] < lengths[:, None]).long()
        if self.sight is not None:
            batch["mm_token_type_ids"] = (batch["input_ids"] == self.sight.token).int()
            seen = [s for s in samples if "pixel_values" in s]
            for name in ("pixel_values", "image_grid_thw") if seen else ():
                batch[name] = torch.cat([s[name] for s in seen])
        return batch
