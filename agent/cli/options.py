"""The options that several commands share, with their limits, and the checks that need no heavy import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from agent.cli.errors import InputError, one_line

if TYPE_CHECKING:
    from agent.settings import Settings
    from svggen.style import StyleSpec

MAX_PROMPT = 2_000  # characters; an icon's brief is a sentence, and a novel is a mistake


def _user(name: str | None) -> str | None:
    """A user name is checked before anything is opened for it; TenantError says what is allowed."""
    if name is not None:
        from memory.paths import check_user

        check_user(name)
    return name


def _project(name: str | None) -> str | None:
    if name is not None:
        from memory.paths import check_tenant
        from memory.records import Tenant

        check_tenant(Tenant(user="default", project=name))
    return name


def session_name(name: str | None) -> str | None:
    """The name itself; TenantError says what is allowed."""
    if name is not None:
        from memory.paths import check_tenant
        from memory.records import Tenant

        check_tenant(Tenant(user="default", session=name))
    return name


def _model(name: str | None) -> str | None:
    if name is not None:
        from svggen.errors import ModelError
        from svggen.models import model_entry

        try:
            if model_entry(name)[0] == "fake":
                raise ModelError("the model 'fake' is for tests")
        except ModelError as error:
            raise InputError(one_line(str(error)), hint="see mnemicon models list") from None
    return name


Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Home: TypeAlias = Annotated[
    Path | None,
    typer.Option("--home", help="Where memory and drawings live.", show_default="user data"),
]
User: TypeAlias = Annotated[
    str | None,
    typer.Option("--user", "-u", callback=_user, help="Whose memory: letters, digits, _ . @ -", show_default="default"),
]
Project: TypeAlias = Annotated[
    str | None, typer.Option("--project", "-p", callback=_project, help="A project with rules of its own.")
]
Session: TypeAlias = Annotated[
    str | None,
    typer.Option("--session", "-s", callback=session_name, help="A conversation of mnemicon chat."),
]
Out: TypeAlias = Annotated[Path | None, typer.Option("--out", help="Folder for SVG and PNG.", show_default="here")]
Style: TypeAlias = Annotated[
    str | None, typer.Option("--style", help='Style as JSON: \'{"stroke_width": 1.5, "mode": "outline"}\'.')
]
Drafts: TypeAlias = Annotated[
    int | None, typer.Option("--n", min=1, max=16, help="Candidates to draw.", show_default="4")
]
Rounds: TypeAlias = Annotated[
    int | None, typer.Option("--rounds", min=1, max=8, help="Rounds of drawing at most.", show_default="2")
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Same seed, same icon.")]
Canvas: TypeAlias = Annotated[
    int | None, typer.Option("--size", min=8, max=1024, help="Canvas in px.", show_default="your style's, else 24")
]
Image: TypeAlias = Annotated[
    Path | None, typer.Option("--image", help="A PNG or JPEG to draw from; the prompt then only steers the style.")
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model",
        callback=_model,
        help="Who draws: auto, library, iconlm, trace, or another of models list.",
        show_default="trace with --image",
        metavar="NAME",
    ),
]
Timings: TypeAlias = Annotated[bool, typer.Option("--timings", help="Print the seconds of each import and stage.")]


def check_prompt(prompt: str, what: str = "the prompt") -> str:
    """The prompt without surrounding space; ``InputError`` where it is empty, far too long, or not text."""
    text = prompt.strip()
    if not text:
        raise InputError(f"{what} is empty", hint='say what to draw, for example "paper plane"')
    if len(text) > MAX_PROMPT:
        hint = f"say it in at most {MAX_PROMPT:,} characters"
        raise InputError(f"{what} has {len(text):,} characters", hint=hint)
    if any(0xD800 <= ord(c) <= 0xDFFF or c == "\0" for c in text):
        raise InputError(f"{what} is not text (bytes that are no UTF-8)", hint="say it in plain words")
    return text


def parse_style(text: str | None) -> StyleSpec | None:
    """``--style`` as a StyleSpec; ``InputError`` names what is wrong with it."""
    if text is None:
        return None
    import json

    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        example = 'write it like \'{"stroke_width": 1.5, "cap": "round"}\''
        raise InputError(f"--style is not JSON: {one_line(str(error), 120)}", hint=example) from None
    if not isinstance(data, dict):
        raise InputError("--style is not a JSON object", hint="write it like '{\"stroke_width\": 1.5}'")
    from svggen.errors import StyleError
    from svggen.style import StyleSpec

    try:
        return StyleSpec.from_dict(data)
    except StyleError as error:
        raise InputError(f"--style: {error}", hint="see the README for the fields of a style") from None


def settings(home: Path | None = None, **given: Any) -> Settings:
    """The settings in force: the options of the command (None: not given), the environment, ``mnemicon.toml``."""
    from agent.settings import load

    return load(home=home.expanduser() if home is not None else None, **given)
