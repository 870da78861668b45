"""A plugin that isn't there is one mistake, and what it would bring is left unjudged; one that is there is typed."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from segdsl.model.catalog import Catalog, Input, OptionFault, Options, Output, PluginKind, PluginSignature, Scope
from segdsl.plugin.option_faults import find_faults
from segdsl.types import CATEGORY, COUNT, RATIO, TEXT, Kind, Type
from tests.model.checking import Checked, check, the_one

# The plugins' columns and segments are used everywhere a spec can use one.
EVERYWHERE = """
param as_of : date = 2026-01-01
source accounts from "a.csv" {
  id : text key  name : text  website : text?  seats : count  mrr : money(USD)  parent : text?
  links parent to accounts
}
source invoices from "i.csv" {
  invoice_id : text key  account_id : text  amount : money(USD)
  links account_id to accounts
}
source prospects like accounts from "p.csv" { without mrr }
enrich accounts using oracle {
  domain   from website
  sector   from domain
  mood     from name
  strength from name
}
derive accounts {
  calm      = mood == "calm" and strength > 5
  louder    = strength * 2 + seats
  label     = case when sector in ("a", "b") then "x" when domain is known then mood else "y" end
  banded    = band(strength, 10, 50)
  folded    = lower(mood) != "x"
  of_parent = parent.mood
  typical   = median(strength over accounts)
  place     = rank(strength over accounts per sector)
  paid      = sum(invoices.amount where account_id.mood == "calm")
  several   = count(accounts via parent where strength > accounts.strength)
  since     = as_of - strength
  either    = strength ?? 5
  none_of   = not (tools has any ("a"))
  found_in  = moods == "x" or moods.micro == "x/y" or moods in ("a", "b")
}
enrich accounts using stack { tools from website }
population customers "All" from accounts {
  keep "calm"  when calm and louder > 5
  drop "moody" when moods == "bad" or mood == "x"
  drop "giant" when strength > nth_largest(strength, 2 over remaining)
}
score quality for customers {
  base strength
  plus "calm" louder when calm
  minus "paid" $5 when moods == "x"
  grade quartiles
}
hypothesis stronger { expect higher strength means higher quality }
hypothesis by_mood  { expect moods separates quality  among calm }
hypothesis is_calm  { expect mood == "calm" means higher quality }
segmentation moods for accounts using oracle { features: mood, strength, sector }
segmentation fit for customers {
  segment a when moods == "steady" { owner: "x"  segment inner when calm  segment rest otherwise }
  segment b when strength between 5 and 10
  segment other otherwise
}
segmentation places for customers nearest {
  measure strength scale 2
  segment near at strength 5
}
evaluate fit, moods against quality { top: 25%  require lift of moods >= 1.5 }
audience first from prospects {
  where fit == "a" and moods == "x" and mood != "y" and sector in ("a")
  order by expected(quality by moods) desc, strength
  take 10 per moods
  columns id, mood, promise = expected(quality by fit), moods
}
test "a calm one" {
  given accounts { mood: "calm", strength: 5, sector: "a" }
  expect moods == "x" and fit == "a"
}
"""


def test_each_plugin_that_is_missing_is_one_mistake_and_nothing_follows() -> None:
    checked = check(EVERYWHERE)
    assert [(found.code, checked.marked(found)) for found in checked.found] == [
        ("SEG401", "oracle"),
        ("SEG401", "stack"),
        ("SEG401", "lift"),
    ]


def test_a_spec_with_missing_plugins_still_has_a_model() -> None:
    model = check(EVERYWHERE).good
    moods = model.schemes["moods"].plugin
    assert moods is not None and moods.plugin == "oracle"
    assert [e.plugin for e in model.enrichments] == ["oracle", "stack"]


def test_other_mistakes_are_told_beside_a_missing_plugin() -> None:
    checked = check(EVERYWHERE.replace('"calm" louder when calm', '"calm" louder when seats'))
    assert sorted(checked.codes) == ["SEG302", "SEG401", "SEG401", "SEG401"]
    assert checked.model is None


def catalog(*plugins: PluginSignature) -> Catalog:
    return Catalog(MappingProxyType({plugin.name: plugin for plugin in plugins}))


# ---- evaluators

_FIELD = {"type": "string", "format": "field", "description": "Which field."}
_TABLE = {"type": "string", "format": "table", "description": "Which table."}
_NUMBER = {"type": "integer", "minimum": 2, "description": "How many."}


def evaluator(name: str, options: Mapping[str, object] = MappingProxyType({}), **more: Any) -> PluginSignature:
    schema = {"type": "object", "properties": options}

    def checked(instance: Mapping[str, object]) -> tuple[OptionFault, ...]:
        return find_faults(schema, instance)

    return PluginSignature(name, PluginKind.EVALUATOR, schema, checked, run=lambda call: None, **more)


EVALUATORS = catalog(
    evaluator("lift", {"folds": _NUMBER}, figures=("area", "caught")),
    evaluator("share", each_segment=True),
    evaluator("gini", {"growth": _FIELD, "among": _TABLE}, of_score=True),
    evaluator("separation"),
    PluginSignature("stack", PluginKind.ENRICHER),
)
MEASURED = """
source accounts from "accounts.csv" { id : text key  seats : count  sector : category }
source prospects like accounts from "prospects.csv" { budget : count }
source others from "others.csv" { id : text key }
population customers from accounts { keep "has seats" when seats > 0 }
score quality for customers { base seats }
segmentation fit for customers { segment large when seats > 50  segment other otherwise }
"""


def evaluated(items: str) -> Checked:
    return check(f"{MEASURED}\nevaluate fit against quality {{ {items} }}", EVALUATORS)


@pytest.mark.parametrize(
    ("items", "code", "marked", "mend"),
    [
        ("require lfit of fit > 1", "SEG401", "lfit", "did you mean `lift`?"),
        ("require stack of fit > 1", "SEG402", "stack", "name an evaluator here"),
        ("require lift.aera of fit > 1", "SEG201", "aera", "did you mean `area`?"),
        ("require separation.area of fit > 1", "SEG201", "area", "write `require separation of ...`"),
        ("require gini of fit > 1", "SEG201", "fit", "`gini` measures the score: write `of quality`"),
        ("require lift of quality > 1", "SEG201", "quality", "`lift` measures a segmentation: write `of fit`"),
        ("require gini of each segment in quality > 1", "SEG208", "gini", "write `require gini of quality ...`"),
        ("require lift of fit > 90 days", "SEG302", "90 days", "write a number, as in `>= 0.5`"),
        ("require lift of fit > true", "SEG302", "true", "write a number, as in `>= 0.5`"),
        ('require lift of fit between 1 and "x"', "SEG302", '"x"', "write a number, as in `>= 0.5`"),
        ("require lift of fit between 5 and 1", "SEG307", "5", "write the lower bound first"),
        ("seed: 5", "SEG204", "seed", "name a measure that knows it, as in `criteria: true`"),
        ("stack: yes", "SEG402", "stack", "name an evaluator here"),
        ("folds: 1", "SEG307", "folds: 1", "write `folds: 5`"),
        ("fulds: 5", "SEG204", "fulds", "did you mean `folds`?"),
        ("growth: seats", "SEG204", "growth", "name a measure that knows it, as in `criteria: true`"),
        ("gini: true  growth: nothing", "SEG201", "nothing", "declare it in the source, or in `derive`"),
        (
            "gini: true  among: nothing",
            "SEG201",
            "nothing",
            "declare it, or correct the name of the population or source",
        ),
        ("gini: true  among: others", "SEG206", "others", "name a source that is like `accounts`"),
        ("gini: true  among: fit", "SEG206", "fit", "name a population or source here"),
    ],
)
def test_a_mistake_in_an_evaluation_is_told_once(items: str, code: str, marked: str, mend: str) -> None:
    checked = evaluated(items)
    found = the_one(checked)
    assert (found.code, checked.marked(found), found.help) == (code, marked, mend)


def test_a_wrong_setting_that_several_measures_know_is_told_once() -> None:
    both = catalog(evaluator("lift", {"depth": _NUMBER}), evaluator("separation", {"depth": _NUMBER}))
    checked = check(f"{MEASURED}\nevaluate fit against quality {{ depth: 1 }}", both)
    assert the_one(checked).code == "SEG403"


def evaluations(header: str, required: str) -> Checked:
    spec = f"{MEASURED}\nsegmentation gruff for customers {{ segment a when seats > 3  segment b otherwise }}"
    return check(f"{spec}\nevaluate {header} against quality {{ require {required} > 0 }}", EVALUATORS)


@pytest.mark.parametrize(
    ("header", "required", "told"),
    [
        # Only names that are there are proposed, and a name that is misspelt twice is misspelt.
        ("fit", "lift of fti", "SEG201 fti: This evaluation has no segmentation `fti` (did you mean `fit`?)"),
        ("grufff", "lift of grufff", "SEG201 grufff: There is no segmentation `grufff` (did you mean `gruff`?)"),
        ("grufff", "lift of gruff", "SEG201 grufff: There is no segmentation `grufff` (did you mean `gruff`?)"),
        ("fit", "lift of gruf", "SEG201 gruf: This evaluation has no segmentation `gruf` (did you mean `gruff`?)"),
        (
            "fit",
            "lift of gruff",
            "SEG201 gruff: This evaluation has no segmentation `gruff` (add it: `evaluate fit, gruff against quality`)",
        ),
        (
            "fit",
            "lift of whatever",
            "SEG201 whatever: This evaluation has no segmentation `whatever` "
            "(name a segmentation that stands behind `evaluate`)",
        ),
        (
            "fit",
            "gini of fit",
            "SEG201 fit: This evaluation has no score `fit` (`gini` measures the score: write `of quality`)",
        ),
        # What a misspelt measure measures isn't known.
        ("fit", "ginni of quality", "SEG401 ginni: No plugin `ginni` is installed (did you mean `gini`?)"),
        ("fit", "lifft of fit", "SEG401 lifft: No plugin `lifft` is installed (did you mean `lift`?)"),
    ],
)
def test_what_an_evaluation_does_not_measure_is_told_with_its_mend(header: str, required: str, told: str) -> None:
    assert evaluations(header, required).told == [told]


def test_a_setting_of_another_kind_is_told_once_and_with_its_kind() -> None:
    day = {"type": "string", "format": "date"}
    both = catalog(
        evaluator("lift", {"after": {**day, "description": "judge on later ones"}}),
        evaluator("separation", {"after": {**day, "description": "learn on earlier ones"}}),
    )
    found = the_one(check(f'{MEASURED}\nevaluate fit against quality {{ after: "2022-01-01" }}', both))
    assert (found.code, found.message, found.expected) == (
        "SEG403",
        "`after` takes a date",
        "a date, as in `2026-01-31`",
    )


GROWING = {"type": "string", "format": "field", "kinds": ["count", "ratio"], "description": "a growth rate"}


@pytest.mark.parametrize(
    ("named", "is_good"), [("seats", True), ("rate", True), ("sector", False), ("fit", False), ("seen", False)]
)
def test_a_field_that_an_option_names_is_of_a_kind_that_it_takes(named: str, is_good: bool) -> None:
    both = catalog(evaluator("lift", {"growth": GROWING}), evaluator("separation", {"growth": GROWING}))
    spec = MEASURED.replace("sector : category", "sector : category  rate : ratio?  seen : date")
    checked = check(f"{spec}\nevaluate fit against quality {{ growth: {named} }}", both)
    if is_good:
        assert checked.told == []
        return
    found = the_one(checked)
    kind = {"sector": "category", "fit": 'category("large", "other")', "seen": "date"}[named]
    assert (found.code, found.message, checked.marked(found)) == (
        "SEG403",
        f"`growth` takes no {kind}, and `{named}` is one",
        named,
    )
    assert (found.expected, found.help) == ("count or ratio", "a growth rate")


def test_fields_of_a_list_are_of_kinds_that_it_takes() -> None:
    several = {"type": "array", "items": {"type": "string", "format": "field", "kinds": ["count"]}}
    schema = {"type": "object", "properties": {"features": several}}
    finder = PluginSignature("finder", PluginKind.SEGMENTER, schema, run=lambda call: None)
    spec = f"{MEASURED}\nsegmentation found for customers using finder {{ features: seats, sector }}"
    checked = check(spec, catalog(finder))
    found = the_one(checked)
    assert (checked.marked(found), found.expected) == ("sector", "count")
    # What is of no known kind yet waits, and kinds that aren't any of the language restrict nothing.
    loose = {"type": "object", "properties": {"features": {**several, "items": {**GROWING, "kinds": ["colour"]}}}}
    assert (
        check(spec, catalog(PluginSignature("finder", PluginKind.SEGMENTER, loose, run=lambda call: None))).told == []
    )


def test_a_field_of_another_table_is_of_a_kind_that_the_option_takes() -> None:
    plugins = catalog(evaluator("lift", {"growth": {**GROWING, "kinds": ["money"]}, "among": _TABLE}))
    checked = check(f"{MEASURED}\nevaluate fit against quality {{ among: prospects  growth: budget }}", plugins)
    assert the_one(checked).message == "`growth` takes no count, and `budget` is one"


@pytest.mark.parametrize(("named", "expected"), [("seats", ""), ("name", "count"), ("deals.stage", "count")])
def test_a_column_that_an_option_names_is_of_a_kind_that_it_takes(named: str, expected: str) -> None:
    option = {"type": "string", "format": "column", "kinds": ["count"], "description": "which"}
    schema = {"type": "object", "properties": {"by": option}}
    output = Output("size", "", (Input("name", frozenset({Kind.TEXT})),), COUNT, scope=Scope.TABLE)
    sizer = PluginSignature("sizer", PluginKind.ENRICHER, schema, outputs=(output,))
    checked = check(
        f"""
        source accounts from "a.csv" {{ id : text key  name : text  seats : count }}
        source deals from "d.csv" {{ deal : text key  stage : category }}
        enrich accounts using sizer {{ size from name  by: {named} }}
        """,
        catalog(sizer),
    )
    assert [one.expected for one in checked.found] == ([expected] if expected else [])


def test_a_segmentation_is_evaluated_once() -> None:
    checked = check(f"{MEASURED}\nevaluate fit, fit against quality {{ lift: yes }}", EVALUATORS)
    assert (the_one(checked).code, the_one(checked).message) == ("SEG209", "`fit` is given twice")


def test_some_measures_are_taken_unasked_unless_the_spec_says_no() -> None:
    assert [one.plugin for one in evaluated("folds: 5").good.evaluations[0].measures] == ["lift", "separation"]
    assert [one.plugin for one in evaluated("folds: 5  lift: true").good.evaluations[0].measures] == [
        "lift",
        "separation",
    ]
    for no in ("false", "no"):
        assert [one.plugin for one in evaluated(f"lift: {no}").good.evaluations[0].measures] == ["separation"]


@pytest.mark.parametrize("said", ["maybe", "5", '"no"', "no, no", "no.no"])
def test_a_measure_is_taken_or_not(said: str) -> None:
    checked = evaluated(f"lift: {said}")
    found = the_one(checked)
    assert (found.code, found.message, found.help) == ("SEG307", "`lift` is true or false", "write `lift: true`")
    assert checked.marked(found) == f"lift: {said}"


def test_measures_of_the_score_stand_apart() -> None:
    evaluation = evaluated("gini: true  share: true  require gini of quality > 0").good.evaluations[0]
    assert [one.plugin for one in evaluation.measures] == ["lift", "separation", "share"]
    assert [one.plugin for one in evaluation.score_measures] == ["gini"]


def test_fields_are_read_where_they_are() -> None:
    evaluation = evaluated("gini: true  among: prospects  growth: budget").good.evaluations[0]
    assert evaluation.fields == ()
    assert [(one.name, one.source, [c.name for c in one.fields]) for one in evaluation.tables] == [
        ("prospects", "prospects", ["budget"])
    ]
    both = evaluated("gini: true  among: prospects  growth: seats").good.evaluations[0]
    assert [column.name for column in both.fields] == ["seats"]
    assert [column.name for column in both.tables[0].fields] == ["seats"]


TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
NAME = (Input("name", TEXTS),)


def same(types: Sequence[Type], options: Options) -> Type | str:
    """The type of the first input, if there is no second one of another kind."""
    kinds = {type_.kind for type_ in types}
    return types[0] if len(kinds) == 1 else "the columns are of several kinds"


OUTPUTS = (
    Output("mood", "How it feels", NAME, CATEGORY),
    Output("strength", "How strong it is", NAME, COUNT, also=(("*_trust", RATIO.or_missing()),)),
    Output("host", "Where it is", NAME, TEXT),
    Output("twice_*", "The same again", (Input("value", frozenset({Kind.TEXT, Kind.COUNT}), repeats=True),), same),
    Output("rows_of_*", "How many", (Input("column", frozenset(Kind)),), COUNT, Scope.TABLE),
)
ENRICHER = PluginSignature("oracle", PluginKind.ENRICHER, outputs=OUTPUTS)
FIELD = {"type": "string", "format": "field", "description": "a field"}
SEGMENTER = PluginSignature(
    "tree",
    PluginKind.SEGMENTER,
    {"type": "object", "properties": {"target": FIELD, "features": {"type": "array", "items": FIELD}}},
    run=lambda call: None,
)
SMALL = """
source accounts from "a.csv" {{ id : text key  name : text  seats : count }}
enrich accounts using oracle {{ mood from name  strength from name }}
derive accounts {{ probe = {term} }}
"""


def test_columns_of_a_plugin_that_is_there_have_types() -> None:
    checked = check(SMALL.format(term="strength + 1"), catalog(ENRICHER))
    assert checked.codes == []
    assert check(SMALL.format(term='strength == "a"'), catalog(ENRICHER)).codes == ["SEG302"]
    assert check(SMALL.format(term="mod == 5"), catalog(ENRICHER)).codes == ["SEG201"]


def test_a_plugin_of_the_wrong_kind() -> None:
    spec = SMALL.format(term="seats") + "segmentation s for accounts using oracle { features: seats }"
    assert check(spec, catalog(ENRICHER)).codes == ["SEG402"]
    spec = SMALL.format(term="seats") + "segmentation s for accounts using tree { features: seats }"
    assert check(spec, catalog(ENRICHER, SEGMENTER)).codes == []


def test_a_misspelt_plugin_is_suggested() -> None:
    checked = check(SMALL.format(term="seats").replace("oracle", "orakle"), catalog(ENRICHER))
    assert [(found.code, found.help) for found in checked.found] == [("SEG401", "did you mean `oracle`?")]


def test_features_of_a_segmenter_are_columns_and_fields() -> None:
    spec = (
        SMALL.format(term="seats")
        + "segmentation s for accounts using tree { target: seats  features: probe, nothing }"
    )
    checked = check(spec, catalog(ENRICHER, SEGMENTER))
    assert [(found.code, checked.marked(found)) for found in checked.found] == [("SEG201", "nothing")]


def test_an_enriched_column_is_made_from_a_column_and_has_a_name_of_its_own() -> None:
    assert check(SMALL.format(term="seats").replace("mood from name", "mood from nam"), catalog(ENRICHER)).codes == [
        "SEG201"
    ]
    taken = SMALL.format(term="seats").replace("mood from name", "seats = mood from name")
    assert check(taken, catalog(ENRICHER)).codes == ["SEG202"]


ENRICHED = """
source accounts from "a.csv" {{ id : text key  name : text  seats : count  site : text? }}
source deals from "d.csv" {{ deal : text key  id : text  won : bool  links id to accounts }}
enrich accounts using oracle {{ {items} }}
derive accounts {{ probe = {term} }}
"""


def codes_of(items: str, term: str = "seats") -> list[str]:
    return check(ENRICHED.format(items=items, term=term), catalog(ENRICHER)).codes


def test_an_output_may_have_another_name() -> None:
    assert codes_of("feeling = mood from name  mood from site", 'feeling == "calm"') == []
    assert codes_of("feeling = mood from name", "mood") == ["SEG201"]
    assert codes_of("feeling = moood from name") == ["SEG404"]


def test_a_pattern_makes_columns_of_any_name_that_fits() -> None:
    assert codes_of("twice_name from name", 'twice_name == "x"') == []
    assert codes_of("twice_ from name") == ["SEG404"]


def test_the_type_of_a_column_may_rest_on_what_it_is_made_from() -> None:
    assert codes_of("twice_seats from seats", "twice_seats + 1") == []
    assert codes_of("twice_name from name", "twice_name + 1") == ["SEG302"]
    assert codes_of("twice_both from name, seats") == ["SEG302"]


def test_columns_that_come_along_are_there_unasked() -> None:
    assert codes_of("power = strength from name", "power_trust ?? 50%") == []
    assert codes_of("power = strength from name", "power_trust + $1") == ["SEG301"]


def test_the_number_and_kinds_of_inputs_are_checked() -> None:
    assert codes_of("mood from name, site") == ["SEG306"]
    assert codes_of("mood from seats") == ["SEG306"]


def test_columns_of_other_sources_are_for_outputs_that_see_whole_tables() -> None:
    assert codes_of("rows_of_deals from deals.won", "rows_of_deals * 2") == []
    assert codes_of("mood from deals.id") == ["SEG208"]


def test_a_column_may_be_made_from_a_field_or_an_enriched_column_but_not_from_itself() -> None:
    assert codes_of("mood from host  host from name") == []
    assert codes_of("mood from probe", "lower(name)") == []
    assert codes_of("mood from host  host from mood") == ["SEG203"]


MONEY_CUTS = {"type": "array", "items": {"type": "number", "format": "money"}, "description": "Cuts."}
TIERS = PluginSignature(
    "tiers",
    PluginKind.SEGMENTER,
    {"type": "object", "properties": {"of": {"format": "field", "description": "What."}, "cuts": MONEY_CUTS}},
    run=print,
)


def test_amounts_of_options_are_in_the_currency_of_what_they_are_compared_with() -> None:
    spec = (
        'source accounts from "a.csv" {{ id : text key  revenue : money(EUR) }}\n'
        "segmentation s for accounts using tiers {{ of: revenue  cuts: {} }}"
    )
    checked = check(spec.format("$10k, $50k"), catalog(TIERS))
    assert [(found.code, checked.marked(found)) for found in checked.found] == [("SEG301", "cuts: $10k, $50k")]
    assert check(spec.format("€10k, €50k"), catalog(TIERS)).codes == []
    assert check(spec.format("10, 50"), catalog(TIERS)).codes == ["SEG403"]
