"""Recordings of drawings, and their exact replay. Public names are loaded when they are first used.

    from agent.replay import play, record

    with record("bundles/bell"):
        design_icon("bell", user="ana")
    play("bundles/bell").same                      # True: the same bytes, in a second, without any model
    play("bundles/bell", "live").differences       # what memory finds for it now
    counterfactual("bundles/bell", without="p12ab34cd56").icons

recording.py, joining.py        making a recording: of a block, of processes
bundle.py, tape.py              what it is made of: files, lines
codec.py, wraps.py, functions.py, calls.py, turns.py    what passes the seams, there and back
player.py, around.py, playing.py    playing it again: around one's own code, or whole
fresh.py                        a memory that begins with what was recorded, or with something else
counterfactuals.py, effects.py  the same with another memory: what did it do to the icon?
differences.py                  what differs, for people
training.py                     sessions as examples to learn from
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.replay.around import replaying
    from agent.replay.bundle import Bundle, read_bundle
    from agent.replay.counterfactuals import counterfactual
    from agent.replay.playing import Report, play
    from agent.replay.recording import record

_HOME = {
    "Bundle": "bundle",
    "Report": "playing",
    "counterfactual": "counterfactuals",
    "play": "playing",
    "read_bundle": "bundle",
    "record": "recording",
    "replaying": "around",
}

__all__ = ["Bundle", "Report", "counterfactual", "play", "read_bundle", "record", "replaying"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"agent.replay.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
