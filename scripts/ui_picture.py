"""Draws the README's picture of the page by really using the page, in Chromium.

Run:  python scripts/ui_picture.py [--out docs/ui.png] [--chromium /usr/bin/chromium]     needs: pip install playwright

A conversation of a few messages in a home of its own, then a picture of 1440 x 900 px, below 300 kB.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAID = (
    "a suitcase, and from now on always 1.5px strokes, round caps, teal",
    "number 2",
    "accept",
    "a passport",
    "accept",
    "an airplane ticket",
    "thicker",
    "undo",
    "a beach umbrella",
)
MOST = 300_000  # bytes


def use(page: Any, url: str) -> bytes:
    page.goto(url)
    page.wait_for_selector(".welcome")
    for text in SAID:
        before = page.locator(".turns .turn").count()
        page.fill("#message", text)
        page.keyboard.press("Enter")
        done = "n => document.querySelectorAll('.turns .turn').length > n && !document.querySelector('.pending')"
        page.wait_for_function(done, arg=before, timeout=60_000)
    page.wait_for_timeout(400)
    shot: bytes = page.screenshot()
    return shot


def small(shot: bytes) -> bytes:
    """With as many colours as fit."""
    from PIL import Image

    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (256, 128, 64):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < MOST:
            return out.getvalue()
    raise SystemExit(f"the picture has {out.tell():,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description="the picture of the page")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "ui.png")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        code = "from agent.cli import main; main()"
        words = ["ui", "--port", "0", "--home", home, "--user", "ada", "--json"]
        process = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
                shot = use(page, url)
                browser.close()
        finally:
            process.terminate()
            process.wait(20)
    data = small(shot)
    beside = options.out.with_suffix(".part")
    beside.write_bytes(data)
    beside.replace(options.out)
    print(f"{options.out}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
