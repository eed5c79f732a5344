"""Which SVG files of a folder are unsafe or break a design rule? For a build that must stop on them.

python examples/check_folder.py icons/
"""

from __future__ import annotations

import sys
from pathlib import Path

from svggen.errors import SvgGenError
from svggen.lint import lint
from svggen.safety import load


def main(folder: str = ".") -> int:
    bad = 0
    for file in sorted(Path(folder).rglob("*.svg")):
        try:
            findings = [finding for finding in lint(load(file.read_bytes())) if finding.level == "must"]
        except SvgGenError as error:
            bad += 1
            print(f"{file}: refused: {error}")
            continue
        bad += bool(findings)
        for finding in findings:
            print(f"{file}: {finding.rule}: {finding.message}")
    print(f"{bad} of the files must be changed" if bad else "every file is fine")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
