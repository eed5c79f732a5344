"""What a model of Hugging Face is asked: a request in the words of its profile.

Contract. ``asked(profile, request)`` gives an ``Asked``, or the reason why the model cannot draw that. A picture is
redrawn, an icon changed, a draft with faults mended, words drawn, in this order, where the profile has words for it.
What the user and memory say is put in as it is, in one line, cut to a length; a model that was trained on SVG can do
nothing but draw. ``written`` gives an icon in the form that the model writes. Raises InvalidPictureError.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from svggen.errors import SvgGenError
from svggen.models.base import DrawRequest, Reference
from svggen.models.chat.prompts import SHOWN, chosen, estimated_tokens, question, style_rules
from svggen.models.hf.profile import Picture, Profile

if TYPE_CHECKING:
    from svggen.icon import Icon

__all__ = ["BLIND", "Asked", "Mode", "asked", "filled", "picture_png", "written"]

Mode: TypeAlias = Literal["words", "picture", "edit", "refine", "critic"]
_WORDS, _EDIT, _FAULT = 400, 200, 240
_MANY: Final = 16


@dataclass(frozen=True)
class Asked:
    """mode: how it is sampled. system may be "". picture: PNG bytes. shown: the exemplars in it. notes: what of the
    request it leaves out."""

    mode: Mode
    system: str
    text: str
    picture: bytes | None = None
    shown: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()


BLIND: Final = "it sees no pictures: drawn from the words alone"
"""Note of a drawing for which a picture was given to a model that cannot see it."""


def asked(profile: Profile, request: DrawRequest) -> Asked | str:
    """See the head of this file; a text says why the model cannot."""
    prompt = profile.prompt
    if not prompt.words:
        return _as_chat(profile, request)
    picture = None if request.image is None else picture_png(request.image, profile.picture)
    if picture is not None and "picture" in profile.tasks:
        return Asked("picture", prompt.system, filled(prompt.picture or prompt.words, request), picture)
    notes = () if picture is None else (BLIND,)
    if request.edit is not None:
        if not prompt.edit:
            return f"{profile.name} does not change icons: it draws {' and '.join(profile.tasks)}"
        edits = "; ".join(_line(e, _EDIT) for e in request.edits[:_MANY]) or _line(request.words, _WORDS)
        drawing = written(request.edit, profile)
        return Asked("edit", prompt.system, filled(prompt.edit, request, drawing=drawing, edits=edits), notes=notes)
    if not any(c.isalnum() for c in request.words):
        return "the words name nothing to draw"
    if "words" not in profile.tasks:
        return f"{profile.name} draws from {' and '.join(profile.tasks)} only"
    if request.draft is not None and request.hints and prompt.refine:
        faults = "\n".join(f"- {_line(h.rule, 60)}: {_line(h.message, _FAULT)}" for h in request.hints[:_MANY])
        drawing = written(request.draft, profile)
        return Asked(
            "refine", prompt.system, filled(prompt.refine, request, drawing=drawing, faults=faults), notes=notes
        )
    shown, before = _exemplars(profile, request)
    text = prompt.words_of_set if before and prompt.words_of_set else prompt.words
    return Asked("words", prompt.system, before + filled(text, request), None, shown, notes)


def _as_chat(profile: Profile, request: DrawRequest) -> Asked | str:
    """Words of a profile without any of its own: those of a chat model."""
    if not any(c.isalnum() for c in request.words) and request.image is None and request.edit is None:
        return "the words name nothing to draw"
    if request.image is not None and "picture" not in profile.tasks:
        return f"{profile.name} draws from {' and '.join(profile.tasks)} only"
    question_ = question(request, exemplar_tokens=profile.prompt.exemplar_tokens)
    rules = question_.rules("grammar" if profile.output.grammar else "text")
    mode: Mode = "words"
    if request.edit is not None:
        mode = "edit"
    elif request.image is not None:
        mode = "picture"
    system = f"{profile.prompt.system}\n{rules}" if profile.prompt.system else rules
    return Asked(mode, system, question_.text(), question_.picture, question_.shown)


def filled(text: str, request: DrawRequest, **more: str) -> str:
    """The text of a profile with everything in its place; nothing that is put in is looked at again."""
    import re

    from svggen.models.omnisvg.inputs import caption

    words = _line(request.words, _WORDS)
    known = {"words": words, "style": " ".join(style_rules(request.style)), **more}
    if "{caption}" in text:
        known["caption"] = caption(words, request.style) if words else ""
    return re.sub(r"\{([a-z_]+)\}", lambda found: known.get(found[1], found[0]), text.strip("\n"))


def _exemplars(profile: Profile, request: DrawRequest) -> tuple[tuple[Reference, ...], str]:
    """Own icons and library icons before the question, where the model has learned to look at some."""
    prompt = profile.prompt
    if not prompt.exemplars or prompt.exemplar_tokens <= 0:
        return (), ""
    left, shown, lines = prompt.exemplar_tokens, [], []
    for reference in chosen(request.references, 4 * prompt.exemplar_tokens, SHOWN):
        try:
            drawing = written(reference.icon, profile)
        except SvgGenError:
            continue
        cost = estimated_tokens(drawing)
        if cost > left:
            continue
        left -= cost
        shown.append(reference)
        name = _line(reference.name.replace("-", " "), 80)
        lines.append(prompt.exemplar.replace("{words}", name).replace("{drawing}", drawing))
    if not shown:
        return (), ""
    return tuple(shown), prompt.exemplars.replace("{exemplars}", "\n".join(lines))


def written(icon: Icon, profile: Profile) -> str:
    """An icon as the model writes it, on its canvas. Raises TokenError where its tokens have no words for it."""
    from svggen.geometry import fit_canvas, quantise
    from svggen.icon import canonical, serialise

    output = profile.output
    if output.form == "hivg":
        from svggen.tokens.hivg import encode

        return encode(icon, profile.canvas or 224)
    if output.form == "llm4svg":
        import re

        from svggen.tokens import semantic

        text = semantic.join(semantic.tokens(icon, whole=output.whole))
        return re.sub(r"(<\|[^|]*\|>)", r"[\1]", text) if output.brackets else text
    side = profile.canvas or 24
    fitted = canonical(fit_canvas(icon, float(side)))
    return serialise(canonical(quantise(fitted, 1.0 if side >= 100 else 0.01)))


def picture_png(data: bytes, how: Picture) -> bytes:
    """A picture as it is shown: on white, no side longer than ``side``, padded to a square where that is wanted."""
    from PIL import Image

    from svggen.pictures import load_picture

    picture = Image.fromarray(load_picture(data))
    scale = how.side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    if how.square and size[0] != size[1]:
        square = Image.new("RGB", (how.side, how.side), "white")
        square.paste(picture, ((how.side - size[0]) // 2, (how.side - size[1]) // 2))
        picture = square
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _line(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
