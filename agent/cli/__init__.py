"""The command line: ``mnemicon draw "a rounded coffee cup"``.

Contract. ``main(argv) -> int`` runs one command and returns its exit code: 0 done, 1 no acceptable icon, 2 bad input,
130 interrupted. Every error is one line on stderr that says what is wrong, where, and what to do; with ``--json`` it is
``{"error": {...}}`` on stdout and the exit code is the same. Heavy imports are inside the commands: ``--help`` and
``--version`` load neither numpy nor any store. One file a command group; ``files.py`` writes, ``output.py`` prints,
``errors.py`` explains.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from agent.cli import (
    answer,
    audit,
    chat,
    check,
    corpus,
    describe,
    doctor,
    draw,
    export,
    gaps,
    library,
    mcp,
    memory,
    models,
    replay,
    series,
    serve,
    tokens,
    trace,
    train,
    ui,
    unify,
)
from agent.cli.errors import CLOSED_PIPE, DONE, INTERRUPTED, debugging, explain
from agent.cli.output import print_error

__all__ = ["app", "main"]

app = typer.Typer(
    name="mnemicon",
    help="Draws SVG icons that belong to your set, because it remembers your style and every icon you accepted.",
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("mnemicon")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"mnemicon {number}")
        raise typer.Exit(DONE)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(DONE)


draw.register(app)
series.register(app)
chat.register(app)
answer.register(app)
replay.register(app)
memory.register(app)
check.register(app)
audit.register(app)
unify.register(app)
gaps.register(app)
export.register(app)
trace.register(app)
tokens.register(app)
describe.register(app)
library.register(app)
corpus.register(app)
train.register(app)
serve.register(app)
mcp.register(app)
ui.register(app)
models.register(app)
doctor.register(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code and never raises. Without ``argv`` it is the program: it takes the words
    of the command line and ends the process."""
    if argv is not None:
        return _run(list(argv))
    return _leave(_run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends the process without waiting for threads: one that still loads weights when the interpreter is torn down
    under it aborts in native code."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments  # not those of a recorded command
    as_json = "--json" in own
    os.environ.setdefault("OMP_NUM_THREADS", "2")  # one small matrix at a time: more threads only cost their start
    try:
        code = app(args=arguments, prog_name="mnemicon", standalone_mode=False)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone ("| head"): nothing more can be said on it, not even at exit. Typer and Rich
        # make a SystemExit of it, and of nothing else in this mode.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except (Exception, KeyboardInterrupt) as error:  # the one place where everything ends as a line and a code
        if debugging():
            import traceback

            traceback.print_exc()
        outcome = explain(error)
        print_error(outcome, as_json=as_json)
        return outcome.code
