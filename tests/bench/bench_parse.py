"""Parse, check and normalise: our ``svggen.icon.parse`` beside the libraries that could have done it.

    python tests/bench/bench_parse.py [--corpus DIR] [--icons 1000] [--rounds 3]

DIR holds the JSON files of ``@iconify/json`` (default: $MNEMICON_CORPUS, else build/corpus/package/json). The same
icons, an even share of each of ten sets, go through every library in one process; each library's time is the median of
the rounds, and the libraries take turns every 50 icons, so that a busy machine slows all of them alike.

What each is asked for: ours the whole canonical Icon (accept-list, budgets, styles, transforms, rounding). picosvg
twice: ``SVG.fromstring(...).shapes_to_paths()`` as it is, which turns rectangles and circles into path elements but
does not look into path data at all, and the same with the paths read and made absolute, which is what ours does.
svgpathtools ``svgstr2paths`` (no inheritance of style), svgelements ``SVG.parse``, fontTools.svgLib
``SVGPath(...).draw`` into a RecordingPen (outlines only, no style).

Measured on two busy cores, icons/s and failures: ours 1,684 (0), picosvg 1,108 (0) and with paths read 485 (0),
svgpathtools 836 (0), svgelements 640 (0), fontTools.svgLib 1,949 (23).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

SETS = ("lucide", "tabler", "ph", "mdi", "carbon", "bi", "fluent", "icon-park", "fluent-color", "noto")
PACK = 50  # icons a library does before the next one has its turn


def documents(corpus: Path, total: int, seed: int = 7) -> list[str]:
    """Whole SVG documents, an even share of each set, in a fixed random order."""
    out = []
    for name in SETS:
        data = json.loads((corpus / f"{name}.json").read_text())
        width, height = data.get("width", 16), data.get("height", 16)
        icons = [i for i in data["icons"].values() if not i.get("hidden")]
        for icon in random.Random(seed).sample(icons, min(len(icons), total // len(SETS))):
            w, h = icon.get("width", width), icon.get("height", height)
            box = f"{icon.get('left', 0)} {icon.get('top', 0)} {w} {h}"
            out.append(
                '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
                f'width="{w}" height="{h}" viewBox="{box}">{icon["body"]}</svg>'
            )
    random.Random(seed).shuffle(out)
    return out


def contenders() -> dict[str, Callable[[str], object]]:
    from svggen.icon import parse

    out: dict[str, Callable[[str], object]] = {"mnemicon": parse}
    try:
        from picosvg.svg import SVG

        def read_paths(text: str) -> object:
            return [shape.as_path().absolute() for shape in SVG.fromstring(text).shapes_to_paths().shapes()]

        out["picosvg shapes_to_paths"] = lambda text: SVG.fromstring(text).shapes_to_paths()
        out["picosvg, paths read"] = read_paths
    except ImportError:
        pass
    try:
        from svgpathtools import svgstr2paths

        out["svgpathtools"] = svgstr2paths
    except ImportError:
        pass
    try:
        from svgelements import SVG as Elements

        out["svgelements"] = lambda text: list(Elements.parse(io.StringIO(text)).elements())
    except ImportError:
        pass
    try:
        from fontTools.pens.recordingPen import RecordingPen
        from fontTools.svgLib import SVGPath

        out["fontTools.svgLib"] = lambda text: SVGPath.fromstring(text.encode()).draw(RecordingPen())
    except ImportError:
        pass
    return out


def measure(texts: list[str], rounds: int) -> dict[str, tuple[float, int]]:
    """name -> (seconds of CPU for all icons, median of the rounds; icons that raised)."""
    tools = contenders()
    times: dict[str, list[float]] = {name: [] for name in tools}
    failures: dict[str, int] = {}
    for _ in range(rounds):
        spent = dict.fromkeys(tools, 0.0)
        failures = dict.fromkeys(tools, 0)
        for start in range(0, len(texts), PACK):
            for name, tool in tools.items():
                began = time.process_time()
                for text in texts[start : start + PACK]:
                    try:
                        tool(text)
                    except Exception:  # a failure is what is being counted
                        failures[name] += 1
                spent[name] += time.process_time() - began
        for name, seconds in spent.items():
            times[name].append(seconds)
    return {name: (statistics.median(times[name]), failures[name]) for name in tools}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--corpus", type=Path, default=Path(os.environ.get("MNEMICON_CORPUS", "build/corpus/package/json"))
    )
    parser.add_argument("--icons", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not (options.corpus / "lucide.json").is_file():
        print(
            f"no icon sets in {options.corpus}: npm pack @iconify/json, unpack it, name its json folder with --corpus"
        )
        return 2
    warnings.simplefilter("ignore")
    texts = documents(options.corpus, options.icons)
    results = measure(texts, options.rounds)
    ours = results["mnemicon"][0]
    table = Table(title=f"{len(texts)} icons of {len(SETS)} sets, CPU time, median of {options.rounds} rounds")
    for column in ("", "icons/s", "failures", "ours is faster by"):
        table.add_column(column, justify="left" if not column else "right")
    for name, (seconds, failed) in results.items():
        ratio = "" if name == "mnemicon" else f"{seconds / ours:.1f} x"
        table.add_row(name, f"{len(texts) / seconds:,.0f}", str(failed), ratio)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
