"""Odd data gives missing values and counts, mistakes in options a refusal."""

from typing import Any

import jsonschema
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import ColumnName, ProviderTerms, Refused
from segdsl_vendor import ENRICHER
from tests.plugins.vendor.calls import decisions, run

ALL = ("match_key", "match_domain", "match_name", "match_country")


def test_where_no_name_matches_all_is_missing_and_counted() -> None:
    accounts = [{"account": str(at), "name": f"Firm {at}", "country": "US"} for at in range(5)]
    made = run(accounts, [{"duns": "1", "company": "Other", "land": "US", "headcount": 4}])
    assert made.columns["employees"].to_pylist() == [None] * 5
    assert [(note.message, sum(note.where.to_pylist())) for note in made.notes] == [
        ("accounts that no provider has a record for", 5)
    ]


@pytest.mark.parametrize(("accounts", "records"), [(0, 0), (0, 2), (2, 0)])
def test_empty_tables(accounts: int, records: int) -> None:
    made = run(
        [{"account": str(at), "key": "k", "name": "Acme", "domain": "acme.com"} for at in range(accounts)],
        [{"duns": str(at), "company": "Acme"} for at in range(records)],
        [],
        matching=ALL,
    )
    assert all(len(values) == accounts for values in made.columns.values())
    assert made.columns["employees"].type == pa.int64()
    assert len(made.tables["matches"]) == 2 * accounts


def test_columns_of_missing_values_match_nothing() -> None:
    made = run([{"account": "a"}, {"account": "b"}], [{"duns": None}, {"duns": None}], matching=ALL)
    assert set(decisions(made).values()) == {"no candidate"}


def test_a_name_of_ten_thousand_characters_is_counted() -> None:
    made = run([{"account": "a", "name": "x" * 10_000}], [{"duns": "1", "company": "x" * 10_000}])
    assert decisions(made) == {"a": "no candidate"}
    assert "names too long to be matched" in [note.message for note in made.notes]


@given(st.lists(st.text(max_size=20), max_size=6), st.lists(st.text(max_size=20), max_size=6))
def test_any_text_may_stand_anywhere(ours: list[str], theirs: list[str]) -> None:
    accounts = [{"account": t, "key": t, "domain": t, "name": t, "country": t} for t in ours]
    records = [{"duns": t, "site": t, "company": t, "land": t, "headcount": 1} for t in theirs]
    made = run(accounts, records, matching=ALL)
    assert len(made.columns["employees"]) == len(ours)


def test_words_of_hundreds_of_letters_and_countries_that_nobody_knows() -> None:
    accounts = [{"account": str(at), "name": f"{'x' * 480}{at}", "country": f"Elbonia {at}"} for at in range(50)]
    records = [{"duns": row["account"], "company": row["name"].upper(), "land": row["country"]} for row in accounts]
    assert set(decisions(run(accounts, records)).values()) == {"matched"}


def test_many_accounts_of_one_name_are_one_tie() -> None:
    accounts = [{"account": str(at), "name": "Acme", "country": "US"} for at in range(2000)]
    records = [{"duns": str(at), "company": "ACME Inc.", "land": "US"} for at in range(2000)]
    made = run(accounts, records)
    assert set(decisions(made).values()) == {"tie"}
    assert len(made.tables["matches"]["rival_records"][0]) == 10


def refused(**options: Any) -> Refused:
    matching = options.pop("matching", ())
    with pytest.raises(Refused) as found:
        run([{"account": "a"}], [{"duns": "1"}], matching=matching, options=options)
    return found.value


def test_a_provider_that_nothing_matches_is_refused() -> None:
    assert (refused().option, "hoovers" in refused().message) == ("match_key", True)
    assert refused(match_country=(ColumnName("accounts", "country"),)).option == "match_key"


def test_columns_of_wrong_tables_are_refused() -> None:
    key = ColumnName("accounts", "key")
    assert refused(match_key=(key, ColumnName("other", "id"))).option == "match_key"
    assert (
        "two columns" in refused(match_key=(key, ColumnName("hoovers", "duns"), ColumnName("hoovers", "site"))).message
    )
    assert "no column of `accounts`" in refused(match_name=(ColumnName("hoovers", "company"),)).message
    assert refused(matching=("match_key",), dated=(ColumnName("other", "day"),)).option == "dated"


def test_more_providers_than_tables_are_refused() -> None:
    terms = (ProviderTerms("one", None, None, None, None), ProviderTerms("two", None, None, None, None))
    assert refused(matching=("match_key",), providers=terms).option == "providers"


def test_the_options_are_described_and_their_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(ENRICHER.options)
    properties = ENRICHER.options["properties"]
    assert isinstance(properties, dict)
    assert all(option["description"] for option in properties.values())
    validator = jsonschema.Draft202012Validator(ENRICHER.options)
    assert validator.is_valid({"match_key": ["accounts.id", "hoovers.duns"], "threshold": 0.9})
    assert not validator.is_valid({"threshold": 0.3})
