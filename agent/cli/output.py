"""What the user sees: text and pictures on stdout, progress and notes on stderr, JSON alone on stdout with ``--json``.

Contract. ``Screen`` is the only thing that prints. Text from outside (prompts, file names, memory) goes through
``plain`` and is never read as Rich markup, so that it can neither command the terminal nor style itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from agent.cli.errors import Outcome, hostile

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

T = TypeVar("T")

PLAIN_WIDTH = 120  # columns of a table where there is no terminal to ask
PATIENCE = 1.0  # seconds before a stage is worth a line where there is no terminal for a bar


def plain(value: object) -> str:
    """``value`` as text that cannot command a terminal; line breaks stay."""
    return "".join("\N{REPLACEMENT CHARACTER}" if hostile(c) and c not in "\n\t" else c for c in str(value))


class Steps:
    """Progress of one job. ``step`` names what is being done; ``advance`` counts where the number of steps is known."""

    def __init__(self, progress: Progress | None, task: TaskID | None, total: int | None) -> None:
        self._progress, self._task, self._left = progress, task, total or 0
        self._started = time.perf_counter()
        self._said, self._said_at = "", 0.0

    def step(self, text: str) -> None:
        text = plain(text)
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=text)
            return
        passed = time.perf_counter() - self._started
        # A stage is said once; one of a thousand files only when a second has gone since the last.
        due = passed > PATIENCE and (self._left == 0 or passed - self._said_at > PATIENCE)
        if due and text != self._said:
            print(f"{passed:5.1f} s  {text}", file=sys.stderr, flush=True)
            self._said, self._said_at = text, passed

    def advance(self, count: int = 1) -> None:
        self._left = max(0, self._left - count)
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=count)


class Stopwatch:
    """Seconds by name, in the order of the first use."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


class Screen:
    """Standard output and standard error of one command."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._consoles: dict[bool, Console] = {}

    def _console(self, stderr: bool) -> Console:
        if stderr not in self._consoles:
            from rich.console import Console

            console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
            if not console.is_terminal:
                console.width = max(console.width, PLAIN_WIDTH)
            self._consoles[stderr] = console
        return self._consoles[stderr]

    @property
    def out(self) -> Console:
        return self._console(stderr=False)

    @property
    def err(self) -> Console:
        return self._console(stderr=True)

    @property
    def pictures(self) -> bool:
        """Are pictures wanted on stdout? A terminal (or FORCE_COLOR), and no JSON."""
        return not self.as_json and self.out.is_terminal

    def data(self, value: Any) -> None:
        """The one JSON document of this command; nothing without ``--json``."""
        if self.as_json:
            print_json(value)

    def line(self, text: object = "", style: str = "") -> None:
        """A line for people on stdout; nothing with ``--json``. Never wrapped, so that a path stays a path."""
        if not self.as_json:
            self.out.print(plain(text), style=style or None, soft_wrap=True)

    def note(self, text: object, style: str = "dim") -> None:
        """A line on stderr, also with ``--json``."""
        self.err.print(plain(text), style=style or None, soft_wrap=True)

    def ansi(self, text: str) -> None:
        """A picture that our own renderer made of ANSI colours, as it is."""
        if not self.as_json:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            sys.stdout.flush()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
        """Rows for people; nothing with ``--json``."""
        if self.as_json:
            return
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", pad_edge=False, expand=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(plain(cell) for cell in row))
        self.out.print(table)

    @contextmanager
    def progress(self, text: str, *, total: int | None = None) -> Iterator[Steps]:
        """A bar on stderr that vanishes when done; without a terminal a line a stage after the first second."""
        if not sys.stderr.isatty():  # FORCE_COLOR wants pictures, not an animation in a log
            yield Steps(None, None, total)
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        counted = (BarColumn(), MofNCompleteColumn()) if total is not None else ()
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counted, TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True) as progress:
            yield Steps(progress, progress.add_task(plain(text), total=total), total)

    def over(self, items: Sequence[T], doing: str) -> Iterator[T]:
        """The items one after the other, with progress: "checking 3 of 12"."""
        with self.progress(doing, total=len(items)) as steps:
            for number, item in enumerate(items, 1):
                steps.step(f"{doing} {number} of {len(items)}")
                yield item
                steps.advance()


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_jsonable) + "\n")
    sys.stdout.flush()


def _jsonable(value: Any) -> Any:
    """Paths as text, arrays as lists, tuples of frozen data as they are; anything else is our fault."""
    import os

    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def print_error(outcome: Outcome, *, as_json: bool) -> None:
    """One line on stderr, or ``{"error": {...}}`` on stdout."""
    if as_json:
        print_json({"error": outcome.to_dict()})
    else:
        sys.stderr.write(f"mnemicon: {outcome.line}\n")
        sys.stderr.flush()
