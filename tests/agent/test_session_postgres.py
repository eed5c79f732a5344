"""Sessions in a real Postgres (pgserver's, on a socket in a folder of its own)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_helpers import circle, draft

from agent.errors import SessionError
from agent.parts import Parts
from agent.session import Session, erase_sessions
from agent.settings import Settings
from memory.fake import FakeMemory
from svggen.models.fake import FakeSvgModel

pgserver = pytest.importorskip("pgserver")
pytest.importorskip("langgraph.checkpoint.postgres")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgres")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)  # as root the server runs as a user of its own
    try:
        server = pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"no Postgres can be started here: {error!s:.120}")
    yield server.get_uri()
    server.cleanup()


def test_a_session_is_kept_gone_on_with_and_erased(
    url: str, tmp_path: Path, memory: FakeMemory, model: FakeSvgModel
) -> None:
    def session(user: str = "ada") -> Session:
        return Session(
            "icons", user=user, parts=Parts(Settings(tmp_path / "home", checkpoints=url), memory), model=model, rounds=1
        )

    model.enqueue(draft(circle(9)))
    first = session().send("a ring")
    assert session().send("thicker")["turn"] == 2
    assert session().send("undo")["current"] == first["current"]
    assert session("eve").now() is None
    assert not list((tmp_path / "home").glob("users/*/checkpoints.sqlite"))
    session("eve").send("a ring")
    erase_sessions(session().parts, "ada")
    assert session().now() is None and session("eve").now() is not None


def test_a_database_that_is_not_there_is_told(tmp_path: Path, memory: FakeMemory, model: FakeSvgModel) -> None:
    nowhere = Settings(tmp_path / "home", checkpoints="postgresql://u:secret@/none?host=/nowhere")
    with pytest.raises(SessionError, match="database cannot be used") as caught:
        Session("icons", parts=Parts(nowhere, memory), model=model).send("a ring")
    assert "secret" not in str(caught.value)
