"""What the eye sees in the user's own icons reaches the model that draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from agent_helpers import NOW, circle, clock_face

from memory.eye import FakeEye
from memory.fake import FakeMemory
from memory.records import Exemplar, Tenant
from svggen.icon import icon_id
from svggen.models.fake import FakeSvgModel

Run = Callable[..., dict[str, Any]]


def test_the_own_icons_look_goes_into_the_request_unless_another_is_wished(
    run: Run, memory: FakeMemory, model: FakeSvgModel
) -> None:
    icons = [circle(8), clock_face()]
    run("a ring")
    memory.add_exemplars(
        Tenant("default"),
        [Exemplar(icon_id(i), f"own {n}", i, (), "library add", "own", NOW.isoformat()) for n, i in enumerate(icons)],
    )
    run("a ring", rounds=1)
    run("a ring", rounds=1, style={"mode": "filled"})
    assert model.history[0].set_style is None
    (plain,) = {r.set_style for r in model.history if r.set_style is not None}
    assert plain == pytest.approx(FakeEye().see(icons)[1].mean(0), abs=1e-6)
    assert model.history[-1].set_style is None
    assert model.history[-1].set_vector is not None
