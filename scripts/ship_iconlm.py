"""Make a trained IconLM the one that ships: its file, its digest, its model card, its curve and samples of its hand.

    python scripts/ship_iconlm.py OUT [--pack build/train/pack.npz] [--samples]

Contract. OUT is the folder that ``train_iconlm`` wrote (iconlm.safetensors, iconlm-log.jsonl); where
``tests/bench/bench_iconlm.py --report OUT/iconlm-report.json`` has been run, its numbers stand in the card. Writes
svggen/weights/iconlm/: iconlm.safetensors, MODEL-CARD.md, loss.png; with ``--samples`` samples.png (``draw_samples``:
60 names of the validation sets, half a minute); and the digest into svggen/models/iconlm/weights.py. Every file is
written beside and renamed. Same input, same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from svggen.models.iconlm.seen import write  # noqa: E402
from svggen.models.iconlm.weights import WEIGHTS, load  # noqa: E402
from svggen.training.pack import Pack  # noqa: E402
from svggen.training.sets import sets  # noqa: E402

SEED = 20261123
CARD = """# iconlm.safetensors

A small vision-language model that writes icons token by token (`svggen/tokens/icon.py`), from words, a style, exemplars
or a picture. Own weights, trained from nothing.

- A Llama decoder ({layers} layers, width {width}, {heads} heads for queries and {key_heads} for keys, inner width
  {inner}, its own output head over {vocabulary:,} icon tokens): {parameters:,} parameters. Three linear maps bring text
  vectors (the frozen all-MiniLM-L6-v2 of `svggen/weights/minilm`), style vectors and picture patches (the judge of
  `svggen/weights/judge`) into its sequence.
- int8 matrices with a float16 scale a row, {megabytes:.1f} MB; runs in numpy (`svggen/models/iconlm`), and as
  `transformers.LlamaForCausalLM` through `svggen.training.lm_net.to_llama`.
- sha256 of iconlm.safetensors: {digest}
- Licence: MIT, as the program.

## Data

{train_icons:,} icons of the {train_sets} training sets that `svggen/training/sets.toml` lists with their licences (all
permissive; from `@iconify/json`; brands, flags and near copies left out), as tokens in one order of drawing, at most
768 each. Each icon's name, aliases and tags are its words. Families of sets count as the square root of their size,
emoji half. The {validation_sets} validation sets were never trained on.

## Recipe

{recipe}

{steps:,} steps, {icons_seen:,} icons seen ({epochs:.0f} times each on average), {tokens_seen:,} positions,
{seconds:.0f} s on {device}. Muon for the matrices inside the layers, AdamW for the rest; rates rise over 2 % of the
time, stay, and fall in a line to nought over the last half. Short drawings come first; exemplars after a quarter
of the time; a fifth of the documents are from pictures, some are gaps to be filled.

![loss](loss.png)

Loss in nats a token, at the end:

| | |
|---|---|
| training (words, exemplars, pictures and gaps mixed) | {last_loss:.3f} |
{validation}

{overfit}
{worth}
![samples](samples.png)

The samples are names of validation sets, three columns of each: the first drawing of the model as it came, the best of
eight in the judge's eyes, and a real icon of that name. The upper half are names that training sets draw as well, the
lower half names that none of them has.

## What it cannot do

It knows single icons at the size of a sign, by English names, and none that need text, faces or a scene. What no
training set has drawn it guesses from the words (see the row of new names); combinations ("a bell with a check mark")
it has met only as the sets draw them. No rule keeps counts, symmetry or spacing: they are as exact as it has learned.
It repeats icons of its training sets, often exactly (see `copies`): whoever uses its drawings should know that
the licences of those sets, all permissive and named in `svggen/training/sets.toml`, may apply to them.
"""


WORTH = """Names of the validation sets, drawn from the words alone; `tests/bench/bench_iconlm.py` says how. `copies` is
the share of drawings that are, token for token, an icon of the training sets: **much of what is recognised is
remembered.** The judge has learned from the same sets, so that a copy is more to its liking than the real icons of sets
that it never saw; that a row stands above them is no proof of better drawing.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT")
    packed = REPOSITORY / "build" / "train" / "pack.npz"
    parser.add_argument("--pack", type=Path, default=packed, help="what it was trained on")
    parser.add_argument("--samples", action="store_true", help="draw samples.png (half a minute)")
    arguments = parser.parse_args()
    source, log = arguments.out / "iconlm.safetensors", arguments.out / "iconlm-log.jsonl"
    weights = load(source)
    lines = read_log(log)
    report_at = arguments.out / "iconlm-report.json"
    report = json.loads(report_at.read_text("utf-8")) if report_at.exists() else {}
    if report.get("weights") != weights.digest:
        report = {}  # of other weights
    data = source.read_bytes()
    written("loss.png", curves(lines))
    written("MODEL-CARD.md", card(weights.facts, lines, data, report).encode())
    written("iconlm.safetensors", data)
    if arguments.samples:
        written("samples.png", draw_samples(source, arguments.pack))
    digest_into("weights.py", weights.digest)
    licences = {name: rule["licence"] for name, rule in sets().items()}
    digest_into("seen.py", write(Pack.load(arguments.pack), licences))
    print(f"iconlm.safetensors {len(data) / 1e6:.1f} MB sha256 {weights.digest}")


def digest_into(module_name: str, digest: str) -> None:
    module = REPOSITORY / "svggen" / "models" / "iconlm" / module_name
    code, found = re.subn(r'^SHA256 = "[^"]*"', f'SHA256 = "{digest}"', module.read_text("utf-8"), flags=re.M)
    if found != 1:
        sys.exit(f"{module} has no line SHA256 = ...")
    beside(module, code.encode())


def written(name: str, data: bytes) -> None:
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    beside(WEIGHTS.parent / name, data)


def beside(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of the training's log, oldest first."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


# -------------------------------------------------------------------------------------------------------------- card


def card(facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], data: bytes, report: Mapping[str, Any]) -> str:
    """The model card; what it says of over-fitting is read off the log."""
    from svggen.training.sets import sets

    uses = [rule["use"] for rule in sets().values()]
    plan = dict(facts["recipe"])
    shape = plan.pop("net")
    names = {"words": "validation, from words", "exemplars": "validation, with three exemplars",
             "picture": "validation, from a picture"}  # fmt: skip
    return CARD.format(
        **{key: shape[key] for key in ("layers", "width", "heads", "key_heads", "inner", "vocabulary")},
        **{key: facts[key] for key in ("parameters", "train_icons", "steps", "icons_seen", "tokens_seen", "seconds")},
        device={"cuda": "one GPU (cuda)"}.get(facts["device"], facts["device"]),
        megabytes=len(data) / 1e6, digest=hashlib.sha256(data).hexdigest(),
        train_sets=uses.count("train"), validation_sets=uses.count("validation"),
        epochs=facts["icons_seen"] / max(1, facts["train_icons"]),
        recipe="\n".join(f"- {key}: {value}" for key, value in plan.items() if key != "seconds"),
        last_loss=lines[-1]["loss"] if lines else float("nan"),
        validation="\n".join(f"| {names.get(k, k)} | {v:.3f} |" for k, v in facts["validation"].items()),
        overfit=overfitting(facts, lines), worth=worth(report),
    )  # fmt: skip


def overfitting(facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """What the log says of the validation loss: where it was lowest, and what has become of it since."""
    checks = [line for line in lines if "val_words" in line]
    if not checks:
        return ""
    best = min(checks, key=lambda line: float(line["val_words"]))
    last = facts["validation"]["words"]
    if last <= best["val_words"] + 0.01:
        return "The validation loss was falling to the end.\n"
    lowest = ", ".join(f"{key[4:]} {best[key]:.3f}" for key in best if key.startswith("val_"))
    return (
        f"**It has over-fitted.** On sets that it never saw the loss was lowest at step {best['step']:,} of "
        f"{facts['steps']:,}\n({lowest}), about {share(best['step'] / facts['steps'])} of the way, and has risen ever "
        f"since,\nto {last:.3f} from words, while the training loss kept falling: from there on it learns its training "
        f"sets by heart\n({len(checks)} measurements, as the curve shows). These weights are of the end of the run.\n"
    )


def share(value: float) -> str:
    known = {"a fifth": 0.2, "a quarter": 0.25, "a third": 1 / 3, "half": 0.5, "two thirds": 2 / 3, "all": 1.0}
    return min(known, key=lambda name: abs(known[name] - value))


def worth(report: Mapping[str, Any]) -> str:
    """The tables of the bench, as Markdown; nothing where it has not been run for these weights."""
    out: list[str] = []
    if "recognition" in report:
        out += ["\n## What it is worth\n", WORTH]
    for table in report.get("recognition", ()):
        out += [f"Recognised by the judge among {table['title']}:", ""]
        out += ["| drawn by | top-1 | top-5 | top-20 | copies | names |", "|---|---|---|---|---|---|"]
        for who, row in table["rows"].items():
            copies = f"{row[3]:.3f}" if who.startswith("IconLM") else ""
            out.append(f"| {who} | " + " | ".join(f"{v:.3f}" for v in row[:3]) + f" | {copies} | {row[4]:.0f} |")
        out.append("")
    if "speed" in report:
        out += ["Decoding on two cores:", "", "| | icons/s | valid |", "|---|---|---|"]
        out += [f"| {who} | {rate:.2f} | {valid:.0%} |" for who, (rate, valid) in report["speed"].items()]
    return "\n".join(out) + "\n" if out else ""


# ------------------------------------------------------------------------------------------------------------ curves

COLOURS = {"loss": "#22303f", "val_words": "#c2410c", "val_exemplars": "#b58900", "val_picture": "#2a7f62"}
SAID = {"loss": "training", "val_words": "validation, words", "val_exemplars": "validation, exemplars",
        "val_picture": "validation, picture"}  # fmt: skip


def curves(lines: Sequence[Mapping[str, Any]], width: int = 860, height: int = 420) -> bytes:
    """PNG: nats a token over the steps, training and validation; drawn at twice the size and brought down."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (2 * width, 2 * height), "white")
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = 110, 40, 2 * width - 420, 2 * height - 90
    font = ImageFont.load_default(26)
    series = {key: [(line["step"], line[key]) for line in lines if key in line] for key in COLOURS}
    series = {key: points for key, points in series.items() if points}
    if series:
        last = max(points[-1][0] for points in series.values())
        most = min(8.0, max(value for points in series.values() for _, value in points))

        def at(step: float, value: float) -> tuple[float, float]:
            return left + (right - left) * step / last, bottom - (bottom - top) * min(1.0, value / most)

        for n in range(int(most) + 1):
            y = at(0, n)[1]
            draw.line([(left, y), (right, y)], fill="#e3e6ea", width=2)
            draw.text((left - 20, y), str(n), fill="#5b6673", font=font, anchor="rm")
        for n in range(1, int(last // 1000) + 1):
            x = at(1000 * n, 0)[0]
            draw.line([(x, bottom), (x, bottom + 10)], fill="#8a94a0", width=2)
            draw.text((x, bottom + 16), f"{n},000", fill="#5b6673", font=font, anchor="ma")
        draw.line([(left, top), (left, bottom), (right, bottom)], fill="#8a94a0", width=3)
        draw.text((right + 16, bottom + 16), "steps", fill="#5b6673", font=font)
        lowest = -1e9
        for key in sorted(series, key=lambda key: at(0, series[key][-1][1])[1]):
            points = [at(step, value) for step, value in series[key]]
            draw.line(points, fill=COLOURS[key], width=5, joint="curve")
            if key != "loss":
                for x, y in points:
                    draw.ellipse([x - 7, y - 7, x + 7, y + 7], fill=COLOURS[key])
            lowest = max(lowest + 34, points[-1][1])  # names do not lie on each other
            draw.text((right + 22, lowest), f"{SAID[key]} {series[key][-1][1]:.2f}", fill=COLOURS[key], font=font,
                      anchor="lm")  # fmt: skip
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


# ----------------------------------------------------------------------------------------------------------- samples


def draw_samples(weights: Path, packed: Path, *, names: int = 60, n: int = 8, seed: int = SEED) -> bytes:
    """PNG of ``names`` names of the validation sets, half of them drawn by training sets too and half by none: for each
    the first sample, the judge's best of ``n`` and a real icon. Takes about half a second a name."""
    import numpy as np

    from svggen.judge.judge import default_judge
    from svggen.models.iconlm.decoder import Decoder
    from svggen.models.iconlm.inputs import inputs
    from svggen.models.iconlm.sampling import sample
    from svggen.render import contact_sheet
    from svggen.text import default_text_encoder
    from svggen.tokens.icon import decode
    from svggen.tokens.prompt import PromptStyle, prompt
    from svggen.training.pack import Pack

    pack = Pack.load(packed)
    decoder, judge, embed = Decoder(load(weights)), default_judge(), default_text_encoder().embed
    known, new = validation_names(pack)
    random = np.random.default_rng(seed)
    rows = [int(r) for pool in (known[:217], new) for r in random.choice(pool, names // 2, replace=False)]
    shown = []
    for number, row in enumerate(rows):
        name = pack.phrases[pack.text_ids[pack.text_starts[row]]]
        asked = prompt([name], PromptStyle(mode="outline", kind="ui"), size=96)
        drawn = [decode(s.ids) for s in sample(decoder, inputs(decoder.weights, asked, embed), n, seed=seed + number)]
        best = int((judge.see(drawn).concept @ judge.text([name])[0]).argmax())
        real = decode(pack.drawing(row).tolist())
        shown += [(drawn[0], f"{name}: first"), (drawn[best], f"best of {n}"), (real, "real")]
    return contact_sheet(
        shown, cell=56, columns=15, backgrounds=("#ffffff",),
        title="IconLM, names of validation sets: the upper half drawn by training sets too, the lower by none",
    )  # fmt: skip


def validation_names(pack: Any) -> tuple[list[int], list[int]]:
    """(rows whose names training sets draw too, the name most drawn first; rows whose names none draws), one row a
    name, interface icons only."""
    import numpy as np

    name = pack.text_ids[pack.text_starts[:-1]]
    trained = set(name[pack.train].tolist())
    held = np.flatnonzero(~pack.train & (np.diff(pack.starts) <= 128))
    first: dict[int, int] = {}
    counts: dict[int, int] = {}
    for row in held.tolist():
        first.setdefault(int(name[row]), row)
        counts[int(name[row])] = counts.get(int(name[row]), 0) + 1
    order = sorted(first, key=lambda n: (-counts[n], n))
    return [first[n] for n in order if n in trained], [first[n] for n in order if n not in trained]


if __name__ == "__main__":
    main()
