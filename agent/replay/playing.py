"""A bundle played again, whole: the recorded calls are made once more, and what comes of them is compared.

    report = play("bundles/bell")           # or play(path, "live")
    report.same, report.differences, report.icons

Contract. ``play`` makes the calls in their order, with the recorded arguments, settings and clock, in a home of its
own. A call that goes wrong is a difference, and the next one is made. Drawings must be the same bytes. BundleError for
a bundle that cannot be read or holds no call.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import BundleError, ReplayError, ReplayMismatch
from agent.replay.around import checked_mode, opened
from agent.replay.bundle import Bundle, read_bundle
from agent.replay.calls import again
from agent.replay.player import Played, Player
from agent.replay.tape import said

__all__ = ["Report", "play", "play_all"]


@dataclass(frozen=True)
class Report:
    """same: nothing differs; with another memory, no icon does. calls: how many were made. differences: one text each,
    which may have several lines. icons: {"id", "svg"} of each call that gave one. before: those of the recording, in
    the same places ({"id": "", "svg": ""} where there was none). labels: what was called. drawn_anew: requests that a
    model really drew."""

    same: bool
    calls: int
    differences: tuple[str, ...]
    icons: tuple[dict[str, str], ...]
    before: tuple[dict[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    drawn_anew: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``mnemicon replay --json``."""
        return {
            "same": self.same, "calls": self.calls, "differences": list(self.differences), "icons": list(self.icons)
        }  # fmt: skip


def play(path: Path | str | Bundle, mode: str = "pinned") -> Report:
    """mode: pinned or live (``agent.replay.player``)."""
    bundle = path if isinstance(path, Bundle) else read_bundle(path)
    with opened(bundle, checked_mode(mode), exact=True, names=True) as player:
        play_all(player)
        return report_of(player, player.problems())


def play_all(player: Player) -> None:
    """Makes every call of the bundle; what is other than recorded is noted in the player."""
    bundle = player.bundle
    if not bundle.calls:
        raise BundleError(f"{bundle.path} holds no call that could be made again: replay it around the code it is of")
    for line in bundle.calls:
        name, inputs = str(line["request"].get("name")), player.expect(line)
        try:
            again(name, inputs, player.parts(None), bundle.picture, player.icons)
        except ReplayMismatch as error:
            player.pass_over(line, error)
        except ReplayError:
            raise
        except Exception:  # the player has held it against what the call raised in the recording
            continue


def report_of(player: Player, problems: list[str]) -> Report:
    shown = [p for p in player.played if p.after[1] or p.before[1]]
    return Report(
        same=not problems if player.mode != "other" else not player.other_icons,
        calls=len(player.bundle.calls),
        differences=tuple(problems),
        icons=tuple(_icon(p, now=True) for p in shown if p.after[1]),
        before=tuple(_icon(p, now=False) for p in shown if p.after[1]),
        labels=tuple(said(p.line) for p in shown if p.after[1]),
        drawn_anew=player.drawn_anew,
    )


def _icon(played: Played, *, now: bool) -> dict[str, str]:
    id, svg = played.after if now else played.before
    return {"id": id, "svg": svg}
