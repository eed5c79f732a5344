"""Make a trained judge the one that ships: its file, its digest, its vocabulary, its model card.

    python scripts/ship_judge.py OUT [--corpus build/corpus/icons.parquet]

Contract. OUT is the folder that ``train_judge`` wrote (judge.safetensors, judge-log.jsonl). Writes
svggen/weights/judge/: judge.safetensors, labels.txt and labels.safetensors (the concepts of the corpus's training sets,
those that most families draw first), MODEL-CARD.md, loss.png; and the digest into svggen/judge/weights.py. Same input,
same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from svggen.judge.judge import Judge  # noqa: E402
from svggen.judge.labels import write_labels  # noqa: E402
from svggen.judge.weights import FILE  # noqa: E402

LABELS = 15_000
CARD = """# judge.safetensors

An image encoder that has seen only icons: what does an icon show, and whose hand could it be?

- Input: 64 px, RGB, the icon on white, `currentColor` black. Output: a concept vector (256) in one space with the
  projected vectors of phrases, a style vector (32), 64 patch features (160).
- {parameters:,} parameters, fp16, batch norms folded, {megabytes:.1f} MB; runs in numpy. Text side: one linear layer
  over the frozen all-MiniLM-L6-v2 (`svggen/weights/minilm`).
- sha256 of judge.safetensors: {digest}
- Licence: MIT, as the program. Own weights, trained from nothing.

## Data

{train_icons:,} icons of the training sets of the icon corpus (`@iconify/json`, permissive licences, human-made; brands,
flags, near copies left out; `svggen/training/corpus`). Each icon's concept, tags and aliases are its phrases, its
set's variant its style group. Families of sets count as the square root of their size. Whole families were kept from
training for the calibration; the validation sets were never trained on.

## Recipe

{recipe}

{steps:,} steps, {icons_seen:,} icons seen, {seconds:.0f} s on {device}. Loss: symmetric InfoNCE of a picture and one of
its phrases (pairs of one concept or nearly one text are no negatives), and for style a cosine classifier over
groups with a contrast of pairs. Muon for inner weights, AdamW for the rest; the rate falls in a line to nought.

![loss](loss.png)

## What it is worth

On {val_icons:.0f} icons of validation sets that it never saw, each against all {val_names:.0f} distinct names of these
sets:

| task | top-1 | top-5 | top-20 |
|---|---|---|---|
| all {val_names:.0f} names | {concept_top1:.3f} | {concept_top5:.3f} | {concept_top20:.3f} |
| 217 names drawn by lot | {concept217_top1:.3f} | {concept217_top5:.3f} | {concept217_top20:.3f} |

Style: of the nearest icon by style vector {style_at1:.3f} are of the same group of a set, of the nearest ten
{style_at10:.3f}.

## Calibration

A score is the share of real icons (of families kept from training) that score lower: concept, the cosine of an icon and
its own name; style, that of an icon and the mean of the others of its group. 0.5 is an ordinary icon.

## What it cannot do

It knows names in English only, and what icons show, not what photographs do. It tells direction and small marks worse
than subjects, reads no text, and names that no set draws are guessed from their words. Two styles that differ in one
detail below half a pixel at 64 px are one to it.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "build" / "corpus" / "icons.parquet")
    arguments = parser.parse_args()
    source = arguments.out / "judge.safetensors"
    judge = Judge(source, None)
    if not judge.facts.get("report"):
        sys.exit(f"{source} says nothing of validation sets: train it on data that holds some")
    data = source.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    folder = FILE.parent
    folder.mkdir(parents=True, exist_ok=True)
    words = concepts(arguments.corpus)
    print(f"{len(words):,} labels, the first: {', '.join(words[:12])}")
    write_labels(folder, words, judge.text(words), digest)
    curve = arguments.out / "judge-log.jsonl"
    picture(curve, folder / "loss.png")
    (folder / "MODEL-CARD.md").write_text(card(judge.facts, digest, data), encoding="utf-8")
    FILE.write_bytes(data)
    module = REPOSITORY / "svggen" / "judge" / "weights.py"
    code = re.sub(r'^SHA256 = "[^"]*"', f'SHA256 = "{digest}"', module.read_text("utf-8"), flags=re.M)
    module.write_text(code, encoding="utf-8")
    print(f"judge.safetensors {len(data) / 1e6:.1f} MB sha256 {digest}")
    print("the library carries the vectors of the judge before: python scripts/build_library.py --judge")


def concepts(corpus: Path) -> list[str]:
    """The concepts of the training sets: by how many families draw them, then by icons; of those that one icon alone
    shows (half of all) the shortest, since they are the least peculiar."""
    from svggen.training.corpus import load

    table = load(corpus).select(["concept", "family", "split", "kind"])
    families: dict[str, set[str]] = defaultdict(set)
    icons: Counter[str] = Counter()
    for row in table.to_pylist():
        if row["split"] == "train":
            families[row["concept"]].add(row["family"])
            icons[row["concept"]] += 1
    return sorted(icons, key=lambda c: (-len(families[c]), -icons[c], c.count(" "), len(c), c))[:LABELS]


def card(facts: dict[str, Any], digest: str, data: bytes) -> str:
    report = facts["report"]
    return CARD.format(
        parameters=parameters(data), megabytes=len(data) / 1e6, digest=digest,
        recipe="\n".join(f"- {key}: {value}" for key, value in facts["recipe"].items()),
        val_icons=report["icons"], val_names=report["names"],
        **{key: facts[key] for key in ("train_icons", "steps", "icons_seen", "seconds", "device")},
        **{key: value for key, value in report.items() if key not in ("icons", "names")},
    )  # fmt: skip


def parameters(data: bytes) -> int:
    """Of the run-time net: what the header's shapes hold."""
    import math

    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    return sum(math.prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


def picture(log: Path, target: Path) -> None:
    """The loss over the icons seen: concept (dark) and style (light), as a small PNG."""
    from PIL import Image, ImageDraw

    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    width, height, edge = 640, 320, 40
    wide, high = width - edge - 10, height - edge - 20
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(edge, 10), (edge, height - edge), (width - 10, height - edge)], fill="#888888")
    if len(lines) > 1:
        top = max(max(line["concept"], line["style"]) for line in lines)
        last = max(1, lines[-1]["step"])
        for key, colour in (("style", "#99aabb"), ("concept", "#223344")):
            points = [(edge + wide * x["step"] / last, height - edge - high * x[key] / top) for x in lines]
            draw.line(points, fill=colour, width=2)
            draw.text((points[-1][0] - 90, points[-1][1] - 14), f"{key} {lines[-1][key]:.2f}", fill=colour)
        draw.text((4, 10), f"{top:.1f}", fill="#444444")
        draw.text((width - 90, height - edge + 8), f"{last:,} steps", fill="#444444")
    image.save(target, optimize=True)


if __name__ == "__main__":
    main()
