"""The pytest plugin: recorded drawings as tests, exact, without any model.

    def test_the_bell(replay):
        with replay("bundles/bell"):                     # beside the test file
            assert draw_my_bell().passed

    @pytest.mark.replay("bundles/bell", mode="live")     # the whole test; without a path: bundles/<name of the test>
    def test_what_memory_finds(): ...

    pytest --mnemicon-record                             # draws really, and records every bundle that is used anew

Contract. A replay fails where something is asked that was not recorded, where something that was recorded is not asked
for, and where another icon comes out (compared as drawings, not as text; a picture of the difference is written and
named). A bundle that no test names fails the run. Loading this imports pytest and nothing of ours: it is a module of
its own, so that a project with a package named ``agent`` is not disturbed; ``agent.replay`` is imported by the first
test that replays.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["replay"]

FOLDER = "bundles"
_folders = pytest.StashKey[set[Path]]()
_orphans = pytest.StashKey[list[Path]]()
_used = pytest.StashKey[set[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mnemicon", "recorded drawings (mnemicon)")
    group.addoption("--mnemicon-record", action="store_true", help="Draw really, and record the bundles anew.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "replay(path=None, mode='pinned'): the test is answered from a recorded bundle")
    config.stash[_folders], config.stash[_orphans], config.stash[_used] = set(), [], set()


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[Any]]:
    """``replay(path, mode="pinned", memory=None)``: a block that is answered from the bundle (path: from the folder of
    the test file), or with --mnemicon-record one that is recorded into it."""
    return _replaying(request.node)


def _replaying(item: pytest.Item) -> Callable[..., AbstractContextManager[Any]]:
    @contextmanager
    def block(path: str | Path, mode: str = "pinned", *, memory: Any = None) -> Iterator[Any]:
        import mnemicon

        mnemicon._unshadowed()
        from agent.replay import record, replaying

        target = item.path.parent / path
        item.config.stash[_used].add(target)
        if item.config.getoption("--mnemicon-record"):
            with record(target, replace=True, after_errors=False) as tape:
                yield tape
            return
        if not target.is_dir():
            pytest.fail(f"there is no bundle {target}: make it with pytest --mnemicon-record", pytrace=False)
        with replaying(target, mode, memory=memory, pictures=_pictures(item.config)) as tape:
            yield tape

    return block


def _pictures(config: pytest.Config) -> Path:
    """Where pictures of differences go: pytest's own temporary folder, which it keeps for three runs."""
    factory = getattr(config, "_tmp_path_factory", None)
    return Path(tempfile.gettempdir() if factory is None else factory.getbasetemp()) / "mnemicon"


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """The marker: the whole test is one replay."""
    marker = pyfuncitem.get_closest_marker("replay")
    if marker is None:
        return (yield)
    given = dict(marker.kwargs)
    path = marker.args[0] if marker.args else given.pop("path", None) or f"{FOLDER}/{_name(pyfuncitem)}"
    given.pop("path", None)
    with _replaying(pyfuncitem)(path, *marker.args[1:], **given):
        return (yield)


def _name(item: pytest.Function) -> str:
    """A file name: the test's, and of what it is given."""
    return re.sub(r"[^\w.-]+", "-", item.name).strip("-")


# ------------------------------------------------------------------------------------------------------------- orphans


def pytest_collection_finish(session: pytest.Session) -> None:
    folders = {item.path.parent for item in session.items}
    session.config.stash[_folders] = {folder for folder in folders if (folder / FOLDER).is_dir()}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run with a bundle that no test names has failed. Of many processes (xdist) the first one looks."""
    config = session.config
    if hasattr(config, "workerinput") and config.workerinput.get("workerid") != "gw0":
        return
    found = sorted(
        bundle for folder in config.stash[_folders] for bundle in _unnamed(folder) if bundle not in config.stash[_used]
    )
    if hasattr(config, "workeroutput"):
        config.workeroutput["mnemicon_orphans"] = [str(path) for path in found]
        return
    config.stash[_orphans] += found
    if config.stash[_orphans] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unnamed(folder: Path) -> Iterator[Path]:
    try:
        from agent.replay.orphans import unnamed
    except ImportError:  # a package of the host's named agent: then these are no bundles of ours
        return iter(())
    return iter(unnamed(folder, folder / FOLDER))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What a process of xdist has found."""
    found = getattr(node, "workeroutput", {}).get("mnemicon_orphans", ())
    node.config.stash[_orphans] += [Path(path) for path in found]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    orphans = config.stash[_orphans]
    if orphans:
        terminalreporter.section("bundles that no test names", red=True)
        for path in orphans:
            terminalreporter.line(f"{path}: replay it in a test, or remove it")
