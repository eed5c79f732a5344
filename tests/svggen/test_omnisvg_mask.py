"""The grammar of OmniSVG's ids as a mask: whatever the logits, what is drawn can be read whole, and ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from svggen.errors import ModelError
from svggen.tokens.omnisvg import SIDE, VARIANTS, Layout, decode, layout, read, to_text
from svggen.tokens.omnisvg_grammar import FORCED, SHORTEST, STATES, TABLE, cost, kinds

slow = pytest.mark.slow


def point(word: str) -> tuple[int, int]:
    x, y = word.removeprefix("(").removesuffix(")").split(",")
    return int(x), int(y)


def strictly(ids: Sequence[int], form: Layout) -> int:
    """Reads a whole drawing by the rules of the facts alone, and gives the number of its paths; AssertionError at the
    first id that is out of place."""
    names = to_text(ids, form.name)
    white = form.eos if form.eos < form.paint + 4098 else None
    at, paths = int(ids[0] == form.bos), 0
    scalar = "(" if form.scalars is None else "arc:"
    while at < len(ids):
        pen, subs = None, 0
        while not (names[at].startswith("fill:") or ids[at] == white):
            assert names[at] == "M"
            was, start = point(names[at + 1]), point(names[at + 2])
            assert was == (start if pen is None else pen)
            if form.scalars is None and pen is not None:
                assert was != start
            pen, at, drawn, bent = start, at + 3, 0, False
            while names[at] in ("L", "C", "A"):
                op, want = names[at], {"L": 1, "C": 3, "A": 5}[names[at]]
                given = names[at + 1 : at + 1 + want]
                assert len(given) == want
                if op == "A":
                    rx, ry = point(given[0])
                    assert rx > 0 and ry > 0 and all(g.startswith(scalar) for g in given[1:4])
                    flags = [point(g)[0] if form.scalars is None else int(g[4:]) for g in given[2:4]]
                    assert set(flags) <= {0, 1}
                    given = given[4:]
                ends = [point(g) for g in given]
                assert any(end != pen for end in ends)
                pen, at, drawn, bent = ends[-1], at + 1 + want, drawn + 1, bent or op != "L"
            assert drawn > 1 or bent
            if names[at] == "Z":
                assert point(names[at + 1]) == start
                pen, at = start, at + 2
            subs += 1
        assert subs
        at, paths = at + 1, paths + 1
    return paths


def test_every_state_can_reach_the_end_and_no_kind_is_in_doubt() -> None:
    assert all(after in TABLE for follows in TABLE.values() for after in follows.values())
    assert cost()["done"] == 0 and max(cost().values()) < 12 <= SHORTEST < 14
    for form in VARIANTS.values():
        ids = kinds(form)
        for state, follows in TABLE.items():
            spans = sorted((s.start, s.stop) for kind in follows for s in ids[kind])
            assert all(a[1] <= b[0] for a, b in pairwise(spans)), state
            assert spans[-1][1] <= form.rows
    assert set(FORCED) < set(STATES)


def drawn(variant: str, rows: int, budget: int, seed: int, favour: Any = None) -> list[list[int]]:
    """Ids of each row under the mask, the likeliest by random logits; EOS left out."""
    import torch

    from svggen.models.omnisvg.mask import grammar_mask

    form = layout(variant)
    mask = grammar_mask(variant, budget)
    random = torch.Generator().manual_seed(seed)
    ids = torch.full((rows, 3), 7)
    noise = 3 * torch.randn(form.rows + 50_000, generator=random)
    for _ in range(budget):
        begin = torch.randint(50_000, (rows,), generator=random).tolist()
        scores = torch.stack([noise[b : b + form.rows] for b in begin])
        if favour is not None:
            favour(scores, ids)
        seen = mask(ids, scores)
        assert not seen.isnan().any() and (seen > float("-inf")).any(1).all()
        ids = torch.cat([ids, seen.argmax(-1, keepdim=True)], 1)
    out = []
    for row in ids[:, 3:].tolist():
        white = form.eos < form.paint + 4098
        ends = [n for n, i in enumerate(row) if i == form.eos and (not white or (n and row[n - 1] >= form.paint))]
        assert ends, "a drawing ends within its budget"
        assert all(n == form.pad for n in row[ends[0] + 1 :])
        out.append(row[: ends[0]])
    return out


def commands(form: Layout, weight: float) -> Any:
    """Logits in favour of commands and colours, which random ones hit once in forty thousand."""

    def favour(scores: Any, _: Any) -> None:
        scores[:, form.base + 3 : form.base + 8] += weight
        scores[:, form.paint : form.paint + 4098] += weight / 3

    return favour


@slow
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("budget", "seed"), [(SHORTEST, 0), (SHORTEST + 1, 1), (24, 2), (100, 3)])
def test_random_logits_give_drawings_that_are_read_whole(variant: str, budget: int, seed: int) -> None:
    form = layout(variant)
    for row in drawn(variant, 3, budget, seed, commands(form, 8.0)):
        assert len(row) < budget
        paths = strictly(row, form)
        found = read(row, variant)
        assert 1 <= len(found) <= paths  # a path that repeats the one before is not drawn twice
        assert all(path.segments for path, _ in found)
        assert decode(row, variant).shapes
        # nothing is passed over, nothing is made up: EOS, PAD and what follows change nothing
        assert read([*row, form.eos, form.pad], variant) == found


@slow
def test_rows_are_independent() -> None:
    """A row draws the same beside others: the mask holds nothing across rows."""
    import torch

    from svggen.models.omnisvg.mask import grammar_mask

    form = layout("omnisvg-4b")
    random = torch.Generator().manual_seed(5)
    together, alone = grammar_mask(form.name, 40), [grammar_mask(form.name, 40) for _ in range(3)]
    ids = torch.zeros(3, 1, dtype=torch.long)
    noise = 3 * torch.randn(3, form.rows, generator=random)
    for step in range(40):
        scores = noise.roll(7919 * step, 1)
        commands(form, 9.0)(scores, ids)
        seen = together(ids, scores)
        for row, mask in enumerate(alone):
            assert torch.equal(mask(ids[row : row + 1], scores[row : row + 1])[0], seen[row])
        ids = torch.cat([ids, seen.argmax(-1, keepdim=True)], 1)


@slow
def test_lines_of_no_length_cannot_be_drawn_however_much_they_are_wanted() -> None:
    form = layout("omnisvg-8b")

    def favour(scores: Any, ids: Any) -> None:
        commands(form, 20.0)(scores, ids)
        for row, last in enumerate(ids[:, -2:].tolist()):
            for one in last:
                scores[row, one] += 40.0

    for row in drawn(form.name, 4, 120, 6, favour):
        strictly(row, form)


@slow
def test_white_and_the_end_of_the_first_release_are_told_apart() -> None:
    form = layout("omnisvg-3b")

    def favour(scores: Any, ids: Any) -> None:
        commands(form, 9.0)(scores, ids)
        scores[:, form.eos] += 60.0

    (row,) = drawn(form.name, 1, 60, 7, favour)
    assert row[-1] == form.eos  # white, then the end
    assert [colour for _, colour in read(row, form.name)] == ["#ffffff"]


@slow
def test_a_mask_says_what_does_not_fit() -> None:
    import torch

    from svggen.models.omnisvg.mask import grammar_mask

    with pytest.raises(ModelError, match="too few"):
        grammar_mask("omnisvg-8b", SHORTEST - 1)
    with pytest.raises(ModelError, match=r"scores 196042 ids.*197000"):
        grammar_mask("omnisvg-8b", 64)(torch.zeros(1, 3, dtype=torch.long), torch.zeros(1, 196042))


def test_points_lie_on_the_canvas() -> None:
    for form in VARIANTS.values():
        (points,) = kinds(form)["point"]
        assert len(points) == SIDE * SIDE and form.point(SIDE - 1, SIDE - 1) == points[-1]
