"""What the page does without NiceGUI: who comes in, what is remembered and changed, imports, exports, pictures."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from agent_helpers import LINE, NOW, circle, clock_face
from ui_helpers import ADA, studio_of

from agent.cli import main
from agent.errors import UiError
from agent.ui import keeping, pictures
from agent.ui.guard import Guard, policy
from agent.ui.importing import Import, read
from agent.ui.packing import pack
from agent.ui.server import Access, application, serve
from agent.ui.setlook import look
from agent.ui.studio import Studio
from memory.errors import NotFound, RecordError
from memory.fake import FakeMemory
from memory.records import Exemplar, Preference, Statement
from svggen.errors import ExportError
from svggen.icon import icon_id, serialise
from svggen.models.fake import FakeSvgModel

TOKEN = "correct horse battery"


@pytest.fixture
def studio(memory: FakeMemory, tmp_path: Path) -> Studio:
    return studio_of(memory, FakeSvgModel(), tmp_path / "home")


# --------------------------------------------------------------------------------------------------------- who comes in


class Door:
    """Asks a guard as a browser would."""

    def __init__(self, *, local: bool = True, token: str | None = None) -> None:
        self.guard = Guard(self.page, local=local, token=token)
        self.asked: list[str] = []

    async def page(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        html = b'<style>@import url("/_nicegui/3/static/fonts.css") layer(base);</style>'
        html += b'<script>1</script><p style="display: none">'
        headers = [(b"content-type", b"text/html"), (b"Access-Control-Allow-Origin", b"*")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": html[:40], "more_body": True})
        await send({"type": "http.response.body", "body": html[40:]})

    def ask(
        self, path: str = "/", *, method: str = "GET", kind: str = "http", query: str = "", body: bytes = b"",
        **headers: str,
    ) -> tuple[int, dict[str, str], str]:  # fmt: skip
        given = {"host": "127.0.0.1:8080", **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": kind, "method": method, "path": path, "query_string": query.encode(), "scheme": "http",
            "headers": [(k.encode(), v.encode()) for k, v in given.items()],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.guard(scope, receive, send))
        if kind == "websocket":
            return (101 if sent[0]["type"] == "websocket.accept" else 403), {}, ""
        found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]).decode()


def test_a_page_gets_its_policy_and_nonces() -> None:
    status, headers, html = Door().ask()
    nonce = re.search(r"'nonce-([^']+)'", headers["content-security-policy"])
    assert status == 200 and nonce is not None
    assert headers["content-security-policy"] == policy(nonce[1])
    assert html == f'<style nonce="{nonce[1]}"></style><script nonce="{nonce[1]}">1</script><p hidden>'
    assert headers["content-length"] == str(len(html)) and headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers and headers["x-frame-options"] == "DENY"
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert word not in policy("n")
    assert "frame-ancestors 'none'" in policy("n") and "default-src 'none'" in policy("n")


def test_only_the_loopback_is_answered_where_it_stands_on_the_loopback() -> None:
    door = Door()
    for host in ("localhost:8080", "127.0.0.1:1", "[::1]:8080", "127.0.0.1"):
        assert door.ask(host=host)[0] == 200, host
    for host in ("evil.example:8080", "evil.example", "127.0.0.1.evil.example:80", ""):
        assert door.ask(host=host)[0] == 421, host
    assert Door(local=False, token=TOKEN).ask(host="icons.example")[0] == 401


def test_other_sites_are_refused() -> None:
    door = Door()
    opened = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert door.ask(**opened)[0] == 200
    for headers in (
        {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "http://evil.example"},
        {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}, {**opened, "sec_fetch_dest": "iframe"},
    ):  # fmt: skip
        assert door.ask(**headers)[0] == 403, headers
    assert door.ask(method="POST", **opened)[0] == 403
    assert door.ask(method="POST", origin="http://127.0.0.1:8080", sec_fetch_site="same-origin")[0] == 200
    ws = "/_nicegui_ws/socket.io"
    assert door.ask(ws, kind="websocket", origin="http://127.0.0.1:8080")[0] == 101
    for origin in ("http://evil.example", "null"):
        assert door.ask(ws, kind="websocket", origin=origin)[0] == 403
    assert door.ask(ws, kind="websocket")[0] == 403


def test_paths_that_are_nobodys() -> None:
    door = Door()
    for path in ("/admin", "/_nicegui", "/ui", "/docs", "/openapi.json", "//ui/x"):
        assert door.ask(path)[0] == 404, path
    assert door.asked == []


def test_a_token_is_asked_for_and_its_cookie_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ui.guard.SLOW", 0.0)
    door = Door(local=False, token=TOKEN)
    status, _, html = door.ask(host="icons.example")
    assert status == 401 and "<script" not in html and 'name="token"' in html
    assert door.ask("/ui/import", host="icons.example", method="POST")[0] == 401
    assert door.ask("/_nicegui_ws/x", host="a", origin="http://a", kind="websocket")[0] == 403
    assert door.ask(query="token=wrong")[0] == 401
    assert door.ask("/ui/style.css")[0] == 200  # the login page's own
    for answer in (door.ask(query="token=correct%20horse+battery"),
                   door.ask("/ui/login", method="POST", body=b"token=correct+horse+battery")):  # fmt: skip
        status, headers, _ = answer
        assert status == 200 and headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
        assert TOKEN not in headers["set-cookie"]
    crumb = headers["set-cookie"].partition(";")[0]
    assert door.ask(cookie=f"other=1; {crumb}")[0] == 200
    for wrong in (crumb[:-1], f"{crumb}x", "mnemicon=", f"other={crumb}"):
        assert door.ask(cookie=wrong)[0] == 401, wrong
    assert Door(local=False, token=TOKEN).ask(cookie=crumb)[0] == 401  # another start, another cookie


def test_an_open_address_needs_a_token() -> None:
    with pytest.raises(UiError, match="token is needed"):
        Access("0.0.0.0")
    with pytest.raises(UiError, match="16 or more"):
        Access("0.0.0.0", token="short")
    assert "horse" not in repr(Access("0.0.0.0", token=TOKEN))
    assert Access("::1").token is None


@pytest.mark.parametrize("content", ["", "  \n", "two\nlines of it that are long", "short"])
def test_a_token_file_that_holds_none(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "token"
    file.write_text(content)
    assert main(["ui", "--port", "0", "--token-file", str(file), "--json"]) == 2
    assert "token" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_an_address_that_cannot_be_had_and_a_package_that_is_missing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*args: Any, **options: Any) -> Any:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("socket.getaddrinfo", taken)
    with pytest.raises(UiError, match=r"127\.0\.0\.1:8080 cannot be served: Address already in use; choose"):
        serve(studio, Access(), on_ready=print)
    monkeypatch.setitem(sys.modules, "nicegui", None)
    with pytest.raises(UiError, match=r"pip install 'mnemicon\[ui\]'"):
        application(studio, Access())


# --------------------------------------------------------------------------------------------------- what is remembered


def said(memory: FakeMemory, slot: str, value: Any) -> Preference:
    statement = Statement(slot, value, "", f"always {value}", source="message")
    preference = memory.remember(ADA, [statement])[0].preference
    assert preference is not None
    return preference


def own(memory: FakeMemory, *names: str) -> None:
    """Icons of these names; the same name is the same drawing."""
    at = NOW.isoformat()
    icons = [(name, circle(4 + zlib.crc32(name.encode()) % 97 / 20)) for name in names]
    memory.add_exemplars(ADA, [Exemplar(icon_id(i), n, i, (n,), "accepted", "own", at) for n, i in icons])


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("style.stroke_width", "2", 2.0), ("style.stroke_width", " 1,75 px", 1.75), ("style.cap", "Square", "square"),
        ("style.palette", "teal, #F00", ["#008080", "#ff0000"]), ("style.palette", "currentColor", ["currentColor"]),
        ("style.pixel_art", "yes", True), ("style.secondary_opacity", "30 %", 0.3), ("style.grid", "20", 20),
        ("brand_color", "teal", "#008080"), ("avoid:shadows", "allowed", False),
        ("vocabulary:settings", "a Cog", "a Cog"),
    ],
)  # fmt: skip
def test_values_are_read_as_they_are_shown(slot: str, text: str, value: Any) -> None:
    assert keeping.value_of(slot, text) == value
    assert keeping.value_of(slot, keeping.spoken(slot, value)) == value


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("style.stroke_width", "thick"),
        ("brand_color", "url(#a)"),
        ("style.palette", "teal, none"),
        ("avoid:x", "maybe"),
    ],
)
def test_what_is_no_value_is_said(slot: str, text: str) -> None:
    with pytest.raises(RecordError):
        keeping.value_of(slot, text)


def test_a_change_goes_through_the_gate(memory: FakeMemory) -> None:
    held = said(memory, "style.stroke_width", 1.5)
    decision = keeping.change(memory, ADA, held, "2 px")
    assert decision.action == "supersede" and decision.preference is not None
    assert decision.preference.provenance.source == "ui"
    assert decision.preference.provenance.quote == "changed on the page to: 2 px"
    found = keeping.remembered(memory, ADA)
    assert [p.value for p in found.preferences] == [2.0] and [p.value for p in found.past] == [1.5]
    with pytest.raises(RecordError):
        keeping.change(memory, ADA, held, "99")
    assert "you said" in keeping.why(found.preferences[0])


def test_what_is_forgotten_can_be_taken_back(memory: FakeMemory) -> None:
    held = said(memory, "style.cap", "round")
    own(memory, "bell", "cup")
    icon = keeping.remembered(memory, ADA).icons[0]
    gone = [keeping.forget(memory, ADA, id) for id in (held.id, icon.id)]
    after = keeping.remembered(memory, ADA)
    assert after.preferences == [] and len(after.icons) == 1
    with pytest.raises(NotFound):
        keeping.forget(memory, ADA, held.id)
    for records in gone:
        assert [d.action for d in keeping.restore(memory, ADA, records)] == ["add"]
    again = keeping.remembered(memory, ADA)
    assert again.preferences == [held] and icon in again.icons
    lines = [json.loads(line) for line in keeping.lines(memory, ADA)]
    assert {r["type"] for r in lines} >= {"preference", "exemplar"}


# -------------------------------------------------------------------------------------------------------------- imports


def test_files_are_taken_in_or_said_to_be_broken(memory: FakeMemory) -> None:
    job = Import(total=6)
    files = [
        ("our/Bell Ring.svg", serialise(circle(9)).encode()),
        ("our/again.svg", serialise(circle(9)).encode()),
        ("our/<img src=x onerror=alert(1)>.svg", serialise(circle(8)).encode()),
        ("bad.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("empty.svg", b""),
        ("../../etc/passwd.svg", serialise(circle(7)).encode()),
    ]
    job.take(files, memory, ADA)
    assert (job.done, job.added, job.twice, job.failed) == (6, 3, 1, 2)
    assert [name for name, _ in job.broken] == ["bad.svg", "empty.svg"] and "script" in job.broken[0][1]
    icons = {e.name: e for e in memory.exemplars(ADA)}
    assert set(icons) == {"bell-ring", "img-src-x-onerror-alert-1", "passwd"}
    assert icons["bell-ring"].source == "library add our" and icons["bell-ring"].tags == ("bell", "ring", "our")
    job.take([("x.svg", b"no")] * 1, memory, ADA)
    assert job.failed == 3


def test_many_broken_files_are_counted_and_not_all_listed() -> None:
    job = Import(total=1000)
    for number in range(1000):
        job.refused(f"{'x' * 500}{number}.svg", "broken")
    assert job.failed == 1000 and len(job.broken) == 500 and len(job.broken[0][0]) == 120


def test_a_file_too_large_is_said() -> None:
    found = read("big.svg", b"<svg>" + b" " * 300_000, None)
    assert isinstance(found, str) and "bytes" in found


# ------------------------------------------------------------------------------------------------- exports and pictures


def test_the_set_is_packed(studio: Studio, memory: FakeMemory) -> None:
    with pytest.raises(ExportError, match="no icon"):
        pack(studio, "svg")
    own(memory, "bell", "cup")
    made = pack(studio, "svg")
    assert (made.name, made.media, made.icons) == ("icons-svg.zip", "application/zip", 2)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert sorted(archive.namelist()) == ["bell.svg", "cup.svg"]
    assert pack(studio, "svg").data == made.data
    assert pack(studio, "iconify").media in ("application/json", "application/zip")
    with pytest.raises(KeyError):
        pack(studio, "svg", "f" * 64)


def test_a_font_keeps_its_characters(studio: Studio, memory: FakeMemory) -> None:
    pytest.importorskip("fontTools")
    own(memory, "bell", "cup")

    def characters() -> dict[str, str]:
        with zipfile.ZipFile(io.BytesIO(pack(studio, "font").data)) as archive:
            icons = json.loads(archive.read("codepoints.json"))["icons"]
        return {name: entry["codepoint"] for name, entry in icons.items()}

    first = characters()
    keeping.forget(memory, ADA, next(e.id for e in memory.exemplars(ADA) if e.name == "bell"))
    own(memory, "arrow")
    again = characters()
    assert again["cup"] == first["cup"] and again["arrow"] not in first.values()


def test_pictures_are_inert_and_take_the_ink_of_their_ground() -> None:
    light, dark = pictures.uri(serialise(circle(9))), pictures.uri(serialise(circle(9)), "dark")
    assert light.startswith("data:image/svg+xml,%3Csvg%20color=%22%2317191c%22") and light != dark
    broken = pictures.uri("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    assert "script" not in broken and broken.startswith("data:image/svg+xml,")


def test_two_versions_are_compared() -> None:
    same = pictures.compare(serialise(circle(9)), serialise(circle(9)))
    assert same.changed == 0 and same.picture.startswith("data:image/png;base64,") and same.notes == ()
    other = pictures.compare(serialise(circle(9)), serialise(clock_face()))
    assert 0.05 < other.changed < 0.6
    filled = circle(9, type(LINE)(fill="currentColor"))
    assert any(
        "mode: outline → filled" in note for note in pictures.compare(serialise(circle(9)), serialise(filled)).notes
    )


@pytest.mark.slow
def test_a_set_is_looked_at(memory: FakeMemory) -> None:
    assert look([]) is None
    own(memory, *(f"ring-{i}" for i in range(6)))
    at = NOW.isoformat()
    odd = circle(8, type(LINE)(fill="none", stroke="#ff0000", stroke_width=5.0))
    icons = [*memory.exemplars(ADA), Exemplar(icon_id(odd), "odd", odd, (), "accepted", "own", at)]
    told: list[int] = []
    found = look(icons, told.append)
    assert found is not None and "outline" in found.words and list(found.broken) == [icon_id(odd)]
    assert any(name == "stroke width" and value == "2" for name, value, _ in found.fields) and told
