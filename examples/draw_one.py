"""Draw one icon and look at what came back.

python examples/draw_one.py "a rounded coffee cup" coffee-cup.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from mnemicon import design_icon


def main(prompt: str = "a rounded coffee cup", target: str = "coffee-cup.svg") -> None:
    result = design_icon(prompt, n=4, rounds=2, seed=7)
    if not result.passed:
        print(f"no acceptable icon; the nearest scores {result.score:.2f}")
    Path(target).write_text(result.svg + "\n", encoding="utf-8")
    print(f"{target}: score {result.score:.2f} after {result.rounds} rounds, {result.seconds['total']:.2f} s")
    for exemplar in result.exemplars:
        print(f"  drawn from {exemplar['name']}, {exemplar['source']}, {exemplar['licence']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
