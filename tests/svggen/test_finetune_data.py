"""Fine-tuning's data: every published layout is read, broken rows are counted and end nothing, broken files are told,
new tokens begin where the mathematics says. Nothing here loads torch."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from svggen.errors import CorpusError, TrainingError
from svggen.icon import parse, serialise
from svggen.tokens import semantic
from svggen.tokens.semantic_words import NAMES, NUMBERS
from svggen.training.finetune import Plan, fsdp_config
from svggen.training.finetune.asking import Lesson, asked
from svggen.training.finetune.descriptions import DESCRIPTIONS, new_words
from svggen.training.finetune.examples import Example, Refused, Tally, drawing, target
from svggen.training.finetune.files import records
from svggen.training.finetune.initial import initial, number_code, statistics
from svggen.training.finetune.layouts import spoken
from svggen.training.finetune.plan import checked
from svggen.training.finetune.readers import card_licence, read
from svggen.training.finetune.speaking import MASKED, Speaker
from svggen.training.finetune.store import Store, prepare
from tests.tiny_corpus import write_corpus

CUP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 6h12v8H4z" fill="#00f"/></svg>'
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="5"/></svg>'
EVIL = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><circle r="4"/></svg>'
RASTER = '<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,AAAA" width="9" height="9"/></svg>'


def canon(text: str) -> str:
    return serialise(parse(text))


def coded(text: str, *, brackets: bool = False) -> str:
    words = semantic.tokens(parse(text))
    return semantic.join([f"[{w}]" if brackets and w.startswith("<|") else w for w in words])


def png(colour: str = "#ff0000") -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (20, 12), colour).save(out, "PNG")
    return out.getvalue()


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def listed(path: Path, rows: Sequence[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(rows), indent=1), encoding="utf-8")
    return path


def examples(*paths: Path, **options: Any) -> tuple[list[Example], Tally]:
    tally = Tally()
    return list(read(paths, tally, **options)), tally


# ----------------------------------------------------------------------------------------------------------- layouts


def test_mmsvg(tmp_path: Path) -> None:
    row = {"id": "1", "svg": CUP, "description": "a cup", "keywords": "cup, tea", "detail": "A blue cup of tea.",
           "image": {"bytes": png(), "path": None}, "token_len": 9}  # fmt: skip
    (one,), tally = examples(parquet(tmp_path / "data" / "a.parquet", [row]))
    assert (one.words, one.more, one.svg) == ("A blue cup of tea.", ("a cup", "cup, tea"), canon(CUP))
    assert (one.task, one.picture, one.source, one.licence) == ("any", png(), "mmsvg", "CC-BY-NC-SA-4.0")
    assert examples(tmp_path / "data" / "a.parquet", pictures="needed")[0][0].picture is None
    assert (tally.rows, tally.used, tally.refused) == (1, 1, {})


def test_svgx_core(tmp_path: Path) -> None:
    (tmp_path / "svgs").mkdir()
    (tmp_path / "svgs" / "dot.svg").write_text(DOT)
    rows = [
        {"name": "tea_cup", "blip_caption": "a blue cup", "svg_code": CUP, "svg_path": None, "source": "noto"},
        {"name": "dot", "blip_caption": "", "svg_code": None, "svg_path": "svgs/dot.svg", "source": ""},
        {"name": "far", "blip_caption": "", "svg_code": None, "svg_path": "../secret.svg", "source": ""},
        {"name": "gone", "blip_caption": "", "svg_code": None, "svg_path": "svgs/no.svg", "source": ""},
    ]
    (tmp_path.parent / "secret.svg").write_text(DOT)
    found, tally = examples(parquet(tmp_path / "core.parquet", rows))
    assert [(e.words, e.svg, e.group) for e in found] == [
        ("tea cup: a blue cup", canon(CUP), "noto"), ("dot", canon(DOT), "")
    ]  # fmt: skip
    assert found[0].more == ("a blue cup", "tea cup")
    assert tally.refused == {"drawing outside the data's folder": 1, "drawing missing": 1}


def test_svg_stack_with_and_without_captions(tmp_path: Path) -> None:
    found, _ = examples(
        parquet(
            tmp_path / "a.parquet", [{"Filename": "x.svg", "Svg": CUP, "caption_llava": "A cup.", "caption_blip2": "c"}]
        ),
        parquet(tmp_path / "b.parquet", [{"Filename": "x.svg", "Svg": DOT}]),
        parquet(tmp_path / "c.parquet", [{"Id": 1, "Svg": DOT, "Caption": "a dot"}]),
    )
    assert [(e.task, e.words) for e in found] == [("any", "A cup."), ("picture", ""), ("any", "a dot")]
    assert {e.licence for e in found} == {"mixed (GitHub)"}


@pytest.mark.parametrize("write", [lambda s: s, coded, lambda s: coded(s, brackets=True)])
def test_instructions_plain_and_encoded(tmp_path: Path, write: Any) -> None:
    rows = [
        {"instruction": "Generate an SVG illustration from the given description.",
         "input": "SVG illustration of a blue cup.", "output": write(CUP)},
        {"instruction": "What does this SVG show?", "input": write(DOT), "output": "A round dot."},
        {"instruction": f"Describe this: {write(DOT)}", "input": "", "output": "A dot."},
        {"instruction": "Please draw an icon of a cup", "input": "", "output": f"Here:\n```svg\n{write(CUP)}\n```"},
        {"instruction": "Draw", "input": "a cup", "output": write(CUP)[:-20]},
        {"instruction": "Say hello", "input": "", "output": "Hello."},
    ]  # fmt: skip
    found, tally = examples(listed(tmp_path / "SVGX_SFT_GEN.json", rows))
    assert [(e.task, e.words) for e in found] == [
        ("generate", "a blue cup"), ("describe", "A round dot."), ("describe", "A dot."), ("generate", "a cup")
    ]  # fmt: skip
    cup, dot = (serialise(semantic.read([coded(s)]) if "START" in write(s) else parse(s)) for s in (CUP, DOT))
    assert [e.svg for e in found] == [cup, dot, dot, cup]
    assert tally.refused == {"drawing cut short": 1, "no drawing": 1}


def test_conversations_of_introsvg(tmp_path: Path) -> None:
    (tmp_path / "draft_image").mkdir()
    (tmp_path / "draft_image" / "a.png").write_bytes(png())
    critique = json.dumps({"score": 4.5, "critique": "Too dark.", "suggestions": "1. Lighter."})
    goal = 'The original design goal was: "A blue cup."; a draft SVG code is as follows: '
    asked_for = f"""{goal}```xml
{DOT}
```; an expert critique of this draft is: "It is no cup."; and the specific modification suggestions are: 1. Draw a
handle.. Please follow these suggestions."""
    rows = [
        talk("Please generate an SVG icon that meets the following description: A grey headset.", CUP),
        talk(asked_for, CUP),
        talk('Analyze this draft<image>.\n\n**Original Design Prompt**: "A blue cup."\n\nAnswer as JSON.', critique,
             ["draft_image/a.png"]),
        talk("Judge this draft<image>", critique, ["draft_image/none.png"]),
    ]  # fmt: skip
    found, tally = examples(listed(tmp_path / "train.json", rows))
    assert [(e.task, e.words) for e in found] == [
        ("generate", "A grey headset"), ("refine", "A blue cup."), ("critique", "A blue cup.")
    ]  # fmt: skip
    refine, judged = found[1:]
    assert (refine.svg, refine.draft) == (canon(CUP), canon(DOT))
    assert refine.note == "It is no cup. 1. Draw a handle"
    assert (judged.note, judged.picture, judged.svg) == (critique, png(), "")
    assert tally.refused == {"picture missing": 1}


def talk(asked_for: str, answer: str, images: Sequence[str] = ()) -> dict[str, Any]:
    turns = [{"role": "user", "content": asked_for}, {"role": "assistant", "content": answer}]
    return {"messages": turns, "images": list(images)}


def test_other_conversations(tmp_path: Path) -> None:
    rows = [
        {"conversations": [{"from": "system", "value": "x"}, {"from": "human", "value": "draw a picture of a cup"}],
         "chosen": {"from": "gpt", "value": CUP}, "rejected": {"from": "gpt", "value": DOT}},
        {"conversations": [{"from": "human", "value": [{"type": "text", "text": "what is it? <image>"}]},
                           {"from": "gpt", "value": "A cup."}], "images": [{"bytes": None, "path": "a.png"}]},
        {"conversations": [{"from": "human", "value": "<image>Write the SVG."}, {"from": "gpt", "value": DOT}]},
        {"conversations": "none"}, {"conversations": [7]},
    ]  # fmt: skip
    path = tmp_path / "dpo.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n{not json}\n[1]\n")
    (tmp_path / "a.png").write_bytes(png("#00ff00"))
    found, tally = examples(path)
    assert [(e.task, e.words, e.svg) for e in found] == [
        ("generate", "a cup", canon(CUP)), ("describe", "A cup.", ""), ("picture", "", canon(DOT))
    ]  # fmt: skip
    assert found[1].picture == png("#00ff00")
    assert tally.refused == {"record that is none": 2, "no conversation": 1, "no answer": 1}


def test_our_own_corpus(tmp_path: Path) -> None:
    found, _ = examples(write_corpus(tmp_path / "icons.parquet", copies=2))
    assert len(found) == 12
    bell = found[0]
    assert (bell.words, bell.group, bell.source, bell.licence, bell.split) == ("bell", "set0|", "set0", "MIT", "train")
    assert bell.more == ("bell, outline", "old bell", "bell: sign, bell icon")
    assert [e.words for e in found if e.split == "validation"] == ["home", "ring"] * 2


def test_pairs_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"prompt": "a cup <|im_end|>\x07", "svg": CUP, "license": "MIT"}) + "\n")
    (one,), _ = examples(path)
    assert (one.words, one.licence, one.task) == ("a cup < |im_end|>", "MIT", "any")


def test_every_drawing_goes_through_safety(tmp_path: Path) -> None:
    huge = CUP.replace("<path", "<g>" * 300 + "<path").replace("</svg>", "</g>" * 300 + "</svg>")
    rows = [{"words": "x", "svg": s} for s in (EVIL, RASTER, huge, "<svg>nothing</svg>", "no drawing", CUP[:-9], CUP)]
    rows += [{"words": "", "svg": CUP}, {"words": "x", "svg": None}, {"words": 7, "svg": ["x"]}]  # type: ignore[dict-item]
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found, tally = examples(path)
    assert [e.svg for e in found] == [canon(CUP), canon(CUP)]
    assert found[1].task == "picture"  # without words there still is its picture
    assert tally.rows == 10 == tally.used + sum(tally.refused.values())
    assert tally.refused["unsafe drawing"] + tally.refused["SVG that cannot be drawn"] >= 2
    assert tally.refused["drawing too large"] == 1 and tally.refused["drawing cut short"] == 1
    assert all("script" not in e.svg and "image" not in e.svg for e in found)


def test_licences_are_looked_up(tmp_path: Path) -> None:
    path = listed(tmp_path / "data" / "a.json", [{"instruction": "draw", "input": "a cup", "output": CUP}])
    assert examples(path)[0][0].licence == "not stated"
    (tmp_path / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n# Data\nlicense: mit\n")
    assert examples(path)[0][0].licence == card_licence(tmp_path) == "CC-BY-NC-4.0"


# ------------------------------------------------------------------------------------------------------- broken files


def test_columns_that_are_not_known(tmp_path: Path) -> None:
    path = parquet(tmp_path / "odd.parquet", [{"foo": 1, "bar": 2}])
    with pytest.raises(
        CorpusError, match=r"odd\.parquet has columns of no known layout \(foo, bar\); known: corpus \(svg"
    ):
        examples(path)
    with pytest.raises(CorpusError, match="foo, bar"):  # the only file of a folder
        examples(tmp_path)
    listed(tmp_path / "a.json", [{"words": "cup", "svg": CUP}])
    listed(tmp_path / "dataset_infos.json", [])
    found, tally = examples(tmp_path)  # beside one that is known it is passed over
    assert len(found) == 1 and tally.layouts == {"pairs": 1, "(unknown: passed over)": 2}


def test_files_that_are_cut_short(tmp_path: Path) -> None:
    rows = [{"words": f"cup {i}", "svg": CUP} for i in range(300)]
    whole = listed(tmp_path / "a.json", rows).read_bytes()
    (tmp_path / "a.json").write_bytes(whole[: len(whole) // 2])
    tally = Tally()
    with pytest.raises(CorpusError, match=r"a\.json is cut short or damaged after 1[0-9][0-9] records; fetch it again"):
        list(read([tmp_path / "a.json"], tally))
    assert tally.used > 100  # what stood before the break was read
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "b.jsonl").write_text(lines[:-20])
    with pytest.raises(CorpusError, match=r"b\.jsonl is cut short after 299 records"):
        examples(tmp_path / "b.jsonl")
    data = parquet(tmp_path / "c.parquet", rows).read_bytes()
    (tmp_path / "c.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(CorpusError, match=r"c\.parquet is cut short or damaged \("):
        examples(tmp_path / "c.parquet")


def test_paths_without_data(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for path, message in ((tmp_path / "no", "there is no data file"), (tmp_path, "there are no data files in"),
                          (tmp_path / "a.txt", "is no data file")):  # fmt: skip
        with pytest.raises(CorpusError, match=message):
            examples(path)
    (tmp_path / "empty.json").write_text("[]")
    with pytest.raises(CorpusError, match="holds no records"):
        examples(tmp_path / "empty.json")


def test_a_long_list_is_read_in_parts(tmp_path: Path) -> None:
    rows = [{"words": "é" * 700, "svg": CUP, "n": i} for i in range(4000)]  # more than two buffers
    path = listed(tmp_path / "a.json", rows)
    assert path.stat().st_size > 3 << 20
    assert [r["n"] for r in records(path) if r is not None] == list(range(4000))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("SVG illustration of a red cup.", "a red cup"),
        ("Please generate an SVG icon that meets the following description: A padlock.", "A padlock"),
        ("Create an SVG image depicting a dog, running", "a dog, running"),
        ("Draw me something nice", "Draw me something nice"),
        ("two blue cups", "two blue cups"),
    ],
)
def test_what_is_asked_for(question: str, words: str) -> None:
    assert spoken(question) == words


# --------------------------------------------------------------------------------------------------------- new tokens


def test_every_word_has_a_description_of_its_own() -> None:
    assert tuple(DESCRIPTIONS) == NAMES and len(set(DESCRIPTIONS.values())) == 58
    assert all(2 <= len(text.split()) <= 9 for text in DESCRIPTIONS.values())
    words = new_words()
    assert [w.token for w in words] == [semantic.word(n) for n in NAMES] and all(w.value is None for w in words)
    both = new_words(numbers=True, brackets=True)
    assert len(both) == 58 + 257 and both[0].token == "[<|START_OF_SVG|>]" and both[58].token == "[<|-128|>]"
    assert [both[58].value, both[58 + 128].value, both[-1].value] == [0.0, 0.5, 1.0]


def table(rows: int = 4000, width: int = 256) -> Any:
    random = np.random.default_rng(1)
    return (0.3 * random.standard_normal(width) + random.standard_normal((rows, width)) * 0.02).astype(np.float32)


def test_initialisations_have_the_statistics_that_they_claim() -> None:
    old = table()
    rows = statistics(old)
    assert np.allclose(rows.mean, old.mean(0), atol=1e-6) and np.allclose(rows.std, old.std(0), rtol=1e-3)
    assert rows.away == pytest.approx(np.sqrt(np.square(old - old.mean(0)).sum(1).mean()), rel=1e-3)
    described = np.stack([old[i : i + 4].mean(0) for i in range(400)])
    values: list[float | None] = [None] * 143 + [float(v) for v in np.linspace(0, 1, 257)]
    mean = initial("mean", rows, described, values)
    assert mean.shape == (400, 256) and np.array_equal(mean, np.tile(rows.mean, (400, 1)))
    noisy = initial("mean+noise", rows, described, values, seed=3)
    assert np.abs(noisy.mean(0) - rows.mean).max() < 5 * 0.02 / 20  # five standard errors of 400 rows
    assert np.allclose(noisy.std(0).mean(), rows.std.mean(), rtol=0.02)
    assert np.array_equal(noisy, initial("mean+noise", rows, described, values, seed=3))
    assert not np.array_equal(noisy, initial("mean+noise", rows, described, values, seed=4))
    assert np.array_equal(initial("description", rows, described, values), described.astype(np.float32))
    ordered = initial("ordered", rows, described, values)
    words = ordered[:143] - (0.5 * rows.mean + 0.5 * described[:143])
    assert np.sqrt(np.square(words).mean()) == pytest.approx(0.1 * 0.02, rel=0.05)  # a little noise and nothing else
    numbers = ordered[143:] - (0.5 * rows.mean + 0.5 * described[143:])
    assert np.linalg.norm(numbers, axis=1) == pytest.approx(np.full(257, rows.away), rel=0.03)
    near = np.sum(numbers[:-1] * numbers[1:], 1) / rows.away**2
    far = np.sum(numbers[:129] * numbers[128:], 1) / rows.away**2
    assert near.min() > 0.9 and np.abs(far).max() < 0.4


@pytest.mark.parametrize("width", [64, 1024])
def test_codes_of_numbers_are_ordered(width: int) -> None:
    code = number_code(np.linspace(0, 1, len(NUMBERS)), width)
    assert np.allclose(np.linalg.norm(code, axis=1), 1.0, atol=1e-6)
    alike = code @ code.T
    by_distance = [np.diagonal(alike, k).mean() for k in (0, 1, 2, 4, 8, 16, 32, 64)]
    assert all(a > b + 0.01 for a, b in pairwise(by_distance))
    assert by_distance[1] > 0.93 and by_distance[-1] < 0.3
    assert np.array_equal(code, number_code(np.linspace(0, 1, len(NUMBERS)), width))  # the projection is fixed


# --------------------------------------------------------------------------------------------------- forms, questions


def test_forms() -> None:
    assert drawing(f"Sure: {DOT} and better {CUP}!") == canon(CUP)
    assert target(canon(CUP), "llm4svg") == coded(CUP)
    assert parse(target(canon(CUP), "svg")).viewbox == (0, 0, 24, 24)
    bracketed = target(canon(CUP), "llm4svg", whole=True, brackets=True)
    assert bracketed.startswith("[<|START_OF_SVG|>][<|svg_path|>]") and "[<|21|>]" in bracketed
    assert semantic.read([bracketed]) == semantic.read([target(canon(CUP), "llm4svg", whole=True)])
    with pytest.raises(Refused, match="no form"):
        target('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 9000"><circle r=".0001"/></svg>', "llm4svg")


def test_questions() -> None:
    plain = Lesson("generate", "cup", "<|x|>")
    assert asked(plain) == ("Draw an SVG icon: cup", "<|x|>")
    shown = replace(plain, exemplars=(("bell", "<|b|>"), ("dot", "<|d|>")))
    assert asked(shown)[0] == "Icons of one set:\nbell: <|b|>\ndot: <|d|>\n\nDraw an SVG icon of the same set: cup"
    assert asked(Lesson("describe", "a cup", "<|x|>")) == ("What does this SVG icon show?\n<|x|>", "a cup")
    assert asked(Lesson("describe", "a {cup}")) == ("What does this picture show?", "a {cup}")
    question, answer = asked(Lesson("refine", "cup", "<|new|>", draft="<|old|>", note="too big"))
    assert answer == "<|new|>" and all(part in question for part in ("cup", "<|old|>", "too big"))
    assert asked(Lesson("critique", "cup", note="{}"))[1] == "{}"


class Letters:
    """A tokenizer of one id a character, with a template of two marks."""

    name_or_path, chat_template, eos_token_id, pad_token_id = "letters", "x", 3, 0

    def __len__(self) -> int:
        return 300

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[int]]:
        return {"input_ids": [ord(c) for c in text]}

    def apply_chat_template(self, turns: Any, tokenize: bool = True, add_generation_prompt: bool = False) -> str:
        text = "".join(f"[{t['role']}]{t['content']}\x03\n" for t in turns)
        return text + ("[assistant]" if add_generation_prompt else "")


def test_the_question_is_masked_and_the_end_is_learned() -> None:
    sample = Speaker(Letters()).sample("draw", "abc")
    text, labels = sample["input_ids"], sample["labels"]
    assert "".join(map(chr, text)) == "[user]draw\x03\n[assistant]abc\x03"
    assert labels == [MASKED] * (len(text) - 4) + [ord(c) for c in "abc\x03"]


# --------------------------------------------------------------------------------------------------------------- store


def plan(tmp_path: Path, *data: Path, **other: Any) -> Plan:
    return Plan(base="letters", data=data, out=tmp_path / "out", length=4096, **other)


def test_the_store_keeps_drawings_apart_and_is_found_again(tmp_path: Path) -> None:
    said: list[str] = []
    data = write_corpus(tmp_path / "icons.parquet", copies=3)
    where = plan(tmp_path, data)
    store = Store(prepare(where, Speaker(Letters()), log=said.append), 0.02)
    assert len(store) == 18 and len(store.trained) == 12 and len(store.held) == 6
    assert not set(store.keys[store.trained]) & set(store.keys[store.held])
    row = store.row(int(store.trained[0]))
    assert row["words"] == "bell" and semantic.read([row["target"]]).shapes and row["svg"] == ""
    before = store.path.stat().st_mtime_ns
    again = Store(prepare(where, Speaker(Letters()), log=said.append), 0.02)
    assert again.path.stat().st_mtime_ns == before and again.about == store.about
    first = Store(prepare(replace(where, limit=2), Speaker(Letters()), log=said.append), 0.02)
    assert (len(first.trained), len(first.held)) == (1, 1)  # where no row is for validation, some are held out
    other = prepare(replace(where, form="svg"), Speaker(Letters()), log=said.append)
    assert Store(other, 0.0).row(0)["target"].startswith("<svg")
    other.write_bytes(other.read_bytes()[:-9])
    with pytest.raises(CorpusError, match="damaged"):
        Store(other, 0.0)
    assert Store(prepare(replace(where, form="svg"), Speaker(Letters()), log=said.append), 0.0).about["used"] == 18


def test_what_cannot_be_used_is_counted(tmp_path: Path) -> None:
    rows = [{"words": f"cup {i % 3}", "svg": CUP} for i in range(9)] + [
        {"words": "dot", "svg": DOT},
        {"words": "x", "svg": EVIL},
    ]
    rows += [{"words": "", "svg": DOT}, {"words": "y" * 400, "svg": CUP}]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said: list[str] = []
    store = Store(prepare(replace(plan(tmp_path, path), length=500), Speaker(Letters()), log=said.append), 0.02)
    assert store.about["rows"] == 13 and store.about["used"] == 10
    assert store.about["refused"].pop("longer than 500 tokens") == 1
    assert store.about["refused"].pop("needs a picture, and the base sees none") == 1
    assert list(store.about["refused"].values()) == [1]
    assert len(store.trained) + len(store.held) == 10 and {len(store.trained), len(store.held)} == {9, 1}
    path.write_text(json.dumps({"words": "x", "svg": EVIL}) + "\n")
    with pytest.raises(CorpusError, match=r"nothing can be learned from .*a\.jsonl: 1 rows, 0 used; refused: 1 "):
        prepare(plan(tmp_path, path), Speaker(Letters()), log=said.append)
    assert not (tmp_path / "out" / "data.arrow").exists()


# ---------------------------------------------------------------------------------------------------------------- plan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": ()}, "no data"),
        ({"method": "qlora"}, "neither lora nor full"),
        ({"initial": "zero"}, "no initialisation 'zero'"),
        ({"form": "svg", "numbers": "tokens"}, "numbers are tokens only"),
        ({"form": "svg", "stage": "rows"}, "no stage rows"),
        ({"method": "full", "save": "adapter"}, "only LoRA"),
        ({"rate": 3.0}, r"rate 3 lies outside 1e-08\.\.1"),
        ({"rate": float("nan")}, "rate nan lies outside"),
        ({"tasks": {"paint": 1.0}}, "no task paint"),
        ({"tasks": {"generate": 0.0}}, "not a mixture"),
        ({"batch": 0}, "batch 0 lies outside"),
    ],
)
def test_a_plan_that_cannot_be_carried_out(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    good = plan(tmp_path, tmp_path)
    assert checked(good) is good and json.dumps(good.facts())
    with pytest.raises(TrainingError, match=message):
        checked(replace(good, **change))


def test_stages_of_a_plan(tmp_path: Path) -> None:
    assert plan(tmp_path).stages == ("rows", "rest")
    assert plan(tmp_path, form="svg").stages == plan(tmp_path, initial="keep").stages == ("rest",)
    assert (plan(tmp_path).top_rate, plan(tmp_path, method="full").top_rate) == (2e-4, 1e-5)


@pytest.mark.parametrize("form", ["llm4svg", "svg"])
def test_the_profile_is_one_that_this_program_reads(tmp_path: Path, form: Any) -> None:
    from svggen.models.hf.profile import OWN, profile
    from svggen.training.finetune.card import profile as written

    base: Any = SimpleNamespace(
        name="a/b", licence="Apache-2.0", sees=True, config=SimpleNamespace(model_type="qwen2_5_vl")
    )
    where = replace(plan(tmp_path, form=form, numbers="tokens" if form == "llm4svg" else "text"), length=900)
    text = written(where, base, {"any": 5, "refine": 1, "critique": 1}, 7_000_000_000)
    (tmp_path / OWN).write_text(text, encoding="utf-8")
    found = profile("hf", tmp_path)
    assert found.prompt.words == "Draw an SVG icon: {words}" and found.tasks == ("words", "picture")
    assert (
        found.prompt.exemplars.format(exemplars="x") == "Icons of one set:\nx\n\n"
        and found.prompt.exemplar_tokens == 450
    )
    assert (found.output.form, found.output.whole) == (form, form == "llm4svg")
    assert found.output.stop == (("<|END_OF_SVG|>",) if form == "llm4svg" else ("</svg>",))
    assert "{faults}" in found.prompt.refine and "{words}" in found.critic.prompt and found.memory_gb == 16.8
    bare = written(replace(where, exemplars=0), SimpleNamespace(**{**vars(base), "sees": False}), {"any": 5}, 1)
    (tmp_path / OWN).write_text(bare, encoding="utf-8")
    found = profile("hf", tmp_path)
    assert (
        found.tasks == ("words",) and not found.critic.prompt and not found.prompt.exemplars and not found.prompt.refine
    )


def test_the_fsdp_file_ships() -> None:
    import yaml

    config = yaml.safe_load(Path(fsdp_config()).read_text(encoding="utf-8"))
    assert config["distributed_type"] == "FSDP" and config["num_processes"] == 8
    assert config["fsdp_config"]["fsdp_state_dict_type"] == "FULL_STATE_DICT"  # what is kept is whole


def test_nothing_of_this_needs_torch() -> None:
    import subprocess

    code = (
        "import sys, tests.svggen.test_finetune_data; print([m for m in ('torch', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]", done.stderr
