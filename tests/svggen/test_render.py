"""svggen.render: one contract for every renderer, the worker's isolation, sheets and the terminal picture."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image

from svggen import render
from svggen.errors import RenderError
from svggen.icon import Circle, Clip, Icon, Line, LinearGradient, Look, Path, Rect, Segment, Shape, Stop
from svggen.render.client import Worker
from svggen.render.renderers import WorkerRenderer, svg_text

PEN = Look(fill="none", stroke="currentColor", stroke_width=2, cap="round", join="round")
SQUARE = Icon((0, 0, 24, 24), (Shape(Rect(6, 6, 12, 12)),))
CLOCK = Icon(
    (0, 0, 24, 24),
    (Shape(Circle(12, 12, 9), PEN), Shape(Path((("M", (12, 7)), ("L", (12, 12)), ("L", (15, 14)))), PEN)),
)

RENDERERS = {
    "skia": render.SkiaRenderer,
    "resvg": render.ResvgRenderer,
    "cairosvg": render.CairoRenderer,
    "fake": render.FakeRenderer,
}


@pytest.fixture(params=RENDERERS, scope="module")
def renderer(request: pytest.FixtureRequest) -> render.Renderer:
    if request.param != "fake":
        pytest.importorskip(request.param)
    made: render.Renderer = RENDERERS[request.param]()
    return made


class TestContract:
    """Holds for the fake and for every real renderer."""

    def test_is_a_renderer(self, renderer: render.Renderer) -> None:
        assert isinstance(renderer, render.Renderer)
        assert renderer.name

    def test_shape_type_and_ground(self, renderer: render.Renderer) -> None:
        pixels = renderer.render(SQUARE, 48)
        assert pixels.shape == (48, 48, 4) and pixels.dtype == np.uint8
        assert pixels[0, 0].tolist() == [255, 255, 255, 255]
        assert pixels[24, 24].tolist() == [0, 0, 0, 255]

    def test_covers_exactly_where_it_should(self, renderer: render.Renderer) -> None:
        alpha = renderer.render(SQUARE, 24, background=None)[..., 3]
        assert alpha[6:18, 6:18].min() == 255
        assert alpha.sum() == 255 * 144

    def test_colour_and_background(self, renderer: render.Renderer) -> None:
        pixels = renderer.render(SQUARE, 24, color="#f00", background="#00ff80")
        assert pixels[12, 12].tolist() == [255, 0, 0, 255]
        assert pixels[1, 1].tolist() == [0, 255, 128, 255]

    def test_fixed_colours_ignore_the_colour(self, renderer: render.Renderer) -> None:
        icon = Icon((0, 0, 24, 24), (Shape(Rect(6, 6, 12, 12), Look(fill="#00ff00")),))
        assert renderer.render(icon, 24, color="#f00")[12, 12].tolist() == [0, 255, 0, 255]

    def test_opacity_is_alpha_not_premultiplied(self, renderer: render.Renderer) -> None:
        icon = Icon((0, 0, 24, 24), (Shape(Rect(6, 6, 12, 12), Look(opacity=0.5)),))
        red, green, blue, alpha = renderer.render(icon, 24, color="#ff0000", background=None)[12, 12].tolist()
        assert (red, green, blue) == (255, 0, 0) and 126 <= alpha <= 129

    def test_a_viewbox_that_is_not_square_is_centred(self, renderer: render.Renderer) -> None:
        icon = Icon((10, -5, 24, 12), (Shape(Rect(10, -5, 24, 12)),))
        alpha = renderer.render(icon, 48, background=None)[..., 3]
        assert alpha[13:35].min() == 255 and alpha[:12].max() == 0 and alpha[36:].max() == 0

    def test_empty_icon_is_all_ground(self, renderer: render.Renderer) -> None:
        icon = Icon((0, 0, 24, 24), ())
        assert renderer.render(icon, 16, background=None).max() == 0
        assert renderer.render(icon, 16).min() == 255

    def test_same_twice(self, renderer: render.Renderer) -> None:
        assert np.array_equal(renderer.render(CLOCK, 32), renderer.render(CLOCK, 32))

    @pytest.mark.parametrize("size", [0, -1, 5000])
    def test_refuses_impossible_sizes(self, renderer: render.Renderer, size: int) -> None:
        with pytest.raises(ValueError, match=r"outside 1\.\.4096"):
            renderer.render(SQUARE, size)

    @pytest.mark.parametrize("color", ["red", "#12", "", "#gggggg", 'red" onload="x'])
    def test_refuses_what_is_no_colour(self, renderer: render.Renderer, color: str) -> None:
        with pytest.raises(ValueError, match="not a colour"):
            renderer.render(SQUARE, 16, color=color)
        with pytest.raises(ValueError, match="not a colour"):
            renderer.render(SQUARE, 16, background=color)


def box(a: float, b: float) -> tuple[Segment, ...]:
    return (("M", (a, a)), ("L", (b, a)), ("L", (b, b)), ("L", (a, b)), ("Z", ()))


GRADIENT = LinearGradient(4, 0, 20, 0, (Stop(0, "#ff0000"), Stop(1, "#0000ff")))
TRICKY = {
    "clock": CLOCK,
    "hole": Icon((0, 0, 24, 24), (Shape(Path((*box(2, 22), *box(7, 17))), Look(fill_rule="evenodd")),)),
    "arc": Icon((0, 0, 24, 24), (Shape(Path((("M", (3, 12)), ("A", (9, 6, 30, 1, 1, 12, 20)), ("Z", ()))), PEN),)),
    "dash": Icon((0, 0, 24, 24), (Shape(Line(2, 12, 22, 12), Look(fill="none", stroke="currentColor", dash=(3, 2))),)),
    "gradient": Icon((0, 0, 24, 24), (Shape(Rect(4, 4, 16, 16), Look(fill=GRADIENT)),)),
    "tone": Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 9), Look(opacity=0.3)), Shape(Circle(12, 12, 4)))),
    "phosphor": Icon(
        (0, 0, 256, 256),
        (Shape(Rect(40, 40, 176, 176, 16, 16), Look(fill="none", stroke="currentColor", stroke_width=16)),),
    ),
    "material": Icon((0, -960, 960, 960), (Shape(Rect(160, -800, 640, 640)),)),
}


@pytest.mark.parametrize("name", TRICKY)
def test_the_fast_renderer_agrees_with_the_others(name: str) -> None:
    icon = TRICKY[name]
    fast = render.default_renderer().render(icon, 96, color="#204060").astype(float)
    for other in (render.ResvgRenderer(), render.CairoRenderer()):
        assert np.abs(fast - other.render(icon, 96, color="#204060")).mean() / 255 < 0.01, other.name


def test_clip_and_mask_agree_between_skia_and_resvg() -> None:
    for kind in ("clip", "mask"):
        clip = Clip((Shape(Circle(12, 12, 6), Look(fill="#ffffff")),), kind)
        icon = Icon((0, 0, 24, 24), (Shape(Rect(0, 0, 24, 24), Look(), clip),))
        skia, resvg = (
            r().render(icon, 96, background=None)[..., 3] for r in (render.SkiaRenderer, render.ResvgRenderer)
        )
        assert abs(float(resvg.mean()) / 255 - np.pi * 36 / 576) < 0.01
        assert np.abs(skia.astype(float) - resvg).mean() / 255 < 0.01, kind


def test_png_of_a_mask_does_not_go_through_cairosvg() -> None:
    clip = Clip((Shape(Circle(12, 12, 6), Look(fill="#ffffff")),), "mask")
    icon = Icon((0, 0, 24, 24), (Shape(Rect(0, 0, 24, 24), Look(), clip),))
    alpha = np.asarray(Image.open(io.BytesIO(render.png(icon, 96, background=None))))[..., 3]
    assert abs(float(alpha.mean()) / 255 - np.pi * 36 / 576) < 0.01


@pytest.mark.parametrize("engine", ["skia", "resvg", "cairosvg"])
def test_png_is_the_picture(engine: str) -> None:
    renderer = RENDERERS[engine]()
    assert isinstance(renderer, WorkerRenderer)
    picture = Image.open(io.BytesIO(renderer.png(CLOCK, 64, color="#123456", background="#ffffff")))
    assert picture.format == "PNG" and picture.size == (64, 64)
    wanted = renderer.render(CLOCK, 64, color="#123456", background="#ffffff")
    assert np.abs(np.asarray(picture.convert("RGBA")).astype(int) - wanted).max() <= 1


def test_png_on_a_transparent_ground() -> None:
    picture = Image.open(io.BytesIO(render.png(SQUARE, 24, color="#008080", background=None))).convert("RGBA")
    assert picture.getpixel((12, 12)) == (0, 128, 128, 255) and picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_ink_keeps_the_light_tone() -> None:
    ink = render.ink(TRICKY["tone"], 96)
    assert ink.shape == (96, 96) and ink.dtype == np.float32
    assert ink[48, 48] == 1.0 and abs(float(ink[20, 48]) - 0.3) < 0.01 and ink[0, 0] == 0


def test_inks_is_ink_in_one_batch() -> None:
    icons = [CLOCK, SQUARE, TRICKY["tone"]] * 30
    batch = render.inks(icons, 32)
    assert batch.shape == (90, 32, 32)
    assert all(np.array_equal(batch[i], render.ink(icons[i], 32)) for i in (0, 1, 2, 64, 89))
    assert render.inks([], 32).shape == (0, 32, 32)


def test_what_reaches_a_renderer_is_ours() -> None:
    text = svg_text(CLOCK, 48, "#abc").decode()
    assert text.startswith("<svg ") and ' width="48" height="48"' in text.split(">")[0]
    assert "currentColor" not in text and "#aabbcc" in text


# -- isolation ----------------------------------------------------------------

# Bombs are written as text on purpose: the types cannot express them, and the worker must hold even so.
NESTED = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 24 24">'
    '<defs><g id="a0"><path d="M1 1h1v1z"/></g>'
    + "".join(f'<g id="a{i}">' + f'<use href="#a{i - 1}"/>' * 10 + "</g>" for i in range(1, 8))
    + '</defs><use href="#a7"/></svg>'
).encode()


@pytest.fixture
def worker() -> object:
    worker = Worker("cairosvg", seconds=0.4)
    yield worker
    worker.close()


def good() -> bytes:
    return svg_text(SQUARE, 16, "#000000")


def test_a_bomb_is_stopped_in_time_and_named(worker: Worker) -> None:
    worker.pictures([good()], 16, "alpha")
    start = time.monotonic()
    with pytest.raises(RenderError, match=r"cairosvg took more than 0\.4 s on picture 1 and was stopped"):
        worker.pictures([good(), NESTED], 16, "alpha")
    assert time.monotonic() - start < 2.0
    assert len(worker.pictures([good()], 16, "alpha")[0]) == 256  # a new process answers


def test_an_error_of_the_renderer_leaves_it_in_step(worker: Worker) -> None:
    with pytest.raises(RenderError, match="cairosvg failed on picture 1: "):
        worker.pictures([good(), b"<svg", good()], 16, "alpha")
    process = worker._process
    assert len(worker.pictures([good()], 16, "alpha")[0]) == 256
    assert worker._process is process


@pytest.mark.slow
def test_the_worker_ends_itself_where_the_parent_does_not_look(worker: Worker) -> None:
    worker.pictures([good()], 16, "alpha")
    worker.seconds = 25.0  # this side's clock; the process was started with 0.4 s
    with pytest.raises(RenderError, match="SIGXCPU: out of CPU time"):
        worker.pictures([NESTED], 16, "alpha")


def test_memory_is_bounded() -> None:
    small = Worker("cairosvg", megabytes=300)
    try:
        with pytest.raises(RenderError, match=r"picture 0|cannot start"):
            small.pictures([good()], 12000, "rgba")
    finally:
        small.close()


def test_a_killed_worker_is_reported_and_replaced(worker: Worker) -> None:
    worker.pictures([good()], 16, "alpha")
    assert worker._process is not None
    worker._process.kill()
    worker._process.wait()
    assert len(worker.pictures([good()], 16, "alpha")[0]) == 256  # it was dead before: simply replaced
    process = worker._process
    assert process is not None
    timer = threading.Timer(0.1, process.kill)
    timer.start()
    with pytest.raises(RenderError, match=r"crashed on picture 0 .SIGKILL"):
        worker.pictures([NESTED], 16, "alpha")
    timer.join()


def test_many_threads_get_their_own_pictures() -> None:
    sizes = [8, 12, 16, 24, 32, 48, 64, 96]
    got: dict[int, list[float]] = {}

    def draw(size: int) -> None:
        for _ in range(10):
            got.setdefault(size, []).append(float(render.ink(SQUARE, size).mean()))

    threads = [threading.Thread(target=draw, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(got[s]) == 10 and all(abs(v - 0.25) < 1e-6 for v in got[s]) for s in sizes)


PROGRAM = """
import os, sys
sys.path.insert(0, {home!r})
import svggen.render as render
from svggen.icon import Icon, Rect, Shape
icon = Icon((0, 0, 24, 24), (Shape(Rect(6, 6, 12, 12)),))
assert not any(m in sys.modules for m in ("numpy", "PIL", "skia", "cairosvg", "resvg")), "import svggen.render is light"
render.warm()
assert abs(float(render.ink(icon, 24).mean()) - 0.25) < 1e-6
assert not any(m in sys.modules for m in ("skia", "cairosvg", "resvg")), "renderers live in the worker"
mine = render.default_renderer().worker._process.pid
{then}
"""
FORK = """
child = os.fork()
if not child:
    ok = abs(float(render.ink(icon, 24).mean()) - 0.25) < 1e-6 and render.default_renderer().worker._process.pid != mine
    render.default_renderer().close()
    os._exit(0 if ok else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert abs(float(render.ink(icon, 24).mean()) - 0.25) < 1e-6 and render.default_renderer().worker._process.pid == mine
print(mine)
"""


@pytest.mark.parametrize("then", ["print(mine)", FORK], ids=["exit", "fork"])
def test_a_program_exits_clean_and_leaves_nobody_behind(then: str, tmp_path: os.PathLike[str]) -> None:
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(render.__file__))))
    program = PROGRAM.format(home=home, then=then)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=25
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_a_forgotten_worker_warns_of_nothing() -> None:
    worker = Worker("skia")
    worker.pictures([good()], 16, "alpha")
    process = worker._process
    del worker
    gc.collect()
    assert process is not None and process.poll() is not None


# -- sheets and the terminal ---------------------------------------------------


def sheet(**options: object) -> np.ndarray:
    pairs = [(CLOCK, "clock"), (SQUARE, "square")]
    data = render.contact_sheet(pairs, renderer=render.FakeRenderer(), **options)  # type: ignore[arg-type]
    return np.asarray(Image.open(io.BytesIO(data)))


def test_contact_sheet_has_both_grounds_and_every_icon() -> None:
    pixels = sheet(cell=40)
    assert (pixels == [255, 255, 255]).all(axis=2).sum() > 5000 and (pixels == [0x16, 0x18, 0x1D]).all(
        axis=2
    ).sum() > 5000
    assert (pixels == [20, 23, 28]).all(axis=2).sum() >= 20 * 20  # the square, dark on light
    assert (pixels == [0xF2, 0xF4, 0xF7]).all(axis=2).sum() >= 20 * 20  # and light on dark


def test_contact_sheet_sizes_and_title() -> None:
    plain, titled = sheet(sizes=(16, 32, 64)), sheet(sizes=(16, 32, 64), title="two of them")
    assert titled.shape[0] > plain.shape[0] and titled.shape[1] == plain.shape[1]
    one = sheet(sizes=(16, 32, 64), backgrounds=("#ffffff",))
    squares = (one == [20, 23, 28]).all(axis=2).sum()
    assert squares >= 8 * 8 + 16 * 16 + 32 * 32


def test_contact_sheet_never_clips_a_label() -> None:
    long = "an-extraordinarily-long-name-that-nobody-would-give-to-an-icon-but-somebody-did"
    for backgrounds in (("#ffffff",), ("#16181d",)):
        data = render.contact_sheet(
            [(SQUARE, long)] * 3, cell=24, backgrounds=backgrounds, renderer=render.FakeRenderer()
        )
        pixels = np.asarray(Image.open(io.BytesIO(data))).astype(int)
        inner = pixels[20:-20, 20:-20]
        assert np.abs(inner[:, 16:24] - inner[2, 20]).max() == 0  # the panel's padding stays clear on the left
        assert np.abs(inner[:, -24:-16] - inner[2, 20]).max() == 0


def test_contact_sheet_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="at least one icon"):
        render.contact_sheet([])
    with pytest.raises(ValueError, match="1 labels for 2 icons"):
        render.contact_sheet([CLOCK, SQUARE], labels=["one"])
    with pytest.raises(ValueError, match="background"):
        render.contact_sheet([CLOCK], backgrounds=())


def test_terminal_plain_shows_the_square() -> None:
    lines = render.terminal(SQUARE, 24, ansi=False).split("\n")
    assert len(lines) == 12
    assert lines[3:9] == [" " * 6 + "█" * 12] * 6 and not any(line.strip() for line in lines[:3] + lines[9:])


def test_terminal_colours() -> None:
    text = render.terminal(SQUARE, 24, color="#ff0000", background="#ffffff")
    assert text.count("\n") == 11 and "38;2;255;0;0;48;2;255;0;0m" in text and text.endswith("\x1b[0m")
    with pytest.raises(ValueError, match="columns"):
        render.terminal(SQUARE, 2)
