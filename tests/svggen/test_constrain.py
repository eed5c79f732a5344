"""The grammar over the logits of a model: every row on its own way, safe whatever the logits say, closed in time."""

from __future__ import annotations

from typing import Any

import pytest
import tiny_lm

from svggen.errors import ModelError, SvgGenError, UnsafeSvgError
from svggen.grammar import BEGINNING, accepts, logits_processor
from svggen.grammar.constrain import GrammarProcessor
from svggen.icon import parse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def words() -> Any:
    return tiny_lm.tokenizer()


def drawn(words: Any, processor: GrammarProcessor, rows: int, steps: int, seed: int, width: int = 0) -> list[str]:
    """What random logits write; width: columns of the logits."""
    import torch

    torch.manual_seed(seed)
    ids = torch.full((rows, 3), words.pad_token_id)
    over = torch.zeros(rows, dtype=torch.bool)
    for _ in range(steps):
        scores = processor(ids, torch.randn(rows, width or len(words)) * 4)
        new = torch.multinomial(torch.softmax(scores, -1), 1)
        new[over] = words.pad_token_id
        over |= new[:, 0] == words.eos_token_id
        ids = torch.cat([ids, new], 1)
        if over.all():
            break
    return [str(words.decode(row[3:], skip_special_tokens=True)) for row in ids]


@pytest.mark.parametrize("after", ["", BEGINNING])
def test_what_random_logits_write_is_a_safe_icon(words: Any, after: str) -> None:
    processor = logits_processor(words, after=after, budget=700)
    texts = [after + text for text in drawn(words, processor, 6, 700, seed=1)]
    assert len(set(texts)) == 6
    for text in texts:
        assert accepts(text).ok, text[-80:]
        try:
            parse(text)
        except SvgGenError as error:
            assert type(error) is not UnsafeSvgError, text


def test_rows_are_closed_before_the_budget_is_over(words: Any) -> None:
    processor = logits_processor(words, budget=400)
    texts = drawn(words, processor, 6, 400, seed=2)
    assert processor.closed and processor.closed <= frozenset(range(6))
    assert all(accepts(text).ok for text in texts)


def test_without_a_budget_nothing_is_closed(words: Any) -> None:
    processor = logits_processor(words)
    texts = drawn(words, processor, 2, 60, seed=3)
    assert processor.closed == frozenset() and processor.masked <= 60
    assert all(accepts(text).at in (None, len(text)) for text in texts)


def test_more_logits_than_words_are_minus_infinity(words: Any) -> None:
    import torch

    processor = logits_processor(words)
    scores = processor(torch.zeros(2, 4, dtype=torch.long), torch.zeros(2, len(words) + 50))
    assert torch.isinf(scores[:, len(words) :]).all() and not torch.isinf(scores).all()
    allowed = {words.decode([i]) for i in range(len(words)) if not torch.isinf(scores[0, i])}
    assert allowed == {"<"}


def test_only_an_end_follows_a_finished_drawing_or_an_id_that_was_forced(words: Any) -> None:
    import torch

    text = words('<svg viewBox="0 0 9 9"><circle cx="1" cy="1" r="1"/></svg>', add_special_tokens=False)["input_ids"]
    processor = logits_processor(words)
    rows = torch.tensor([text, [*text[:-1], text[0]]])
    processor(rows[:, :0], torch.zeros(2, len(words)))
    scores = processor(rows, torch.zeros(2, len(words)))
    for row in scores:
        assert torch.nonzero(~torch.isinf(row)).flatten().tolist() == [words.eos_token_id]


def test_errors(words: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="only '<svg'"):
        logits_processor(words, after="<sv")
    with pytest.raises(ModelError, match="llguidance cannot take this tokenizer"):
        logits_processor(type("Slow", (), {"eos_token_id": 1})())
    with pytest.raises(ModelError, match="names no id that ends a text"):
        logits_processor(type("Endless", (), {"eos_token_id": None})())
    monkeypatch.setattr("svggen.models.checkpoints._installed", lambda package: package != "llguidance")
    with pytest.raises(ModelError, match=r"llguidance is not installed: pip install 'mnemicon\[gpu\]'"):
        logits_processor(words)


def test_one_view_of_a_tokenizer_is_kept(words: Any) -> None:
    one, other = logits_processor(words), logits_processor(words)
    assert one._tokenizer is other._tokenizer
