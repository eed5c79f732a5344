"""A profile: what a program must know to ask a model of Hugging Face for SVG, as a small TOML file.

Contract. ``profile(name, folder)`` gives the profile of a name: ``mnemicon-profile.toml`` in the folder of the weights
first, then ``NAME.toml`` in the folders of ``MNEMICON_PROFILES`` (paths with the system's separator), then those that
ship; a name without one (``hf``) has ``default.toml``, with which a model is asked as a chat model is. Every key is
checked: ModelError names the file and the key. See ``svggen/models/profiles/`` for examples; all keys may be left out.

    repository, revision     where the weights lie on the hub
    architecture             ``model_type`` that their config.json must have
    tasks                    of words, picture, edit
    canvas                   side of the canvas that the model draws on
    memory_gb, code_licence, weights_licence, checked, notes          for people
    [prompt]  system, words, picture, edit, refine: texts with {words} {style} {caption}; edit and refine {drawing}, the
              icon as the model writes it, and {edits} or {faults}. words = "" asks as a chat model is asked.
              exemplars: text with {exemplars}, put before ``words_of_set`` (or words) where there are exemplars, each
              written as ``exemplar`` says ({words} {drawing}), of ``exemplar_tokens`` tokens together at most
    [picture] side: px of the longer side; place: "before" or "after" the text; square: pad to a square
    [sampling] temperature, top_p, top_k, repetition_penalty, max_new_tokens; [sampling.picture], [sampling.edit],
              [sampling.refine], [sampling.critic] say what is otherwise there
    [output]  form: "svg", "hivg" or "llm4svg" (whole: numbers are words; brackets: words stand in brackets); stop:
              texts that end a drawing; begin: what the answer begins with; grammar: nothing but a safe icon
    [critic]  prompt, with {words} {caption} {drawing}; side: where the model judges drawings
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from svggen.errors import ModelError
from svggen.models.generation import Sampling

__all__ = ["FOLDERS", "FORMS", "OWN", "SHIPPED", "Critic", "Output", "Picture", "Profile", "Prompt", "profile"]

SHIPPED: Final = Path(__file__).parents[1] / "profiles"
OWN: Final = "mnemicon-profile.toml"
"""In the folder of the weights."""
FOLDERS: Final = "MNEMICON_PROFILES"
TASKS: Final = ("words", "picture", "edit")
MODES: Final = ("picture", "edit", "refine", "critic")
"""Tasks that may be sampled otherwise than words are."""
_ASKED: Final = frozenset(("words", "style", "caption"))
_PLACES: Final[dict[str, frozenset[str]]] = {
    "system": frozenset(),
    "words": _ASKED,
    "words_of_set": _ASKED,
    "picture": _ASKED,
    "edit": _ASKED | {"drawing", "edits"},
    "refine": _ASKED | {"drawing", "faults"},
    "exemplar": frozenset(("words", "drawing")),
    "exemplars": frozenset(("exemplars",)),
    "critic": _ASKED - {"style"} | {"drawing"},
}
FORMS: Final = ("svg", "hivg", "llm4svg")
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Prompt:
    system: str = ""
    words: str = ""
    picture: str = ""
    edit: str = ""
    refine: str = ""
    words_of_set: str = ""
    exemplar: str = "{words}: {drawing}"
    exemplars: str = ""
    exemplar_tokens: int = 0


@dataclass(frozen=True)
class Picture:
    side: int = 448
    place: str = "before"
    square: bool = True


@dataclass(frozen=True)
class Output:
    form: str = "svg"
    stop: tuple[str, ...] = ("</svg>",)
    begin: str = ""
    grammar: bool = False
    whole: bool = False
    brackets: bool = False


@dataclass(frozen=True)
class Critic:
    """prompt: "" where the model judges nothing. side: px of the picture that it is shown."""

    prompt: str = ""
    side: int = 200


@dataclass(frozen=True)
class Profile:
    """See the head of this file. where: the file, for messages."""

    name: str
    where: str = ""
    repository: str = ""
    revision: str = ""
    architecture: str = ""
    tasks: tuple[str, ...] = ("words",)
    canvas: int = 0
    memory_gb: float = 0.0
    code_licence: str = ""
    weights_licence: str = ""
    checked: str = ""
    notes: tuple[str, ...] = ()
    prompt: Prompt = field(default_factory=Prompt)
    picture: Picture = field(default_factory=Picture)
    output: Output = field(default_factory=Output)
    critic: Critic = field(default_factory=Critic)
    sampling: Sampling = field(default_factory=Sampling)
    modes: Mapping[str, Sampling] = field(default_factory=dict)

    def sampled(self, mode: str) -> Sampling:
        """How a task is sampled."""
        return self.modes.get(mode, self.sampling)


def profile(name: str, folder: Path | None = None) -> Profile:
    """Of a model's name and, where they are here, the folder of its weights. Raises ModelError for a file that cannot
    be read or says something wrong."""
    places = [] if folder is None else [folder / OWN]
    places += [Path(p).expanduser() / f"{name}.toml" for p in os.environ.get(FOLDERS, "").split(os.pathsep) if p]
    places += [SHIPPED / f"{name}.toml", SHIPPED / "default.toml"]
    found = next(path for path in places if path.is_file())
    try:
        data = tomllib.loads(found.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"the profile {found} cannot be read: {error}") from error
    return _made(name, found, data)


def _made(name: str, where: Path, data: dict[str, Any]) -> Profile:
    sampling = _table(data, "sampling", where)
    modes = {mode: _table(sampling, mode, where) for mode in MODES if mode in sampling}
    parts: dict[str, Any] = {
        "prompt": _checked(Prompt(), _table(data, "prompt", where), f"{where}: prompt"),
        "picture": _checked(Picture(), _table(data, "picture", where), f"{where}: picture"),
        "output": _checked(Output(), _table(data, "output", where), f"{where}: output"),
        "critic": _checked(Critic(), _table(data, "critic", where), f"{where}: critic"),
        "sampling": _checked(Sampling(), {k: v for k, v in sampling.items() if k not in MODES}, f"{where}: sampling"),
    }
    parts["modes"] = {
        mode: _checked(parts["sampling"], own, f"{where}: sampling.{mode}") for mode, own in modes.items()
    }
    plain = {k: v for k, v in data.items() if k not in ("prompt", "picture", "output", "critic", "sampling")}
    plain.pop("name", None)
    made: Profile = _checked(Profile(name, str(where), **parts), plain, str(where))
    _sound(made)
    return made


def _table(data: Mapping[str, Any], name: str, where: Path) -> dict[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise ModelError(f"{where}: {name!r} is no table")
    return found


def _checked(base: Any, values: Mapping[str, Any], where: str) -> Any:
    """The dataclass with these values, each of the type that its default has."""
    known = {f.name: getattr(base, f.name) for f in fields(base)}
    allowed = {k: v for k, v in known.items() if isinstance(v, str | int | float | tuple)}
    made: dict[str, Any] = {}
    for key, value in values.items():
        if key not in allowed or key in ("name", "where"):
            raise ModelError(
                f"{where}: unknown key {key!r:.60}; known: {', '.join(sorted(allowed.keys() - {'name', 'where'}))}"
            )
        made[key] = _typed(value, allowed[key], f"{where}: {key}")
    return replace(base, **made)


def _typed(value: Any, like: Any, where: str) -> Any:
    if isinstance(like, tuple):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise ModelError(f"{where} is {value!r:.60}; give a list of texts")
    if isinstance(like, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(like):
        kind = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}[type(like)]
        raise ModelError(f"{where} is {value!r:.60}; give {kind}")
    return value


def _sound(made: Profile) -> None:
    """What the types do not say."""
    where = made.where
    for task in made.tasks:
        if task not in TASKS:
            raise ModelError(f"{where}: tasks holds {task!r:.40}; known: {', '.join(TASKS)}")
    if made.output.form not in FORMS:
        raise ModelError(f"{where}: output: form is {made.output.form!r:.40}; known: {', '.join(FORMS)}")
    if made.output.grammar and made.output.form != "svg":
        raise ModelError(f"{where}: output: the grammar is that of SVG text, not of {made.output.form}")
    if made.picture.place not in ("before", "after"):
        raise ModelError(f"{where}: picture: place is {made.picture.place!r:.40}; known: before, after")
    for key, low, high in (("picture.side", 28, 4096), ("critic.side", 28, 4096)):
        part, _, attribute = key.partition(".")
        value = getattr(getattr(made, part), attribute)
        if not low <= value <= high:
            raise ModelError(f"{where}: {key} is {value}; give {low} to {high}")
    for mode, sampling in (("", made.sampling), *made.modes.items()):
        _sampling(sampling, f"{where}: sampling{'.' + mode if mode else ''}")
    texts = {f.name: getattr(made.prompt, f.name) for f in fields(made.prompt)}
    for name, text in {**texts, "critic": made.critic.prompt}.items():
        if isinstance(text, str):
            wrong = [p for p in _PLACE.findall(text) if p not in _PLACES[name]]
            if wrong:
                raise ModelError(f"{where}: prompt {name!r} holds {{{wrong[0]}}}; known: {_known(name)}")


def _known(name: str) -> str:
    return ", ".join(f"{{{p}}}" for p in sorted(_PLACES[name])) or "none"


def _sampling(one: Sampling, where: str) -> None:
    limits = {"temperature": (0.0, 5.0), "top_p": (0.001, 1.0), "top_k": (0, 10_000), "repetition_penalty": (0.5, 5.0),
              "max_new_tokens": (1, 100_000)}  # fmt: skip
    for key, (low, high) in limits.items():
        if not low <= getattr(one, key) <= high:
            raise ModelError(f"{where}: {key} is {getattr(one, key)}; give {low:g} to {high:g}")
