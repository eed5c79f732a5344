"""The page in Chromium, driven by Playwright: the whole story, keys alone, hostile input, closed and reloaded pages.

Opt-in, because it needs a browser: ``MNEMICON_BROWSER=1 pytest -m browser`` with Debian's chromium, or the path of
another one instead of the 1, and ``pip install playwright``.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = os.environ.get("MNEMICON_BROWSER", "")
CHROMIUM = shutil.which("chromium") if ASKED == "1" else ASKED or None
MISSING = (
    "opt-in: MNEMICON_BROWSER=1 pytest -m browser"
    if not ASKED
    else "Playwright is not installed: pip install playwright"
    if find_spec("playwright") is None
    else "NiceGUI is not installed: pip install 'mnemicon[ui]'"
    if find_spec("nicegui") is None
    else "no chromium: apt install chromium, or name one in MNEMICON_BROWSER"
    if CHROMIUM is None or not Path(CHROMIUM).exists()
    else ""
)
pytestmark = [
    pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(180),
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "it is here"),
]  # fmt: skip

Page: TypeAlias = Any
"""playwright.sync_api.Page"""
GONE = "net::ERR_CONNECTION_REFUSED"
"""What a page complains about after the server was stopped."""
SPY = """
window.violations = [];
window.pwned = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


CHECKS = Path(__file__).with_name("ui_checks.js").read_text("utf-8").strip().rstrip(";")


def check(page: Page, name: str) -> list[str]:
    """One of the checks of ui_checks.js: what is wrong."""
    found: list[str] = page.evaluate(f"({CHECKS}).{name}()")
    return found


COMMAND = "from agent.cli import main; main()"


@contextmanager
def served(home: Path, *more: str, command: bool = False) -> Iterator[str]:
    """The address of a page over this home. command: of ``mnemicon ui`` itself."""
    script = [str(Path(__file__).with_name("ui_server.py")), str(home), *more]
    if command:
        script = ["-c", COMMAND, "ui", "--port", "0", "--home", str(home), "--user", "ada", "--json"]
    process = subprocess.Popen([sys.executable, *script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        url = json.loads(said)["url"] if command else said
        assert url.startswith("http://127.0.0.1:"), url
        yield url
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


Open: TypeAlias = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Open]:
    """Opens a page; at the end nothing may have been refused, thrown or complained about."""
    contexts: list[Any] = []
    pages: list[tuple[Page, list[str]]] = []

    def opened(url: str, *, context: Any = None, quiet: bool = True, **options: Any) -> Page:
        if context is None:
            context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
            contexts.append(context)
        page = context.new_page()
        heard: list[str] = []
        page.on(
            "console", lambda m: heard.append(m.text) if m.type in ("error", "warning") and GONE not in m.text else None
        )
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.add_init_script(SPY)
        page.set_default_timeout(30_000)
        page.goto(url)
        if quiet:
            pages.append((page, heard))
        return page

    yield opened
    for page, heard in pages:
        if not page.is_closed():
            assert page.evaluate("[...window.violations, ...window.pwned]") == []
        assert heard == []
    for context in contexts:
        with suppress(Exception):
            context.close()


def say(page: Page, text: str) -> None:
    """A message, and its answer."""
    before = page.locator(".turns .turn").count()
    page.fill("#message", text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.turns .turn').length > n && !document.querySelector('.pending')", arg=before
    )


def act(page: Page, key: str) -> None:
    """A button that sends a message, and its answer."""
    before = page.locator(".turns .turn").count()
    page.click(f'[data-key="{key}"]')
    page.wait_for_function(
        "n => document.querySelectorAll('.turns .turn').length > n && !document.querySelector('.pending')", arg=before
    )


def sketch() -> bytes:
    from PIL import Image, ImageDraw

    picture, out = Image.new("RGB", (128, 128), "white"), io.BytesIO()
    ImageDraw.Draw(picture).ellipse((20, 20, 108, 108), outline="black", width=8)
    picture.save(out, "PNG")
    return out.getvalue()


def drop(page: Page, name: str, kind: str, data: bytes) -> None:
    """Lets a file fall on the page."""
    made = """([name, type, data]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(data)], name, { type }));
      return transfer;
    }"""
    transfer = page.evaluate_handle(made, [name, kind, list(data)])
    for event in ("dragenter", "drop"):
        page.dispatch_event(".log", event, {"dataTransfer": transfer})


def test_the_whole_story_and_tomorrow(home: Path, open_page: Open) -> None:
    with served(home) as url:
        page = open_page(url)
        assert page.title() == "icons · Mnemicon"
        say(page, "a coffee cup, and always use 1.5px strokes")
        assert page.locator(".card").count() >= 2
        sizes = page.eval_on_selector_all(
            ".card:first-child .ground.dark img", "all => all.map(i => [i.naturalWidth > 0, i.width])"
        )
        assert sizes == [[True, 128], [True, 48], [True, 24], [True, 16]]
        assert "Remembered: stroke width 1.5 px" in page.inner_text(".log")
        page.locator("body").click(position={"x": 700, "y": 6})
        page.keyboard.press("2")
        page.wait_for_selector('[data-key="card-2"][aria-pressed="true"]')
        act(page, "edit-filled")
        act(page, "undo")
        act(page, "redo")
        act(page, "accept")
        assert "It has joined your icons." in page.inner_text(".log")
        page.click('[data-key="tabs-history"]')
        page.wait_for_selector(".overlay")
        assert "of the ink differs" in page.inner_text(".differences")
        act(page, "branch-1")
        page.click('[data-key="tabs-set"]')
        page.wait_for_selector(".cell")
        page.wait_for_selector(".numbers")
        page.click('[data-key="export-set"]')
        with page.expect_download() as got:
            page.click('[data-key="export-svg"]')
        data = Path(got.value.path()).read_bytes()
        assert data.startswith(b"<svg") or zipfile.is_zipfile(io.BytesIO(data))
        page.click('[data-key="tabs-icons"]')
        page.click('[data-key="export"]')
        with page.expect_download() as got:
            page.click('dialog[open] [data-key="export-png"]')
        assert zipfile.is_zipfile(got.value.path())
        turns = page.locator(".turns .turn").count()
    with served(home, command=True) as url:
        page = open_page(url)
        page.wait_for_selector(".turn")
        assert page.locator(".turns .turn").count() == turns and "a coffee cup" in page.inner_text(".log")
        assert page.locator('.card[aria-pressed="true"]').count() == 1
        page.click('[data-key="memory"]')
        page.wait_for_selector(".memory")
        shown = page.inner_text("dialog.drawer")
        assert "stroke width 1.5 px" in shown and "always use 1.5px strokes" in shown and "you accepted it" in shown
        page.click('[data-key^="change-"]')
        page.fill('[data-key^="value-"]', "2 px")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=stroke width 2 px")
        page.click('[data-key^="forget-p"]')
        page.wait_for_selector("text=Forgotten: stroke width 2 px")
        page.click('[data-key="restore-0"]')
        page.wait_for_selector(".undo:has-text('Forgotten')", state="detached")
        with page.expect_download() as got:
            page.click('[data-key="memory-export"]')
        assert '"type": "preference"' in Path(got.value.path()).read_text("utf-8")
        say_closed = page.locator("dialog.drawer")
        page.keyboard.press("Escape")
        say_closed.wait_for(state="hidden")
        say(page, "a suitcase")
        assert page.locator(".card").count() >= 2
        drop(page, "sketch.png", "image/png", sketch())
        page.wait_for_selector(".attached:has-text('Draws from sketch.png') img")
        page.click('[aria-label="Take it away"]')
        page.wait_for_selector(".attached", state="detached")
        drop(page, "sketch.png", "image/png", sketch())
        page.wait_for_selector(".attached")
        say(page, "a ring")
        assert page.locator(".attached").count() == 0 and page.locator(".turn").last.inner_text().startswith("a ring")
        drop(page, "notes.txt", "text/plain", b"no")
        page.wait_for_selector("text=Drop SVG files or folders of them")


def test_keys_alone(home: Path, open_page: Open) -> None:
    def focused(page: Page) -> str:
        return str(page.evaluate("document.activeElement?.dataset?.key ?? document.activeElement?.className ?? ''"))

    def outlined(page: Page) -> bool:
        return bool(page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"))

    def until(page: Page, key: str, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            if focused(page) == key:
                return
        raise AssertionError(f"{key} cannot be reached")

    with served(home) as url:
        page = open_page(url)
        page.wait_for_selector(".welcome")
        page.keyboard.press("Tab")
        assert focused(page) == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        order = [focused(page)]
        page.keyboard.press("/")
        assert focused(page) == "message"
        page.keyboard.type("a house")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("with a chimney")
        assert page.input_value("#message") == "a house\nwith a chimney"
        page.keyboard.press("Enter")
        page.wait_for_selector(".hero:not(.hidden)")
        assert page.input_value("#message") == "" and focused(page) == "message"
        page.keyboard.press("Alt+2")
        page.wait_for_selector('[data-key="card-2"][aria-pressed="true"]')
        until(page, "card-1")
        assert outlined(page)
        page.keyboard.press("Enter")
        page.wait_for_selector('[data-key="card-1"][aria-pressed="true"]')
        assert focused(page) == "card-1"  # it is still there after the page has changed around it
        page.keyboard.press("3")
        page.wait_for_selector('[data-key="card-3"][aria-pressed="true"]')
        page.keyboard.press("Control+z")
        page.wait_for_selector('[data-key="card-1"][aria-pressed="true"]')
        page.keyboard.press("Control+Shift+Z")
        page.wait_for_selector('[data-key="card-3"][aria-pressed="true"]')
        page.keyboard.press("/")
        page.keyboard.type("12")
        page.keyboard.press("Control+z")  # in a text it is the text's own
        page.wait_for_timeout(300)
        assert page.locator('[data-key="card-3"][aria-pressed="true"]').count() == 1
        page.fill("#message", "")
        before = page.locator(".turns .turn").count()
        until(page, "accept")
        page.keyboard.press("Space")
        page.wait_for_function("n => document.querySelectorAll('.turns .turn').length > n", arg=before)
        assert focused(page) == "accept"
        page.keyboard.press("Home")
        until(page, "memory")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog.drawer[open] .memory")
        for _ in range(30):  # the drawer holds the focus
            page.keyboard.press("Tab")
            inside = "(at => !at || at === document.body || !!at.closest('dialog'))(document.activeElement)"
            assert page.evaluate(inside)
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog.drawer", state="hidden")
        assert focused(page) == "memory" and order


ATTACK = "<img src=x onerror=pwned.push(1)><svg onload=pwned.push(2)><script>pwned.push(3)</script>"


def test_hostile_words_names_and_drawings(home: Path, open_page: Open, tmp_path: Path) -> None:
    with served(home) as url:
        page = open_page(url)
        say(page, f"a bell {ATTACK}")
        assert ATTACK in page.inner_text(".log")
        assert page.locator("main script, main svg, main iframe").count() == 0
        head = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' "
        evil = head + b"onload='pwned.push(4)'><script>pwned.push(5)</script><circle r='9'/></svg>"
        good = head + b"><circle cx='12' cy='12' r='9'/></svg>"
        page.click('[data-key="tabs-set"]')
        name = "<img src=x onerror=pwned.push(6)>.svg"
        files = [{"name": n, "mimeType": "image/svg+xml", "buffer": b} for n, b in ((name, good), ("evil.svg", evil))]
        chooser = page.locator('.chooser input[type="file"]').nth(1)
        chooser.set_input_files(files)
        page.wait_for_selector("text=2 of 2 files: 1 icon, 1 could not be used.")
        page.wait_for_selector(".broken code")
        assert "evil.svg" in page.inner_text(".broken")
        page.keyboard.press("Escape")
        page.wait_for_selector(".cell")
        assert "img-src-x" in page.inner_text(".grid")
        chooser.set_input_files([{"name": name, "mimeType": "image/svg+xml", "buffer": evil}])
        page.wait_for_selector("text=It cannot be used")
        page.keyboard.press("Escape")
        loud = open_page(url, quiet=False)
        loud.wait_for_selector("#message")
        for code in ("eval('1')", "new Function('return 1')()", "document.body.innerHTML = '<p>x</p>'"):
            tried = f"try {{ {code}; said('ran') }} catch (e) {{ said(e.name) }}"
            later = f"new Promise((said) => setTimeout(() => {{ {tried} }}))"
            assert loud.evaluate(later) in ("EvalError", "TypeError"), code  # (a driver's own evaluate is let through)
        pages_own = open_page(url, quiet=False)
        page_of_evil = {"body": "<h1>evil</h1>", "content_type": "text/html"}
        pages_own.route("http://evil.example/**", lambda route: route.fulfill(**page_of_evil))
        pages_own.goto("http://evil.example/")
        stolen = pages_own.evaluate(f"(url) => ({CHECKS}).reach(url)", url)
        assert stolen == []


def test_closed_reloaded_failed_and_in_two_windows(home: Path, open_page: Open) -> None:
    with served(home) as url:
        page = open_page(url)
        say(page, "a bell")
        (home / "wait").touch()
        page.fill("#message", "a suitcase")
        page.keyboard.press("Enter")
        page.wait_for_selector(".card.waiting")
        page.reload()
        page.wait_for_selector(".pending:has-text('a suitcase')")
        page.wait_for_selector(".card.waiting")
        page.fill("#message", "not lost")
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        page.reload()
        page.wait_for_selector(".pending:has-text('a suitcase')")
        assert page.input_value("#message") == "not lost"  # neither sent nor gone
        context = page.context
        page.close()  # in the middle of the drawing
        (home / "wait").unlink()
        page = open_page(url, context=context)
        page.wait_for_selector(".turns .turn >> nth=1")
        page.wait_for_selector(".hero:has-text('suitcase')")
        other = open_page(url, context=context)
        other.wait_for_selector(".turns .turn >> nth=1")
        say(page, "thicker")
        other.wait_for_selector("text=This conversation went on in another window.")
        assert other.locator(".turns .turn").count() == 3
        (home / "fail").touch()
        page.fill("#message", "a kite")
        page.keyboard.press("Enter")
        page.wait_for_selector(".failed:has-text('No space left on device'):has-text('a kite')")
        (home / "fail").unlink()
        page.click('[data-key="try-again"]')
        page.wait_for_selector(".hero:has-text('kite')")
        assert page.locator(".turns .turn").count() == 4


def test_looks_labels_widths_and_motion(home: Path, open_page: Open) -> None:
    with served(home) as url:
        page = open_page(url, color_scheme="light", reduced_motion="reduce")
        say(page, "a coffee cup, always use 1.5px strokes")
        act(page, "accept")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for view in ("icons", "history", "set"):
                page.click(f'[data-key="tabs-{view}"]')
                page.wait_for_timeout(900)
                assert check(page, "contrast") == [], (theme, view)
                assert check(page, "nameless") == [], view
            page.click('[data-key="memory"]')
            page.wait_for_selector(".memory")
            assert check(page, "contrast") == [] and check(page, "nameless") == []
            page.keyboard.press("Escape")
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.b')).transitionDuration)") < 0.01
        page.click('[data-key="theme"]')
        page.wait_for_selector('html[data-theme="dark"]')
        page.reload()
        page.wait_for_selector('html[data-theme="dark"]')
        small = open_page(url, viewport={"width": 360, "height": 700})
        small.wait_for_selector(".turn")
        for view in ("chat", "icons", "history", "set"):
            small.click(f'[data-key="bottom-{view}"]')
            small.wait_for_timeout(500)
            assert small.evaluate("document.documentElement.scrollWidth") == 360, view
            assert small.locator("#message").is_visible()
            assert check(small, "wide") == [], view
        small.click('[data-key="memory"]')
        small.wait_for_selector(".memory")
        assert small.evaluate("document.querySelector('dialog.drawer').getBoundingClientRect().width") <= 360


def test_a_token_opens_the_door_once(home: Path, open_page: Open) -> None:
    token = "a token of 24 characters"
    with served(home, token) as url:
        page = open_page(url, quiet=False)
        assert page.locator("#message").count() == 0
        page.fill("#token", "not the token, really")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=That is not the token.")
        page.fill("#token", token)
        page.keyboard.press("Enter")
        page.wait_for_selector("#message")
        [cookie] = [c for c in page.context.cookies() if c["name"] == "mnemicon"]
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and token not in cookie["value"]
        say(page, "a bell")
        again = open_page(f"{url}?token={token.replace(' ', '+')}")
        again.wait_for_selector("#message")
        assert "token" not in again.url
