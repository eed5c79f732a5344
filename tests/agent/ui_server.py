"""A page for the browser tests: the real thing, but that a drawing waits as long as HOME/wait exists.

Run:  python tests/agent/ui_server.py HOME [TOKEN]     prints its address
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent.parts import Parts, warm
from agent.settings import Settings
from agent.ui.server import Access, serve
from agent.ui.studio import Studio
from svggen.models import get_model


class Patient:
    """A model that waits."""

    def __init__(self, home: Path) -> None:
        self._model, self._flag = get_model("library"), home / "wait"
        self.name, self.revision = self._model.name, self._model.revision

    def generate(self, request: Any) -> Any:
        drafts = self._model.generate(request)
        while self._flag.exists():
            time.sleep(0.05)
        if (self._flag.parent / "fail").exists():
            raise OSError(28, "No space left on device", "drawings")
        return drafts

    async def agenerate(self, request: Any) -> Any:
        raise NotImplementedError


def main() -> None:
    home = Path(sys.argv[1])
    token = sys.argv[2] if len(sys.argv) > 2 else None
    studio = Studio(Parts(Settings(home)), user="ada", model=Patient(home), rounds=1)
    warm()
    serve(studio, Access(port=0, token=token), on_ready=lambda url: print(url, flush=True))
    os._exit(0)


if __name__ == "__main__":
    main()
