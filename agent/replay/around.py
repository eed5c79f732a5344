"""A replay around one's own code: what was recorded answers in place of memory, models and judge.

    with replaying("bundles/bell"):
        icon = design_icon("bell", user="ana")       # the same drawing, without any model

Contract. Of the modes of ``agent.replay.player``, pinned and live. When the block ends, ReplayMismatch says what is
other than recorded: a request that was not recorded (it was raised already, but may have been caught), one that was and
was not made, a result that is another drawing. A replay has a home of its own, which is removed afterwards; the user's
is not touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import ReplayError, ReplayMismatch
from agent.replay.bundle import Bundle, read_bundle
from agent.replay.differences import picture
from agent.replay.fresh import Fresh
from agent.replay.player import MODES, SHOWN, Mode, Player
from agent.replay.tape import said
from agent.seams import using

if TYPE_CHECKING:
    from memory.memory import Memory

__all__ = ["checked_mode", "explained", "opened", "replaying"]


@contextmanager
def opened(
    bundle: Bundle,
    mode: Mode,
    *,
    exact: bool = False,
    names: bool = False,
    fresh: Callable[[Path], Fresh] | None = None,
) -> Iterator[Player]:  # fmt: skip
    """A Player with a home of its own, which is removed at the end. fresh: gives the memory of that home (that of the
    snapshot where it is needed and none is given)."""
    home = Path(tempfile.mkdtemp(prefix="mnemicon-replay-"))
    memory = fresh(home) if fresh is not None else Fresh(bundle, home) if mode != "pinned" else None
    player = Player(bundle, mode, home, exact=exact, names=names, fresh=memory)
    try:
        with using(player):
            yield player
    finally:
        player.close()
        shutil.rmtree(home, ignore_errors=True)


def checked_mode(mode: str) -> Mode:
    if mode not in MODES:
        raise ReplayError(f"{mode!r:.40} is no mode of a replay: pinned or live")
    return "live" if mode == "live" else "pinned"


@contextmanager
def replaying(
    path: Path | str | Bundle, mode: str = "pinned", *, memory: Callable[[Path], Memory] | None = None,
    pictures: Path | None = None,
) -> Iterator[Player]:  # fmt: skip
    """Calls in the block are answered from the bundle. mode: pinned or live. memory: opens the memory of a live replay
    (given a folder); that of the program where None. pictures: a folder for a picture of icons that differ.
    ReplayMismatch at the end for what was other than recorded."""
    bundle = path if isinstance(path, Bundle) else read_bundle(path)
    fresh = None if memory is None else (lambda home: Fresh(bundle, home, open=memory))
    with opened(bundle, checked_mode(mode), fresh=fresh if mode == "live" else None) as player:
        yield player
        problems = player.problems()
        if problems:
            if pictures is not None and player.other_icons:
                problems.append(f"a picture of it: {_pictured(player, pictures)}")
            raise ReplayMismatch(explained(player, problems))


def _pictured(player: Player, folder: Path) -> Path:
    """PNG: was, is, difference, of each icon that is another one."""
    both = [(said(p.line), p.before[1], p.after[1]) for p in player.played if p.before[1] != p.after[1]]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{player.bundle.path.name}-{os.urandom(3).hex()}.png"
    path.write_bytes(picture(both, columns=("recorded", "now")))
    return path


def explained(player: Player, problems: list[str]) -> str:
    """All of it, a line each, and what may be behind it."""
    lines = [f"the replay of {player.bundle.path} is other than the recording:"]
    lines += [f"  {line}" for problem in problems for line in problem.splitlines()]
    lines += [f"  ({line})" for line in player.bundle.other_versions()[:SHOWN]]
    return "\n".join([*lines, "if that is meant, record it again: pytest --mnemicon-record, or mnemicon record"])
