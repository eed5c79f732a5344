"""What OmniSVG is asked with: a caption made of the request, the words around it, and a picture cut into patches.

Contract. ``caption`` makes a sentence of the words and the style: single words get the model nothing but junk, as its
authors and others found. ``prompt_ids`` is the chat form of the base model. ``patches`` prepares a picture as the model
was trained with: transparency and an even ground on white, 448 x 448 (Lanczos, sides stretched), scaled and cut as the
base's ``preprocessor_config.json`` says. Pure numpy; errors: ``WeightsError`` (a file of the base that does not fit).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from svggen.errors import ModelError, WeightsError
from svggen.style import StyleSpec

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from tokenizers import Tokenizer

    Floats: TypeAlias = npt.NDArray[np.float32]
    Pixels: TypeAlias = npt.NDArray[np.uint8]

__all__ = ["Patching", "Prompts", "caption", "own_prompts", "patches", "prompt_ids", "prompt_tokenizer"]

PICTURE_SIDE: Final = 448
"""px, of the picture as the model sees it."""
LONGEST: Final = 400
"""Characters of a caption; training had 500 at most."""
_LIGHT: Final = 240
"""A border whose every channel is above counts as white."""
_NEAR: Final = 30.0
"""Distance in RGB within which a pixel counts as ground."""


@dataclass(frozen=True)
class Prompts:
    """The words around a request. ``words`` and ``system`` may hold ``{caption}``; the picture comes after
    ``picture``. A folder of weights may bring its own as ``prompts.toml`` with the same three keys."""

    system: str = (
        "You are an illustrator. You answer with one drawing, written in SVG drawing tokens, and nothing else."
    )
    words: str = (
        "Draw what this caption describes as a vector drawing.\n"
        "Caption: {caption}\n"
        "Give each part a closed shape of its own with one flat fill, keep the subject whole and in the middle, and "
        "stop when it is finished."
    )
    picture: str = (
        "Redraw the picture below as a vector drawing: the same shapes in the same places, each a closed path with the "
        "flat colour that it has in the picture."
    )


def own_prompts(folder: Path) -> Prompts:
    """Those of ``prompts.toml`` in the folder, else ours; raises ModelError for a file that says something else."""
    import tomllib

    path = folder / "prompts.toml"
    if not path.is_file():
        return Prompts()
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    known = {f.name for f in fields(Prompts)}
    wrong = [key for key, value in found.items() if key not in known or not isinstance(value, str)]
    if wrong:
        raise ModelError(f"{path}: {wrong[0]!r} is none of the texts {', '.join(sorted(known))}")
    return Prompts(**found)


# ------------------------------------------------------------------------------------------------------------- caption

_LOOKS: Final = {
    "outline": "line art",
    "filled": "solid flat",
    "duotone": "two-tone flat",
    "color": "colourful flat",
    None: "simple flat",
}
_SAID: Final = re.compile(r"^(a|an|the|some|two|three|four|five|six|\d+|my|your|his|her|its)\s", re.IGNORECASE)
_AFTER: Final = re.compile(r"\s(?:with|of|in|on|at|and|for|to|from|under|over|inside|without)\s")
_SENTENCE: Final = 8
"""Words from which a request counts as a caption already."""


def caption(words: str, style: StyleSpec) -> str:
    """One sentence: "A solid flat icon of a calendar with a check mark, in teal, on a plain white background."."""
    said = re.sub(r"<\|", "< |", " ".join(words.split()))[:LONGEST].rstrip(" .,;!")
    parts = [f"{_subject(said)}, {_look(style)}"]
    parts += [part for part in (_colours(style), _corners(style)) if part]
    return ", ".join(parts) + ", on a plain white background."


def _subject(words: str) -> str:
    from svggen.words.nouns import singular_of

    if _SAID.match(words) or len(words.split()) >= _SENTENCE:
        return words[:1].upper() + words[1:]
    head = _AFTER.split(words)[0].split()[-1:] or [""]
    if singular_of(head[0]) != head[0]:
        return words[:1].upper() + words[1:]
    return f"{'An' if words[:1].lower() in 'aeiou' else 'A'} {words}"


def _look(style: StyleSpec) -> str:
    if style.pixel_art:
        return "drawn as a pixel art icon"
    return f"drawn as a {_LOOKS[style.mode]} icon"


def _colours(style: StyleSpec) -> str:
    from svggen.style.words import colour_name

    names = list(dict.fromkeys(colour_name(c) for c in style.palette or () if c != "currentColor"))
    if not names:
        return "" if style.mode == "color" else "in black"
    return "in " + (names[0] if len(names) == 1 else ", ".join(names[:4][:-1]) + " and " + names[:4][-1])


def _corners(style: StyleSpec) -> str:
    if style.corner_radius is None:
        return ""
    return "with rounded corners" if style.corner_radius >= 0.5 else "with sharp corners"


# -------------------------------------------------------------------------------------------------------------- prompt


def prompt_tokenizer(base: Path) -> Tokenizer:
    """The base's tokenizer; raises WeightsError where its file is missing, damaged or of another family."""
    from tokenizers import Tokenizer

    path = base / "tokenizer.json"
    if not path.is_file():
        raise WeightsError(f"there is no tokenizer.json in {base}: it comes with the base model; fetch it again")
    try:
        found = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exceptions
        raise WeightsError(f"{path} is damaged or cut short: {error!s:.120}; fetch it again") from error
    absent = [word for word in _MARKS if found.token_to_id(word) is None]
    if absent:
        raise WeightsError(f"{path} has no token {absent[0]}: it is not the tokenizer of Qwen2.5-VL")
    return found


_MARKS: Final = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>")


def prompt_ids(tokenizer: Tokenizer, system: str, text: str, picture_tokens: int = 0) -> list[int]:
    """System and user turn, the picture's places after the text, and the beginning of the answer."""
    begin, end, seen, unseen, place = _MARKS
    shown = f"{seen}{place * picture_tokens}{unseen}" if picture_tokens else ""
    chat = f"{begin}system\n{system}{end}\n{begin}user\n{text}{shown}{end}\n{begin}assistant\n"
    return list(tokenizer.encode(chat, add_special_tokens=False).ids)


# ------------------------------------------------------------------------------------------------------------- picture


@dataclass(frozen=True)
class Patching:
    """Of ``preprocessor_config.json``: px of a patch, how often a picture is repeated, patches that become one token a
    side, mean and deviation of RGB (0..1)."""

    patch: int = 14
    repeats: int = 2
    merge: int = 2
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)

    @classmethod
    def of(cls, config: Mapping[str, Any], where: Path) -> Patching:
        """Raises WeightsError for a value that is none of these."""
        own = cls()
        try:
            made = cls(
                int(config.get("patch_size", own.patch)), int(config.get("temporal_patch_size", own.repeats)),
                int(config.get("merge_size", own.merge)), tuple(map(float, config.get("image_mean", own.mean))),
                tuple(map(float, config.get("image_std", own.std))),
            )  # fmt: skip
        except (TypeError, ValueError) as error:
            raise WeightsError(f"{where}: {error}") from error
        if min(made.patch, made.repeats, made.merge) < 1 or PICTURE_SIDE % (made.patch * made.merge):
            raise WeightsError(f"{where}: patches of {made.patch} px, {made.merge} a token, do not fit {PICTURE_SIDE}")
        if len(made.mean) != 3 or len(made.std) != 3 or min(made.std) <= 0:
            raise WeightsError(f"{where}: image_mean and image_std are not three numbers each")
        return made

    @property
    def side(self) -> int:
        """Patches of a picture in x and in y."""
        return PICTURE_SIDE // self.patch

    @property
    def tokens(self) -> int:
        return (self.side // self.merge) ** 2


def patches(picture: Pixels, how: Patching) -> Floats:
    """float32 (side x side, 3 x repeats x patch x patch) of uint8 (h, w, 3): the patches that become one token stand
    together."""
    import numpy as np
    from PIL import Image

    even = Image.fromarray(on_white(picture)).resize((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    mean, std = np.asarray(how.mean, np.float32), np.asarray(how.std, np.float32)
    values = (np.asarray(even, np.float32) / 255 - mean) / std
    blocks = how.side // how.merge
    cut = values.reshape(blocks, how.merge, how.patch, blocks, how.merge, how.patch, 3)
    cut = cut.transpose(0, 3, 1, 4, 6, 2, 5)  # block y, x; in it y, x; channel; in the patch y, x
    repeated = np.repeat(cut[:, :, :, :, :, None], how.repeats, axis=5)
    return np.ascontiguousarray(repeated.reshape(how.side**2, -1))


def on_white(picture: Pixels) -> Pixels:
    """A picture whose border is not white: its commonest border colour, and what is near it, painted white."""
    import numpy as np

    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    if (border > _LIGHT).all():
        return picture
    colours, counts = np.unique(border, axis=0, return_counts=True)
    ground = colours[counts.argmax()].astype(np.float32)
    near = np.linalg.norm(picture.astype(np.float32) - ground, axis=2) < _NEAR
    return np.where(near[..., None], np.uint8(255), picture)
