"""`fit`: what is written, what is carried over, what is stale, and that nothing is lost on the way."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator

from segdsl.diagnostics import SourceText
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.plugin import FieldName, FitCall, Fitted, Refused, Segmenter
from segdsl.runs.fitted_lock import SCHEMA
from segdsl.workflows.explain import Question, explain
from segdsl.workflows.fit import FitRequest, Fitting, fit
from segdsl.workflows.fitted.labels import Fate
from segdsl.workflows.fitted.staleness import State
from segdsl.workflows.loading import load
from segdsl.workflows.run import Finished, Request, run
from segdsl.workflows.test import run_tests
from tests.workflows.inline_plugins import inline

SPEC = """\
param as_of : date = 2026-06-30
param floor : money(USD) = $0

source accounts from "accounts.csv" {
  id    : text key
  seats : count
  mrr   : money(USD)
  since : date
}

derive accounts { yearly = mrr * 12 }

population customers "Who pays" from accounts {
  keep "pays" when mrr > floor
}

segmentation sizes "By size" for customers using split { of: seats }

segmentation worth "By worth" for customers using split { of: yearly }

segmentation groups for customers using centres { of: seats }

audience large from customers { where sizes == "high" }
"""
SEATS = (3, 5, 8, 9, 40, 60, 80, 90)
OPTIONS = {
    "type": "object",
    "properties": {
        "of": {"type": "string", "format": "field"},
        "cuts": {"type": "array", "items": {"type": "integer"}},
    },
}


def rows(seats: tuple[int, ...] = SEATS) -> str:
    lines = (f"a{n},{one},{one * 10},2020-01-0{1 + n % 9}" for n, one in enumerate(seats))
    return "id,seats,mrr,since\n" + "\n".join(lines) + "\n"


def split(call: FitCall) -> Fitted:
    """Two halves around the middle value."""
    of = call.options["of"]
    assert isinstance(of, FieldName)
    values = sorted(call.fields[of.name].to_pylist())
    middle = values[len(values) // 2]
    cut = f"${middle}" if of.name == "yearly" else f"{middle}"
    return Fitted(
        f'segment high "High" when {of.name} >= {cut}\nsegment low "Low" otherwise',
        notes=(f"the cut is at {cut}", f"high: {sum(one >= middle for one in values)} rows"),
    )


def centres(call: FitCall) -> Fitted:
    return Fitted("measure seats scale 10\nsegment small at seats 10\nsegment big at seats 70", nearest=True)


SPLIT, CENTRES = Segmenter("split", "Halves", split, OPTIONS), Segmenter("centres", "Centres", centres, OPTIONS)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(rows())
    (tmp_path / "spec.seg").write_text(SPEC)
    return tmp_path / "spec.seg"


def fitted(spec: Path, *plugins: Segmenter, **more: Any) -> Fitting:
    return fit(FitRequest(spec, plugins=inline(*(plugins or (SPLIT, CENTRES))), **more))


def good(spec: Path, *plugins: Segmenter, **more: Any) -> Fitting:
    done = fitted(spec, *plugins, **more)
    assert [(one.message, one.notes) for one in done.diagnostics if one.is_error] == []
    assert done.file is not None
    return done


def ran(spec: Path, *plugins: Segmenter, **more: Any) -> Finished:
    return run(Request(spec, plugins=inline(*(plugins or (SPLIT, CENTRES))), write=False, **more))


def members(finished: Finished, scheme: str) -> list[Any]:
    assert finished.tables is not None
    found: list[Any] = finished.tables.members[scheme].column("segment").to_pylist()
    return found


def text_of(spec: Path) -> str:
    return (spec.parent / "spec.fitted.seg").read_text()


def lock_of(spec: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((spec.parent / "spec.fitted.lock").read_text())
    return found


def edit(spec: Path, *changes: tuple[str, str]) -> None:
    text = text_of(spec)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (spec.parent / "spec.fitted.seg").write_text(text)


def states(done: Fitting) -> dict[str, State]:
    return {one.scheme: one.state for one in done.judged}


# ---- what is written


def test_the_text_is_formatted_and_says_what_was_learned_from_what(spec: Path) -> None:
    good(spec)
    text = text_of(spec)
    tree, _ = parse(SourceText("", text))
    assert format_tree(tree, text) == text
    assert "# Learned by split (ours 1.0) from 8 rows of `customers`; clock 2026-06-30; data accounts.csv" in text
    assert "# Parameters: floor 0 USD" in text
    assert "# - the cut is at 40" in text
    assert "segmentation sizes for customers {" in text
    assert "segmentation groups for customers nearest {" in text
    assert "By size" not in text


def test_the_lock_is_as_its_schema_says(spec: Path) -> None:
    good(spec)
    lock = lock_of(spec)
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(lock)) == []
    sizes = lock["segmentations"]["sizes"]
    assert sizes["plugin"] == {"name": "split", "package": "ours", "version": "1.0"}
    assert sizes["options"] == {"of": "seats"}
    assert (sizes["rows"], sizes["parameters"]) == (8, {"floor": "0 USD"})
    assert sizes["declarations"].keys() == {"population customers", "segmentation sizes", "source accounts"}
    assert "field accounts.yearly" in lock["segmentations"]["worth"]["declarations"]
    assert [(one["by"], one["file"]) for one in sizes["inputs"]] == [("accounts", "accounts.csv")]
    assert list(lock["segmentations"]) == ["sizes", "worth", "groups"]


def test_a_second_fit_writes_the_same_bytes(spec: Path) -> None:
    good(spec)
    before = [(spec.parent / name).read_bytes() for name in ("spec.fitted.seg", "spec.fitted.lock")]
    done = good(spec)
    assert [(spec.parent / name).read_bytes() for name in ("spec.fitted.seg", "spec.fitted.lock")] == before
    assert {segment.fate for one in done.schemes for segment in one.labelled.segments} == {Fate.KEPT}


def test_a_run_by_the_text_alone_has_the_same_members(spec: Path) -> None:
    before = ran(spec)
    good(spec)
    # Neither plugin is there any more.
    after = run(Request(spec, write=False))
    assert after.diagnostics == ()
    for scheme in ("sizes", "worth", "groups"):
        assert members(after, scheme) == members(before, scheme)
    assert before.manifest is not None and after.manifest is not None
    assert before.manifest["learned"] == dict.fromkeys(("sizes", "worth", "groups"), "run")
    assert after.manifest["learned"] == dict.fromkeys(("sizes", "worth", "groups"), "fitted")
    assert before.manifest["fitted"] is None
    assert after.manifest["fitted"]["file"] == "spec.fitted.seg"


def test_a_run_never_writes_the_fitted_file(spec: Path) -> None:
    ran(spec)
    assert sorted(one.name for one in spec.parent.iterdir()) == ["accounts.csv", "spec.seg"]


# ---- choosing


def test_only_some_are_fitted_and_the_rest_stands_as_it_stood(spec: Path) -> None:
    good(spec)
    edit(
        spec,
        ("# - the cut is at $4800", "# my own comment"),
        ('segment high "High" when yearly', "segment best when yearly"),
    )
    before = lock_of(spec)["segmentations"]["worth"]
    (spec.parent / "accounts.csv").write_text(rows((3, 5, 8, 9, 20, 60, 80, 90)))
    done = good(spec, only=("sizes",))
    assert [one.name for one in done.schemes] == ["sizes"]
    assert "# my own comment" in text_of(spec)
    assert "segment best       when yearly >= $4800" in text_of(spec)
    assert "seats >= 20" in text_of(spec)
    assert text_of(spec).count("# Segments that plugins found") == 1
    assert lock_of(spec)["segmentations"]["worth"] == before
    assert states(fitted(spec, check=True)) == {
        "sizes": State.FRESH,
        "worth": State.STALE,
        "groups": State.STALE,
    }


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_people_write_around_a_segmentation_that_stays_is_kept(spec: Path, end: str) -> None:
    good(spec)
    text = text_of(spec)
    head, _, rest = text.partition("\n\n")
    first, brace, others = rest.partition("\n}\n")
    text = f"{head}\n{first}\n\n  # inside{brace[:-1]} # behind\n{others}# at the end\n"
    (spec.parent / "spec.fitted.seg").write_bytes(text.replace("\n", end).encode())
    good(spec, only=("worth",))
    after = text_of(spec)
    assert after.count("# Segments that plugins found") == 1
    for comment in ("  # inside\n", "}  # behind\n", "# at the end\n", "# - the cut is at 40\n"):
        assert comment in after
    assert list(load(spec).bodies) == ["sizes", "worth", "groups"]
    good(spec, only=("worth",))
    assert text_of(spec) == after


def test_what_is_not_fitted_is_found_in_the_run(spec: Path) -> None:
    good(spec, only=("sizes",))
    finished = ran(spec)
    assert finished.manifest is not None
    assert finished.manifest["learned"] == {"sizes": "fitted", "worth": "run", "groups": "run"}
    assert members(finished, "worth") == ["low"] * 4 + ["high"] * 4


@pytest.mark.parametrize("name", ["sises", "large", "accounts"])
def test_a_name_that_no_plugin_finds_is_refused(spec: Path, name: str) -> None:
    done = fitted(spec, only=(name,))
    assert [one.code for one in done.diagnostics] == ["SEG506"]
    assert done.file is None


def test_a_spec_without_such_segmentations_has_nothing_to_fit(spec: Path) -> None:
    spec.write_text(SPEC[: SPEC.index("segmentation")])
    assert [one.code for one in fitted(spec).diagnostics] == ["SEG703"]


def test_segments_that_others_build_on_are_fitted_with_them(spec: Path) -> None:
    more = "segmentation nested for customers using by_size { of: sizes }"
    spec.write_text(f"{SPEC}\n{more}\n")

    def by_size(call: FitCall) -> Fitted:
        assert set(call.fields["sizes"].to_pylist()) == {"stars", "low"}
        return Fitted('segment top when sizes == "stars"\nsegment rest otherwise')

    plugins = SPLIT, CENTRES, Segmenter("by_size", "By size", by_size, OPTIONS)
    spec.write_text(spec.read_text().replace('"high"', '"stars"'))
    (spec.parent / "spec.fitted.seg").write_text(
        "segmentation sizes for customers { segment stars when seats >= 40  segment low otherwise }"
    )
    done = good(spec, *plugins, only=("nested",))
    assert [one.name for one in done.schemes] == ["nested"]
    assert good(spec, *plugins).file is not None
    assert lock_of(spec)["segmentations"]["nested"]["segmentations"].keys() == {"sizes"}
    (spec.parent / "spec.fitted.seg").unlink()
    spec.write_text(spec.read_text().replace('"stars"', '"high"'))
    free = Segmenter("by_size", "By size", lambda call: Fitted("segment all otherwise"), OPTIONS)
    done = good(spec, SPLIT, CENTRES, free, only=("nested",))
    assert [one.name for one in done.schemes] == ["sizes", "nested"]


def test_personal_data_are_not_written_into_a_text_that_is_kept(spec: Path) -> None:
    source = 'source accounts from "accounts.csv" {'
    spec.write_text(
        SPEC.replace(source, f"{source}\n  mail : category pii from id").replace("of: seats", "of: mail", 1)
    )
    done = fitted(spec)
    assert [(one.code, one.labels != ()) for one in done.diagnostics] == [("SEG208", True)]
    assert done.file is None


# ---- labels


def test_names_titles_and_texts_are_carried_over(spec: Path) -> None:
    good(spec)
    spec.write_text(SPEC.replace('"high"', '"stars"'))
    edit(
        spec,
        (
            'segment high "High" when seats >= 40',
            'segment stars "Our stars" when seats >= 40 {\n  persona: "A lead" # ask Ann\n  owner: "Bo"\n'
            '  message awareness: "Hello" via "email"\n  segment old when since < 2020-01-05\n'
            "  segment new otherwise\n}",
        ),
    )
    (spec.parent / "accounts.csv").write_text(rows((3, 5, 8, 9, 30, 60, 80, 90)))
    done = good(spec)
    sizes = done.schemes[0].labelled
    assert [(one.name, one.found_as, one.fate) for one in sizes.segments] == [
        ("stars", "high", Fate.KEPT),
        ("low", "low", Fate.KEPT),
    ]
    text = text_of(spec)
    assert 'segment stars "Our stars" when seats >= 30 {' in text
    for kept in ('persona: "A lead" # ask Ann', "owner:", 'message awareness: "Hello" via "email"', "segment old"):
        assert kept in " ".join(text.split()) or kept in text
    assert "# - stars: 4 rows" in text
    assert members(ran(spec), "sizes") == ["low"] * 4 + ["stars"] * 4


def test_line_ends_of_another_system_are_no_hindrance(spec: Path) -> None:
    good(spec, only=("sizes",))
    spec.write_text(SPEC.replace('"high"', '"stars"'))
    edit(spec, ('segment high "High" when seats >= 40', 'segment stars when seats >= 40 {\n  owner: "Bo" # Ann?\n}'))
    place = spec.parent / "spec.fitted.seg"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    good(spec)
    assert b"\r" not in place.read_bytes()
    assert '    owner: "Bo"  # Ann?\n' in text_of(spec)


def test_prototypes_give_their_labels_to_rules(spec: Path) -> None:
    good(spec)
    edit(spec, ("segment small at", 'segment starters "Who starts" at'))
    spec.write_text(SPEC.replace("using centres", "using split"))
    groups = good(spec).schemes[2].labelled
    assert [(one.name, one.found_as) for one in groups.segments] == [("big", "high"), ("starters", "low")]
    assert 'segment starters "Who starts" otherwise' in text_of(spec)


def test_segments_with_other_members_get_names_of_their_own(spec: Path) -> None:
    good(spec)
    spec.write_text(SPEC.replace('"high"', '"low"'))
    edit(
        spec,
        ('segment high "High" when seats >= 40', "segment low when seats >= 40"),
        ('segment low  "Low"  otherwise', "segment gone otherwise"),
    )
    (spec.parent / "accounts.csv").write_text(rows((3, 5, 8, 9, 40, 60, 80, 90, 100, 110, 120, 130, 140, 150)))

    def three(call: FitCall) -> Fitted:
        return Fitted('segment low "Low" when seats < 5\nsegment mid when seats < 10\nsegment high otherwise')

    sizes = good(spec, Segmenter("split", "", three, OPTIONS), CENTRES, only=("sizes",)).schemes[0].labelled
    assert [(one.name, one.found_as, one.fate) for one in sizes.segments] == [
        ("low_2", "low", Fate.NEW),
        ("gone", "mid", Fate.KEPT),
        ("low", "high", Fate.KEPT),
    ]
    assert Counter(members(ran(spec), "sizes")) == {"low_2": 1, "gone": 3, "low": 10}


def test_a_segment_that_is_gone_is_told_where_the_spec_names_it(spec: Path) -> None:
    good(spec)
    before = text_of(spec)
    (spec.parent / "accounts.csv").write_text(rows((100, 110, 120, 130, 140, 150, 160, 170)))

    def other(call: FitCall) -> Fitted:
        return Fitted("segment few when seats < 50\nsegment many when seats < 160\nsegment most otherwise")

    # Every row was in `high`; of the new segments only one can have its label, and `low` has no heir.
    spec.write_text(SPEC.replace('"high"', '"low"'))
    stopped = fitted(spec, Segmenter("split", "", other, OPTIONS), CENTRES, only=("sizes",))
    (wrong,) = (one for one in stopped.diagnostics if one.is_error)
    assert wrong.code == "SEG304"
    assert wrong.message.startswith("`low` is gone: the new fit of `sizes` found `")
    assert wrong.message.endswith(". The spec still names it here")
    assert wrong.notes == ("nothing was written",)
    assert wrong.span is not None
    assert stopped.loaded.texts[wrong.span.file].slice(wrong.span) == '"low"'
    assert not stopped.spec_was_good
    assert text_of(spec) == before


def test_prototypes_keep_the_order_that_people_gave_them(spec: Path) -> None:
    (spec.parent / "accounts.csv").write_text(rows((3, 5, 8, 9, 50, 60, 80, 90)))
    good(spec)
    lines = text_of(spec).splitlines(keepends=True)
    small, big = (next(n for n, line in enumerate(lines) if f"segment {name}" in line) for name in ("small", "big"))
    lines[small], lines[big] = lines[big].replace("segment big", "segment giants"), lines[small]
    (spec.parent / "spec.fitted.seg").write_text("".join(lines))
    assert [one.name for one in good(spec).schemes[2].labelled.segments] == ["giants", "small"]


def test_their_order_yields_where_a_row_between_two_would_move(spec: Path) -> None:
    (spec.parent / "accounts.csv").write_text(rows((*SEATS, 40)))
    good(spec)
    assert members(ran(spec), "groups").count("small") == 6
    lines = text_of(spec).splitlines(keepends=True)
    small, big = (next(n for n, line in enumerate(lines) if f"segment {name}" in line) for name in ("small", "big"))
    lines[small], lines[big] = lines[big], lines[small]
    (spec.parent / "spec.fitted.seg").write_text("".join(lines))
    assert members(ran(spec), "groups").count("small") == 4
    assert [one.name for one in good(spec).schemes[2].labelled.segments] == ["small", "big"]
    assert members(ran(spec), "groups").count("small") == 6


def test_rules_stand_in_the_order_in_which_they_were_found(spec: Path) -> None:
    good(spec, only=("sizes",))
    (spec.parent / "spec.fitted.seg").write_text(
        "segmentation sizes for customers { segment low when seats < 40  segment high otherwise }"
    )
    assert [one.name for one in good(spec, only=("sizes",)).schemes[0].labelled.segments] == ["high", "low"]


def test_rules_that_were_edited_are_said_to_be_replaced(spec: Path) -> None:
    good(spec)
    edit(spec, ("seats >= 40", "seats >= 50"))
    assert members(ran(spec), "sizes").count("high") == 3
    judged = {one.scheme: one for one in fitted(spec, check=True).judged}
    assert (judged["sizes"].state, judged["sizes"].edited) == (State.FRESH, True)
    assert judged["worth"].edited is False
    assert [one.edited for one in good(spec).schemes] == [True, False, False]
    assert "seats >= 40" in text_of(spec)


def test_other_names_alone_are_no_edited_rules(spec: Path) -> None:
    good(spec)
    edit(spec, ('segment high "High" when yearly', 'segment best "The best" when yearly'))
    assert [one.edited for one in fitted(spec, check=True).judged] == [False, False, False]


# ---- staleness


def changed_file(spec: Path) -> None:
    (spec.parent / "accounts.csv").write_text(rows((*SEATS, 7)))


def changed_spec(spec: Path) -> None:
    spec.write_text(SPEC.replace('keep "pays" when mrr > floor', 'keep "pays" when mrr > floor and seats > 0'))


@pytest.mark.parametrize(
    ("change", "settings", "reason"),
    [
        (changed_file, {}, "`accounts.csv` changed"),
        (changed_spec, {}, "`population customers` of the spec changed"),
        (lambda spec: None, {"floor": "$20"}, "the parameter `floor` was 0 USD and is 20 USD"),
    ],
)
def test_a_run_says_what_has_changed(
    spec: Path, change: Callable[[Path], None], settings: dict[str, str], reason: str
) -> None:
    good(spec)
    before = text_of(spec)
    change(spec)
    finished = ran(spec, settings=settings)
    assert finished.tables is not None
    stale = [one for one in finished.diagnostics if one.code == "SEG710"]
    assert [one.notes for one in stale] == [(reason,)] * 3
    assert text_of(spec) == before


def test_another_version_of_the_plugin_is_a_change(spec: Path) -> None:
    good(spec)
    lock = spec.parent / "spec.fitted.lock"
    lock.write_text(lock.read_text().replace('"version": "1.0"', '"version": "0.9"'))
    reasons = {one.notes for one in ran(spec).diagnostics}
    assert ("the plugin `split` was of ours 0.9 and is of ours 1.0",) in reasons


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("audience large", "# A comment.\naudience huge"),
        ('"Who pays"', '"All who pay"'),
        ("derive accounts { yearly = mrr * 12 }", "derive accounts { yearly = mrr * 12  monthly = mrr }"),
        ("  id    : text key", "\n  id : text key"),
        ('segmentation sizes "By size"', 'segmentation sizes "By seats"'),
    ],
)
def test_what_the_segments_do_not_rest_on_may_change(spec: Path, old: str, new: str) -> None:
    good(spec)
    assert old in SPEC
    spec.write_text(SPEC.replace(old, new))
    assert set(states(fitted(spec, check=True)).values()) == {State.FRESH}


def test_only_what_rests_on_a_field_is_stale_when_it_changes(spec: Path) -> None:
    good(spec)
    spec.write_text(SPEC.replace("mrr * 12", "mrr * 13"))
    assert states(fitted(spec, check=True)) == {"sizes": State.FRESH, "worth": State.STALE, "groups": State.FRESH}


def test_the_same_data_under_another_name_are_the_same(spec: Path) -> None:
    good(spec)
    (spec.parent / "copy.csv").write_text(rows())
    elsewhere = {"accounts": str(spec.parent / "copy.csv")}
    assert set(states(fitted(spec, check=True, elsewhere=elsewhere)).values()) == {State.FRESH}
    assert ran(spec, elsewhere=elsewhere).diagnostics == ()
    (spec.parent / "copy.csv").write_text(rows((*SEATS, 7)))
    assert set(states(fitted(spec, check=True, elsewhere=elsewhere)).values()) == {State.STALE}


def test_a_table_in_memory_is_known_again(spec: Path) -> None:
    table = pa.table({"id": ["x", "y"], "seats": [1, 95], "mrr": [5, 9], "since": [date(2020, 1, 1)] * 2})
    good(spec, tables={"accounts": table})
    assert ran(spec, tables={"accounts": table}).diagnostics == ()
    assert "SEG710" in {one.code for one in ran(spec).diagnostics}


def test_checking_says_what_there_is_and_writes_nothing(spec: Path) -> None:
    assert set(states(fitted(spec, check=True)).values()) == {State.MISSING}
    assert not (spec.parent / "spec.fitted.seg").exists()
    good(spec)
    assert set(states(fitted(spec, check=True)).values()) == {State.FRESH}
    changed_file(spec)
    before = text_of(spec)
    assert set(states(fitted(spec, check=True)).values()) == {State.STALE}
    assert text_of(spec) == before


def test_explain_and_test_warn_too(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(spec)
    changed_spec(spec)
    assert [one.code for one in explain(Question("a1", spec)).diagnostics] == ["SEG710"] * 3
    assert [one.code for one in run_tests(spec).diagnostics] == ["SEG710"] * 3


# ---- locks


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"shape": 1}', b"\xff\xfe", b"[" * 100_000, b'{"shape": 99}', b'"text"']
)
def test_without_a_lock_that_can_be_read_the_origin_is_not_known(spec: Path, content: bytes | None) -> None:
    good(spec)
    lock = spec.parent / "spec.fitted.lock"
    lock.unlink()
    if content is not None:
        lock.write_bytes(content)
    finished = ran(spec)
    assert members(finished, "sizes") == ["low"] * 4 + ["high"] * 4
    assert [one.code for one in finished.diagnostics] == ["SEG711"] * 3
    assert set(states(fitted(spec, check=True)).values()) == {State.UNKNOWN}
    good(spec)
    assert ran(spec).diagnostics == ()


def test_a_lock_that_leads_out_of_the_project_is_not_read(spec: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    good(spec)
    lock = spec.parent / "spec.fitted.lock"
    outside = tmp_path_factory.mktemp("outside") / "lock"
    outside.write_bytes(lock.read_bytes())
    lock.unlink()
    lock.symlink_to(outside)
    assert {one.code for one in ran(spec).diagnostics} == {"SEG711"}
    before = outside.read_bytes()
    changed_file(spec)
    good(spec)
    assert outside.read_bytes() == before
    assert not lock.is_symlink()


# ---- failures


def untouched(spec: Path, attempt: Callable[[], Fitting]) -> Fitting:
    good(spec)
    changed_file(spec)
    before = {one.name: one.read_bytes() for one in spec.parent.iterdir()}
    done = attempt()
    assert done.file is None
    assert any(one.is_error for one in done.diagnostics)
    assert {one.name: one.read_bytes() for one in spec.parent.iterdir()} == before
    return done


def refusing(call: FitCall) -> Fitted:
    raise Refused("there is nothing to learn", "of")


@pytest.mark.parametrize(
    "make",
    [
        refusing,
        lambda call: 1 / 0,
        lambda call: Fitted("segment all when nothing > 3"),
        lambda call: Fitted("segment {"),
        lambda call: Fitted(
            "segment a when seats < 5\nsegment b when seats < 8\nsegment c when seats < 9\nsegment d otherwise"
        ),
    ],
)
def test_a_plugin_that_fails_costs_nothing_that_was_there(spec: Path, make: Callable[[FitCall], Fitted]) -> None:
    failing = Segmenter("centres", "", make, OPTIONS)
    spec.write_text(SPEC + 'audience small from customers { where groups == "small" }')
    done = untouched(spec, lambda: fitted(spec, SPLIT, failing))
    assert done.schemes == ()


def test_a_plugin_that_is_not_there_any_more_is_needed_only_to_fit(spec: Path) -> None:
    done = untouched(spec, lambda: fitted(spec, SPLIT))
    assert [one.code for one in done.diagnostics if one.is_error] == ["SEG401"]
    before = lock_of(spec)["segmentations"]["groups"]
    assert good(spec, SPLIT, only=("sizes", "worth")).file is not None
    assert lock_of(spec)["segmentations"]["groups"] == before
    assert "segmentation groups for customers nearest" in text_of(spec)


def test_data_that_break_their_contract_are_told(spec: Path) -> None:
    good(spec)
    before = text_of(spec)
    (spec.parent / "accounts.csv").write_text("id,seats,mrr,since\na,many,1,2020-01-01\n")
    done = fitted(spec)
    assert "SEG602" in {one.code for one in done.diagnostics}
    assert text_of(spec) == before


def test_a_fitted_file_with_a_mistake_is_left_alone(spec: Path) -> None:
    good(spec)
    edit(spec, ("seats >= 40", "saets >= 40"))
    before = text_of(spec)
    done = fitted(spec)
    assert [one.code for one in done.diagnostics] == ["SEG201"]
    assert text_of(spec) == before


@pytest.mark.parametrize(("number", "mend"), [(28, "free some space"), (13, "make the folder writable")])
def test_a_folder_that_may_not_be_written_is_told(
    spec: Path, monkeypatch: pytest.MonkeyPatch, number: int, mend: str
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    def attempt() -> Fitting:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            return fitted(spec)

    done = untouched(spec, attempt)
    # `fit` has no `--out` by which another place could be named.
    assert [(one.code, one.help) for one in done.diagnostics if one.is_error] == [("SEG701", mend)]


def test_a_link_that_leads_nowhere_is_replaced(spec: Path) -> None:
    good(spec)
    lock = spec.with_name("spec.fitted.lock")
    written = lock.read_bytes()
    lock.unlink()
    lock.symlink_to("nowhere")
    good(spec)
    assert not lock.is_symlink()
    assert lock.read_bytes() == written


def test_a_fit_that_is_killed_leaves_what_was_there(spec: Path) -> None:
    good(spec)
    changed_file(spec)
    before = [(spec.parent / name).read_bytes() for name in ("spec.fitted.seg", "spec.fitted.lock")]
    program = (
        "import os, time\n"
        "from pathlib import Path\n"
        "from segdsl.workflows.fit import FitRequest, fit\n"
        "from tests.workflows.test_fit import CENTRES, SPLIT\n"
        "from tests.workflows.inline_plugins import inline\n"
        "def slow(descriptor):\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "os.fsync = slow\n"
        f"fit(FitRequest(Path({str(spec)!r}), plugins=inline(SPLIT, CENTRES)))\n"
    )
    root = Path(__file__).resolve().parent.parent.parent
    started = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root)
    assert started.stdout is not None
    assert started.stdout.readline() == b"writing\n"
    started.send_signal(signal.SIGKILL)
    started.wait()
    started.stdout.close()
    assert [(spec.parent / name).read_bytes() for name in ("spec.fitted.seg", "spec.fitted.lock")] == before
    assert good(spec).file is not None
