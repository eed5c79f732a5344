"""The editor: an SvgModel that changes the icon that is there, and draws nothing new.

Contract. ``Editor.generate`` answers one draft: ``request.edit`` with ``request.edits`` (plain forms of
``agent.brief.Edit``) and the fields of ``request.style`` applied ("thicker" has become a width by then:
``wishes.relative_style``). What it cannot do (a part that it cannot find) it says in ``notes`` and leaves alone; its
confidence is then ``PARTLY``, so that a new drawing may win. It is deterministic; the seed is not used.
"""

from __future__ import annotations

import time

from svggen.errors import SvgGenError
from svggen.models.base import Draft, DrawRequest

REDRAWN = frozenset({"replace", "again", "detail"})
"""Edits that need a new drawing of changed words."""
UNSURE = frozenset({"add", "inside"})
"""Edits that the editor tries, beside a new drawing."""
APPLIED = frozenset({"flip", "rotate", "remove", *UNSURE})
"""Edits that reach the editor as such; the others have become style."""
PARTLY = 0.4


class Editor:
    """See the module."""

    name = "editor"
    revision = "1"

    def generate(self, request: DrawRequest) -> list[Draft]:
        start = time.perf_counter()
        if request.edit is None:
            return [Draft(None, self.name, self.revision, request.seed, 0.0, failure="unknown_subject")]
        from svggen.models.library.edits import edit

        try:
            done = edit(request)
        except SvgGenError as error:
            return [Draft(request.edit, self.name, self.revision, request.seed, PARTLY, notes=(str(error),))]
        changed = bool(done.steps)
        return [
            Draft(
                done.icon, self.name, self.revision, request.seed, 1.0 if changed else PARTLY, tuple(done.sources),
                tuple(done.steps), tuple(dict.fromkeys(done.notes)), seconds=time.perf_counter() - start,
            )
        ]  # fmt: skip

    async def agenerate(self, request: DrawRequest) -> list[Draft]:
        return self.generate(request)
