"""Labels of segments, carried over in the text of the language."""

from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import SourceText
from segdsl.language import syntax as s
from segdsl.language.parser import parse
from segdsl.workflows.fitted.labels import Fate, Labelled, carry_labels, segments_in
from segdsl.workflows.fitted.staleness import rules_print
from segdsl.workflows.fitting import FoundSegments

CUTS = (900, 500, 100, 20, 5)


def read(text: str) -> tuple[SourceText, s.Tree, s.SegmentationDecl]:
    source = SourceText("text", text)
    tree, mistakes = parse(source)
    assert mistakes == ()
    declared = tree.declarations[0]
    assert isinstance(declared, s.SegmentationDecl)
    return source, tree, declared


def found(body: str, nearest: bool = False, notes: tuple[str, ...] = ()) -> FoundSegments:
    source, tree, declared = read(f"segmentation fit for customers{' nearest' if nearest else ''} {{\n{body}\n}}\n")
    return FoundSegments("fit", source, tree, declared, notes)


def carried(
    now: FoundSegments, before: str, pairs: tuple[tuple[int, int], ...] = (), keep_order: bool = False
) -> Labelled:
    source, _, declared = read(before)
    return carry_labels(now, declared, source, pairs, keep_order)


def names(labelled: Labelled) -> list[str]:
    return [one.name.text for one in segments_in(labelled.found.declared)]


texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def relabelled(draw: st.DrawFn) -> tuple[FoundSegments, str, list[int], list[tuple[str, str]]]:
    """Rules as found, the same with labels of people in another order, that order, and titles and personas."""
    count = draw(st.integers(1, 5))
    rules = [f'when seats >= {CUTS[place]} and (country == "DE" or mrr > $5)' for place in range(count - 1)]
    rules.append("otherwise")
    order = draw(st.permutations(range(count)))
    told = [(draw(texts), draw(texts)) for _ in range(count)]
    comments = draw(st.booleans())
    lines = []
    for place in range(count):
        title, persona = told[place]
        note = "# { a comment }\n" if comments else ""
        block = f'{{ {note} persona: {quoted(persona)} {note}\n message decision: {quoted(title)} via "call" }}'
        lines.append(f"{note}segment theirs_{order[place]} {quoted(title)} {rules[place]} {block} {note}")
    now = "\n".join(f'segment ours_{place} "Ours" {rule}' for place, rule in enumerate(rules))
    before = "segmentation fit for customers {\n" + "\n".join(lines) + "\n}\n"
    return found(now), before, list(order), told


@given(relabelled())
def test_labels_of_people_come_back_exactly_whatever_they_are(
    case: tuple[FoundSegments, str, list[int], list[tuple[str, str]]],
) -> None:
    now, before, order, told = case
    pairs = tuple((place, place) for place in range(len(order)))
    labelled = carried(now, before, pairs)
    assert names(labelled) == [f"theirs_{one}" for one in order]
    _, tree, earlier = read(before)
    # Said in other words, it is the earlier text, with its comments, too.
    assert labelled.found.declared.items == earlier.items
    assert len(labelled.found.tree.comments) == len(tree.comments)
    assert rules_print(labelled.found.declared) == rules_print(now.declared)
    for segment, (title, persona) in zip(segments_in(labelled.found.declared), told, strict=True):
        assert segment.title is not None and segment.title.value == title
        assert persona in [str(v.value) for i in segment.items if isinstance(i, s.Property) for v in i.values]  # type: ignore[union-attr]


def test_what_has_no_member_in_common_keeps_the_name_of_the_plugin() -> None:
    labelled = carried(
        found("segment a when x > 5\nsegment b otherwise"),
        "segmentation fit for customers { segment b when x > 9 segment c otherwise }",
        pairs=((0, 0),),
    )
    assert [(one.name, one.found_as, one.fate) for one in labelled.segments] == [
        ("b", "a", Fate.KEPT),
        ("b_2", "b", Fate.NEW),
    ]
    assert labelled.gone == ("c",)


def test_numbers_go_on_until_a_name_is_free() -> None:
    labelled = carried(
        found("segment a when x > 5\nsegment b when x > 4\nsegment c otherwise"),
        "segmentation fit for customers { segment c when x > 9 segment c_2 when x > 8 }",
        pairs=((0, 0), (1, 1)),
    )
    assert names(labelled) == ["c", "c_2", "c_3"]


def test_empty_segments_are_known_by_their_rule_and_then_by_their_name() -> None:
    labelled = carried(
        found("segment a when x > 500\nsegment b when x > 100\nsegment c otherwise"),
        "segmentation fit for customers {\n"
        '  segment giants "Giants" when x > 500\n  segment b "Ours" when x > 200 { owner: "Ann" }\n'
        "  segment rest otherwise\n}",
        pairs=((2, 2),),
    )
    assert [(one.name, one.fate) for one in labelled.segments] == [
        ("giants", Fate.KEPT),
        ("b", Fate.NAMESAKE),
        ("rest", Fate.KEPT),
    ]
    assert 'owner: "Ann"' in labelled.found.text.text


def test_prototypes_stand_as_they_stood_and_new_ones_behind() -> None:
    labelled = carried(
        found("measure x scale 1\nsegment a at x 1\nsegment b at x 2\nsegment c at x 3", nearest=True),
        "segmentation fit for customers nearest { measure x scale 2 segment two at x 2.1 segment one at x 1.1 }",
        pairs=((1, 0), (0, 1)),
        keep_order=True,
    )
    assert names(labelled) == ["two", "one", "c"]
    # How is measured is what was found.
    assert "scale 1" in labelled.found.text.text


def test_nested_segments_of_people_are_kept_unless_the_plugin_nests_itself() -> None:
    inside = 'owner: "Ann" segment in when y > 1 segment out otherwise'
    before = f"segmentation fit for customers {{ segment a when x > 5 {{ {inside} }} }}"
    plain = carried(found("segment b when x > 6"), before, pairs=((0, 0),))
    assert "segment in when y > 1" in plain.found.text.text
    own = carried(found("segment b when x > 6 { segment deep when y > 2 }"), before, pairs=((0, 0),))
    assert "segment in" not in own.found.text.text
    assert "segment deep when y > 2" in own.found.text.text
    assert 'owner: "Ann"' in own.found.text.text


def test_what_people_say_stands_in_place_of_what_the_plugin_says() -> None:
    now = found('segment a when x > 6 { persona: "by plugin" note: "kept" message buy: "by plugin" via "mail" }')
    inside = 'persona: "ours" message buy: "by plugin" via "call"'
    before = f"segmentation fit for customers {{ segment b when x > 5 {{ {inside} }} }}"
    text = carried(now, before, pairs=((0, 0),)).found.text.text
    assert text.count("persona") == 1 and '"ours"' in text
    assert 'note: "kept"' in text
    assert text.count("message buy") == 1 and 'via "call"' in text


def test_notes_tell_of_segments_by_their_new_names() -> None:
    now = found("segment a when x > 6\nsegment b otherwise", notes=("a: 3 rows", "b is the rest", "nothing: more"))
    labelled = carried(now, "segmentation fit for customers { segment best when x > 5 }", pairs=((0, 0),))
    assert labelled.found.notes == ("best: 3 rows", "b is the rest", "nothing: more")


def test_names_that_are_words_of_the_language_are_quoted() -> None:
    now = found("segment a when x > 6\nsegment b otherwise")
    before = "segmentation fit for customers { segment `otherwise` when x > 5 segment `a b` otherwise }"
    assert names(carried(now, before, pairs=((0, 0), (1, 1)))) == ["otherwise", "a b"]
