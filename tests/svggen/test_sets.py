"""Sets: faults that were put in are found, what is right is left alone, what cannot be mended is said."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from set_icons import drawn, moved, small_set
from set_icons import remembered as facts_of

from svggen.errors import RulesError
from svggen.geometry import fit_canvas
from svggen.icon import Circle, Icon, Look, Shape
from svggen.sets import Item, Rules
from svggen.sets.audit import Audit, audit
from svggen.sets.facts import Facts
from svggen.sets.fields import BY_ID, FIELDS, Among, Between, Near
from svggen.sets.gaps import gaps
from svggen.sets.learned import learned
from svggen.sets.lookalikes import look_alikes
from svggen.sets.named import named_styles
from svggen.sets.norm import LEAST, breaks, learn, looks
from svggen.sets.said import said
from svggen.sets.sheets import audit_sheet, pairs_sheet
from svggen.sets.unify import Unified, audited_again, unify
from svggen.sets.variants import kebab, variants
from svggen.style import StyleSpec

SET = small_set()
NAMES = list(SET)


@pytest.fixture(autouse=True)
def measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("audit", "unify"):
        monkeypatch.setattr(f"svggen.sets.{place}.facts_of", facts_of)


@pytest.fixture(scope="module")
def facts() -> list[Facts]:
    return facts_of(list(SET.values()))


def items(**changed: Icon | None) -> list[Item]:
    """The set; names with _ for - stand for other icons, None for a broken file."""
    given = {name.replace("_", "-"): icon for name, icon in changed.items()}
    assert set(given) <= set(SET)
    icons = {**SET, **given}
    return [Item(f"{name}.svg", icon, "" if icon else "not well-formed XML") for name, icon in icons.items()]


def looked(facts: list[Facts], rules: Rules | None = None, **changed: Icon | None) -> Audit:
    """An audit of the set with some icons changed; only these are measured anew."""
    all_items = items(**changed)
    fresh = iter(facts_of([icon for item in all_items if (icon := item.icon) and icon not in SET.values()]))
    known = [
        facts[i] if item.icon in SET.values() else next(fresh)
        for i, item in enumerate(all_items)
        if item.icon is not None
    ]
    return audit(all_items, rules, facts=known)


def found(result: Audit) -> dict[str, set[str]]:
    return {icon.file[:-4]: {finding.rule for finding in icon.findings} for icon in result.icons if icon.outlier}


def test_a_set_of_one_hand_holds_together(facts: list[Facts]) -> None:
    result = looked(facts)
    assert found(result) == {}
    assert result.holds
    assert result.style.stroke_width == pytest.approx(2.0)
    assert (result.style.mode, result.style.cap) == ("outline", "round")
    rules = result.groups[0].norm.rules
    assert rules["cap"] == Among(("round",)) and rules["colours"] == Among(("currentColor",))
    assert isinstance(rules["stroke_width"], Near) and isinstance(rules["size"], Between)


def solid(name: str) -> Icon:
    icon = SET[name]
    return Icon(icon.viewbox, tuple(replace(s, look=replace(s.look, fill="currentColor")) for s in icon.shapes))


@pytest.mark.parametrize(
    ("name", "faulty", "rule"),
    [
        ("clock", drawn("clock", 3.0), "stroke_width"),
        ("clock", moved(SET["clock"], 0.8), "stroke_width"),
        ("chart", drawn("chart", cap="square", join="miter"), "cap"),
        ("mail", drawn("mail", color="#e11d48"), "colours"),
        ("search", moved(SET["search"], dx=4), "cut_off"),
        ("plus", moved(SET["plus"], dy=3), "centre_y"),
        ("monitor", solid("monitor"), "mode"),
        ("window", Icon((0, 0, 24, 16), SET["window"].shapes), "canvas"),
        ("grid", moved(drawn("grid", 3.4), 0.6), "size"),
    ],
)
def test_a_fault_is_found_and_said(facts: list[Facts], name: str, faulty: Icon, rule: str) -> None:
    result = looked(facts, **{name: faulty})
    odd = found(result)
    assert set(odd) == {name} and rule in odd[name]
    finding = next(f for f in result.icons[NAMES.index(name)].findings if f.rule == rule)
    assert finding.kind == "outlier" and finding.repair and "{" not in finding.message + finding.repair
    told = finding.to_dict()
    assert told["value"] not in (None, told["set"])


def test_a_broken_file_is_a_finding(facts: list[Facts]) -> None:
    result = looked(facts, home=None)
    assert found(result) == {"home": {"broken-file"}}
    assert not result.holds and len(result.icons) == len(SET)
    at = NAMES.index("home")
    assert result.facts[at] is None and result.icons[at].findings[0].message == "not well-formed XML"


def test_the_answer_as_json(facts: list[Facts]) -> None:
    told = looked(facts, clock=drawn("clock", 3.0)).to_dict()
    assert list(told)[:3] == ["style", "icons", "look_alikes"]
    assert all({"file", "outlier", "findings"} <= set(icon) for icon in told["icons"])
    assert [icon["outlier"] for icon in told["icons"]].count(True) == 1
    assert told["holds_together"] is False


def test_owners_rules_go_before_what_is_measured(facts: list[Facts]) -> None:
    strict = Rules.from_dict({"stroke_width": {"value": 1.5, "within": 0.1}})
    assert len(found(looked(facts, strict))) > 20
    free = Rules.from_dict({"stroke_width": False, "look": False, "density": False, "ink": False})
    assert found(looked(facts, free, clock=drawn("clock", 3.0))) == {}
    ignoring = Rules.from_dict({"ignore": {"clock.*": "all", "mail.svg": ["colours"]}})
    odd = found(looked(facts, ignoring, clock=drawn("clock", 3.0), mail=drawn("mail", color="#e11d48")))
    assert "clock" not in odd and "colours" not in odd.get("mail", set())


def test_rules_learned_from_a_set_are_kept_by_it(facts: list[Facts]) -> None:
    rules = learned(looked(facts))
    table = rules.to_dict()
    assert table["cap"] == "round" and table["stroke_width"]["value"] == 2.0
    again = Rules.from_dict(table)
    assert again.to_dict() == table
    assert found(looked(facts, again)) == {}
    odd = looked(facts, again, clock=drawn("clock", 3.0))
    assert set(found(odd)) == {"clock"}
    baseline = learned(odd, again, baseline=True)
    assert found(looked(facts, Rules.from_dict(baseline.to_dict()), clock=drawn("clock", 3.0))) == {}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"stroke": 2}, "unknown rule 'stroke'"),
        ({"stroke_width": "thick"}, "audit.stroke_width is 'thick'"),
        ({"stroke_width": True}, "audit.stroke_width is True"),
        ({"stroke_width": {"value": float("nan")}}, "audit.stroke_width.value"),
        ({"stroke_width": {"value": 2, "within": -1}}, "0 or more"),
        ({"size": {"low": 9, "high": 3}}, "low 9 is above high 3"),
        ({"size": {}}, "neither low nor high"),
        ({"size": {"least": 3}}, "unknown key 'least'"),
        ({"cap": "pointed"}, "butt, round, square"),
        ({"cap": []}, "a list of words"),
        ({"must": ["centred"]}, "audit.must"),
        ({"look_alikes": "perhaps"}, "fail, tell, off"),
        ({"ignore": {"a": 3}}, "audit.ignore"),
        ({"variants": {"fill": 3}}, "audit.variants.fill must be a table"),
    ],
)
def test_rules_that_cannot_be_read(table: dict[str, object], says: str) -> None:
    with pytest.raises(RulesError, match=re.escape(says)):
        Rules.from_dict(table)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f.id for f in FIELDS] + ["must", "look_alikes", "ignore", "variants", "other"]),
        st.one_of(
            st.none(), st.booleans(), st.floats(), st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3),
            st.dictionaries(st.sampled_from(["value", "within", "low", "x"]), st.floats() | st.text(max_size=3)),
        ),
        max_size=4,
    )
)  # fmt: skip
def test_any_table_is_read_or_refused_in_one_line(table: dict[str, object]) -> None:
    try:
        rules = Rules.from_dict(table)
    except RulesError as error:
        assert "\n" not in str(error)
    else:
        assert Rules.from_dict(rules.to_dict()).to_dict() == rules.to_dict()


def test_few_icons_have_no_norm_and_every_field_speaks(facts: list[Facts]) -> None:
    assert learn(facts[: LEAST - 1]).rules == {}
    assert audit([]).holds and audit([]).to_dict()["style"] == {}
    lone = audit(items()[:1], facts=facts[:1])
    assert lone.holds and lone.style.mode == "outline"
    norm = learn(facts)
    for each in breaks(facts_of([moved(drawn("clock", 3.3, "square", "miter", "#e11d48"), 0.5, 5, 5)])[0], norm, 0.9):
        words = said(each)
        assert words.message and words.repair and BY_ID[each.field].id == each.field


def test_two_odd_ones_of_ten_are_still_odd(facts: list[Facts]) -> None:
    thick = facts_of([drawn("clock", 3.0), drawn("mail", 3.0)])
    norm = learn([*facts[:8], *thick])
    assert isinstance(norm.rules["stroke_width"], Near)
    assert all("stroke_width" in {b.field for b in breaks(f, norm)} for f in thick)


def test_what_a_set_allows_itself_is_no_fault(facts: list[Facts]) -> None:
    widths = (1.2, 2.6, 1.4, 2.9, 1.6, 2.4)
    loose = [*facts, *facts_of([drawn(name, w) for name, w in zip(NAMES[-6:], widths, strict=True)])]
    rule = learn(loose).rules["stroke_width"]
    assert isinstance(rule, Near) and rule.within > 0.5


def test_a_stranger_looks_strange(facts: list[Facts]) -> None:
    blob = Icon((0, 0, 24, 24), (Shape(Circle(12, 12, 11), Look(fill="currentColor")),))
    strange = looks([*facts, *facts_of([blob])])
    assert strange[-1] > strange[:-1].max()
    assert looks([]).shape == (0,) and looks(facts[:1]).tolist() == [0.0]


def test_look_alikes() -> None:
    near = moved(drawn("clock", 2.1), 0.99, 0.6, 0.4)
    some = [SET["clock"], SET["mail"], near, SET["chart"], SET["home"]]
    pairs = look_alikes(facts_of(some))
    assert [(p.a, p.b) for p in pairs] == [(0, 2)]
    assert 0 <= pairs[0].difference < 0.25 and not pairs[0].same
    assert look_alikes(facts_of([SET["clock"], SET["clock"]]))[0].same
    assert look_alikes([]) == []


def test_look_alikes_count_where_the_owner_says_so(facts: list[Facts]) -> None:
    copy = moved(SET["clock"], dx=0.5)
    assert looked(facts, user=copy).holds  # told, and no fault
    strict = Rules.from_dict({"look_alikes": "fail"})
    result = looked(facts, strict, user=copy)
    assert [{pair.a, pair.b} for pair in result.alike] == [{"clock.svg", "user.svg"}] and not result.holds
    assert looked(facts, Rules.from_dict({"look_alikes": "off"}), user=copy).alike == ()
    ignoring = Rules.from_dict({"look_alikes": "fail", "ignore": {"user.svg": ["look-alike"]}})
    assert looked(facts, ignoring, user=copy).holds


def test_twins_have_a_norm_of_their_own(facts: list[Facts]) -> None:
    closed = [name for name in NAMES if name not in ("plus", "check", "menu", "arrow-up", "arrow-down", "chart")][:14]
    filled = {f"{name}-filled": solid(name) for name in closed}
    all_items = [*items(), *(Item(f"{name}.svg", icon) for name, icon in filled.items())]
    result = audit(all_items, facts=[*facts, *facts_of(list(filled.values()))])
    assert [group.name for group in result.groups] == ["", "filled"]
    assert not any("mode" in rules for rules in found(result).values())
    assert not any({p.a, p.b} == {"clock.svg", "clock-filled.svg"} for p in result.alike)
    rules = learned(result)
    assert set(rules.norms) == {"", "filled"}


def test_names_and_variants() -> None:
    assert kebab("ArrowUp_2") == "arrow-up-2" and kebab("!") == ""
    told = variants([f"icon{i}-fill" for i in range(8)] + ["sun-light", "24/outline/Bell", "bell.svg"])
    assert told[0] == ("icon0", "fill")
    assert told[-3:] == [("sun-light", ""), ("bell", "24-outline"), ("bell", "")]


def test_sheets_mark_the_outliers(facts: list[Facts]) -> None:
    from PIL import Image

    changed = {"clock": drawn("clock", 3.0), "home": None}
    png = audit_sheet(looked(facts, **changed), items(**changed), "27 icons")
    assert png is not None
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    red = (picture[..., 0] > 180) & (picture[..., 1] < 80) & (picture[..., 2] < 80)
    columns = np.flatnonzero(red.any(axis=0))
    assert red.sum() > 100 and columns.max() - columns.min() < 120  # one frame, the first tile's
    assert pairs_sheet([], "none") is None
    pair = pairs_sheet([(SET["clock"], "clock", drawn("clock", 3.0), "changed", "#dc2626")], "before, after")
    assert pair is not None and pair.startswith(b"\x89PNG")


def statuses(done: list[Unified]) -> dict[str, str]:
    return {each.file[:-4]: each.status for each in done if each.status != "kept"}


def test_unify_mends_what_can_be_mended(facts: list[Facts]) -> None:
    changed: dict[str, Icon | None] = {
        "clock": drawn("clock", 3.0),
        "chart": drawn("chart", cap="square", join="miter"),
        "mail": drawn("mail", color="#e11d48"),
        "search": moved(SET["search"], dx=4),
        "monitor": fit_canvas(SET["monitor"], 48),
        "home": None,
    }
    before = looked(facts, **changed)
    mixed = items(**changed)
    done = unify(mixed, before)
    assert statuses(done) == {
        "clock": "changed", "chart": "changed", "mail": "changed", "search": "changed", "monitor": "changed",
        "home": "broken",
    }  # fmt: skip
    assert all(each.icon is item.icon for each, item in zip(done, mixed, strict=True) if each.status == "kept")
    assert any("stroke 3 -> 2" in step for step in done[NAMES.index("clock")].steps)
    monitor = done[NAMES.index("monitor")].icon
    assert monitor is not None and monitor.viewbox == (0, 0, 24, 24)
    after = audited_again(before, mixed, done, Rules())
    assert not set(found(after)) & {"clock", "chart", "mail", "search", "monitor"}
    assert found(after)["home"] == {"broken-file"} and len(found(after)) <= 2


def test_unify_to_a_given_style_says_what_it_could_not(facts: list[Facts]) -> None:
    some = items()[:9]
    before = audit(some, facts=facts[:9])
    done = unify(some, before, StyleSpec(stroke_width=1.5, cap="butt", join="miter", palette=("#0d9488",)))
    assert {each.status for each in done} <= {"changed", "partly", "left"}
    assert sum(each.status == "changed" for each in done) > 6
    assert all(each.steps or each.refused for each in done)
    filled = unify(some, before, StyleSpec(mode="filled"))
    assert all(each.status == "kept" for each in filled)  # lines may stand in a filled set
    tinted = unify(some[:3], audit(some[:3], facts=facts[:3]), StyleSpec(mode="color", palette=("#0d9488", "#f59e0b")))
    assert all(each.status != "kept" and (each.steps or each.refused) for each in tinted)


def test_named_styles_are_those_of_sets() -> None:
    known = named_styles()
    assert len(known) > 100
    assert known["lucide"].stroke_width == pytest.approx(2, abs=0.05) and known["lucide"].cap == "round"
    assert known["ph-duotone"].mode == "duotone" and known["tabler-filled"].mode == "filled"
    assert all(style.padding is None and style.grid is None for style in known.values())


def test_gaps() -> None:
    missing = {gap.name: gap for gap in gaps(["plus.svg", "arrow-up.svg", "x/circle-plus.svg", "lock", "bell-off"])}
    assert {"minus", "arrow-down", "circle-minus", "lock-open", "bell"} <= set(missing)
    assert missing["arrow-down"].of == "arrow-up" and missing["arrow-down"].prompt == "arrow down"
    assert missing["circle-minus"].pair == ("plus", "minus") and missing["circle-minus"].sets > 20
    assert gaps(["plus", "minus", "arrow-up", "arrow-down", "lock", "lock-open"]) == []
    assert gaps([]) == [] and gaps(["!"]) == []


def test_gaps_leave_alone_what_needs_no_companion() -> None:
    alone = ["google-plus", "letter-x", "sort-up-down", "dots", "dots-vertical"]
    assert not {"google-minus", "letter-check", "sort-down-down", "sort-up-up", "dots-horizontal"} & {
        gap.name for gap in gaps(alone)
    }


def test_gaps_of_twins() -> None:
    names = [f"icon{i}" for i in range(20)] + [f"icon{i}-filled" for i in range(15)]
    twins = [gap for gap in gaps(names) if gap.kind == "twin"]
    assert {gap.name for gap in twins} == {f"icon{i}-filled" for i in range(15, 20)}
    assert twins[0].prompt.startswith("filled icon") and twins[0].of == twins[0].name.removesuffix("-filled")


def test_a_set_that_never_pairs_two_words_is_not_told_to() -> None:
    names = [f"{thing}-plus" for thing in ("cart", "file", "user", "home", "map", "note", "car", "sun", "star", "tag")]
    assert not [gap for gap in gaps(names) if gap.pair == ("plus", "minus")]


@pytest.mark.slow
def test_real_sets_hold_together_and_strangers_do_not() -> None:
    """150 icons of Lucide as they ship: few are flagged; icons of other sets put among them nearly all are."""
    from memory.library import open_library

    library = open_library()
    wanted = {"lucide": 150, "hugeicons": 10}
    icons: dict[str, list[Icon]] = {name: [] for name in wanted}
    for index in range(0, len(library), 7):
        name = library.set_of(index)["id"]
        if len(icons.get(name, ())) < wanted.get(name, 0):
            icons[name].append(library.icon(index))
    assert {name: len(some) for name, some in icons.items()} == wanted
    clean = [Item(f"{i}.svg", icon) for i, icon in enumerate(icons["lucide"])]
    result = audit(clean)
    assert len(found(result)) < 0.05 * len(clean)
    odd = [Item(f"odd{i}.svg", icon) for i, icon in enumerate(icons["hugeicons"])]
    mixed = audit([*clean, *odd])
    assert sum(icon.outlier for icon in mixed.icons[150:]) >= 0.9 * len(odd)


def test_importing_sets_is_light() -> None:
    import subprocess
    import sys

    code = "import sys, svggen.sets.gaps, svggen.sets.rules, svggen.sets.named; print('numpy' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "False"
