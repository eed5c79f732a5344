"""Which changes, in which order.

Contract. ``run`` brings an icon to a StyleSpec: clips away, then the mode of drawing, line width with optical size,
pens and corners, tones, colours, pixels, canvas. Each change works on what the one before left. A change that fails
on the geometry is undone and reported; the others still happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from svggen.errors import GeometryError
from svggen.geometry import fit_canvas, quantise
from svggen.icon import Icon, Shape
from svggen.restyle import corners, flat, lines, modes, paint, pixels, unclip
from svggen.restyle.job import CANVAS, Job, Part, has_fill, has_stroke
from svggen.style import StyleSpec
from svggen.style.analysis import Analysis, analyse
from svggen.style.colours import oklab
from svggen.style.spec import Mode

__all__ = ["run"]

_DEFAULT_WIDTH: Final = 1.5  # of an outline made from a solid, where no width is wished
_STRONG: Final = 0.66  # Oklab lightness
_SECOND: Final = 0.82  # below this strength a shape is a second tone


def run(icon: Icon, spec: StyleSpec) -> tuple[Icon, list[str], list[str]]:
    fitted = unclip.without_clips(fit_canvas(icon, CANVAS))
    look = analyse(fitted)
    if look.box is None:
        return icon, [], ["nothing to draw"]
    if spec.pixel_art and not look.spec.pixel_art:
        width = pixels.line_width(spec.stroke_width, pixels.cells_of(spec.grid))
        spec = replace(spec, stroke_width=min(width, 6.0), cap="butt", join="miter")
    job = Job(_parts(fitted, look), look, spec, look.spec.stroke_width, look.box)
    mode = spec.mode or look.spec.mode or "outline"
    before = job.parts
    _try(job, "mode", lambda: _set_mode(job, mode))
    if job.parts is not before:
        job.look_again()
    _try(job, "lines", lambda: _fit(job, mode))
    _try(job, "line ends", lambda: corners.set_ends(job))
    _try(job, "corners", lambda: corners.set_corners(job))
    lines.set_pen(job, spec)
    _try(job, "mode", lambda: _add_to_lines(job, mode))
    _colour(job, mode)
    if spec.pixel_art and not look.spec.pixel_art:
        _try(job, "pixels", lambda: _pixels(job, mode))
    elif spec.pixel_art is False and look.spec.pixel_art:
        job.refused.append("smooth lines from pixel art")
    return _deliver(job, icon), job.steps, list(dict.fromkeys(job.refused))


def _try(job: Job, what: str, change: Callable[[], None]) -> None:
    parts, width, steps = job.parts, job.width, len(job.steps)
    try:
        change()
    except GeometryError as error:
        job.parts, job.width = parts, width
        del job.steps[steps:]
        job.refused.append(f"{what}: {error}")


def _parts(icon: Icon, look: Analysis) -> list[Part]:
    """Tones: by opacity, or by the lighter of two colours."""
    strength = [1 - paint.lightness(s) if look.spec.mode == "duotone" else _opacity(s) for s in icon.shapes]
    top = max(strength, default=1.0) or 1.0
    visible = [(s, v) for s, v in zip(icon.shapes, strength, strict=True) if has_fill(s) or has_stroke(s)]
    if look.spec.mode != "duotone":
        return [Part(s) for s, _ in visible]
    return [Part(s, 1 if v < _SECOND * top else 0) for s, v in visible]


def _opacity(shape: Shape) -> float:
    return shape.look.opacity * (shape.look.fill_opacity if has_fill(shape) else shape.look.stroke_opacity)


def _set_mode(job: Job, mode: Mode) -> None:
    """Changes that need the icon as it came: tones and colours away, solid to line."""
    source = job.look.spec.mode
    wished = job.spec.stroke_width is not None
    tinted = mode == "color" and len(job.spec.palette or ()) > 1
    lined = mode == "outline" or (tinted and wished and source == "filled")
    if mode == "duotone":
        lined = wished or (source == "filled" and not _without_lines(job.spec))
    shades = source == "duotone" and job.look.ink.second_share <= 0.03
    if mode != "color" and (source == "color" or (shades and mode != "duotone")):
        flat.flatten_colours(job, "outline" if lined and mode == "duotone" and not job.width else mode, _rim_width(job))
    elif source == "duotone" and (mode in ("outline", "filled") or (lined and job.width is None)):
        modes.merge_tones(job)
    if lined and source != "outline" and not any(p.tone for p in job.parts) and _is_solid(job):
        modes.hollow(job, _rim_width(job))


def _add_to_lines(job: Job, mode: Mode) -> None:
    """Changes that rest on the lines as they now are: solid from line, second tones."""
    source = job.look.spec.mode
    if mode == "filled" and (source == "outline" or (source != "filled" and not _is_solid(job))):
        modes.fill_in(job)
    elif mode == "duotone" and not any(p.tone for p in job.parts):
        if _without_lines(job.spec):
            modes.flat_tones(job, body=1)
        elif _tones_are_lines(job.spec):
            modes.two_tone_lines(job)
        else:
            modes.layer(job)
    elif mode == "color" and source != "color":
        if len(job.spec.palette or ()) < 2:
            job.refused.append("several colours: the style names no palette")
        elif job.spec.stroke_width is None:
            modes.flat_tones(job)
        elif source != "duotone" or not any(p.tone for p in job.parts):
            modes.layer(job, len(paint.tints(job.spec.palette or ())) - 1)


def _without_lines(spec: StyleSpec) -> bool:
    """A measured style (it names detail, which nobody wishes for) that has no line width: it is drawn in areas."""
    return spec.stroke_width is None and spec.detail is not None


def _tones_are_lines(spec: StyleSpec) -> bool:
    """A second colour as strong as the first is no tint under lines (it would hide them): lines are drawn in it."""
    if spec.stroke_width is None or spec.palette is None or len(spec.palette) < 2:
        return False
    return all(oklab(c)[0] < _STRONG for c in spec.palette[:2])


def _is_solid(job: Job) -> bool:
    """Whether the main tone, as it stands, is areas rather than lines."""
    if job.parts and all(has_stroke(p.shape) and not has_fill(p.shape) for p in job.parts):
        return False
    seen = analyse(Icon((0.0, 0.0, CANVAS, CANVAS), tuple(p.shape for p in job.tone(0) or job.parts)))
    return seen.spec.mode == "filled"


def _rim_width(job: Job) -> float:
    """The width to hollow with: what is wished, before the icon is brought to its size."""
    target = job.spec.stroke_width or _DEFAULT_WIDTH
    box = job.look.box
    if job.spec.padding is None or box is None:
        return target
    side = max(box[2] - box[0], box[3] - box[1])
    return target * side / max(CANVAS - 2 * job.spec.padding, 4.0)


def _fit(job: Job, mode: Mode) -> None:
    lined = job.width is not None and (job.look.spec.mode == "outline" or mode != "filled")
    if lined and not (job.look.spec.mode == "filled" and mode == "filled"):
        lines.fit_lines(job)
    else:
        if job.spec.stroke_width is not None and mode == "filled" and job.look.spec.mode == "filled":
            modes.even_lines(job, job.spec.stroke_width)
            job.look_again()
        lines.fit_size(job)


def _colour(job: Job, mode: Mode) -> None:
    spec, look = job.spec, job.look
    if mode == "color" and look.spec.mode == "color":
        if spec.palette is not None:
            paint.map_colours(job, spec.palette)
        return
    palette = spec.palette or (_main_colour(look) if mode != look.spec.mode else None)
    if palette is None and mode == "duotone" and spec.secondary_opacity is not None:
        palette = look.colours.palette[:1] if look.ink.second_share > 0.03 else None
    if palette is None:
        return
    second = spec.secondary_opacity
    if second is None and look.ink.second_share > 0.03:
        second = look.ink.second_alpha
    if mode == "color" and len(palette) > 2:
        palette = paint.contrasting(palette) if spec.stroke_width is None else paint.tints(palette)
    paint.paint_tones(job, palette, second)


def _main_colour(look: Analysis) -> tuple[str, ...]:
    """What a drawing without a wished palette is painted with in a new mode: its own hue, or the text colour."""
    if look.spec.mode == "color" or look.colours.chroma < 0.03:
        return ("currentColor",)
    return look.colours.palette[:1]


def _pixels(job: Job, mode: Mode) -> None:
    pixels.pixelate(job, pixels.cells_of(job.spec.grid))
    palette = job.spec.palette or job.look.colours.palette
    paint.paint_tones(job, palette[:1] if mode in ("outline", "filled") else palette, job.spec.secondary_opacity)


def _deliver(job: Job, original: Icon) -> Icon:
    icon = _rounded(job.icon)
    if not icon.shapes or analyse(icon).box is None:
        job.refused.append("the change would have left nothing: kept as it was")
        job.steps.clear()
        return fit_canvas(original, CANVAS)
    grid = job.spec.grid
    if grid is not None and grid != CANVAS:
        icon = fit_canvas(icon, float(grid))
        job.steps.append(f"delivered on {grid} x {grid}")
    return icon


def _rounded(icon: Icon) -> Icon:
    """Coordinates to 3 decimals; rectangles keep their corners."""
    return quantise(icon, 0.001)
