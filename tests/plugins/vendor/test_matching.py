"""Which record is which account's."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import Linked
from segdsl_vendor.blocking import Placed, pair_names
from segdsl_vendor.equality import Rows
from segdsl_vendor.matching import match_records
from segdsl_vendor.names import read_name
from segdsl_vendor.settings import Provider, Traits
from tests.plugins.vendor.calls import decisions, run

DOMAIN = ("match_domain",)
ALL = ("match_key", "match_domain", "match_name", "match_country")


def test_key_comes_before_domain_and_domain_before_name() -> None:
    account = {"account": "a", "key": "k", "domain": "acme.com", "name": "Acme", "country": "US"}
    by_key = {"duns": "k", "headcount": 1}
    by_domain = {"duns": "d", "site": "https://www.acme.com/about", "headcount": 2}
    by_name = {"duns": "n", "company": "ACME Inc", "land": "USA", "headcount": 3}
    for records, method, confidence in (
        ([by_name, by_domain, by_key], "key", 1.0),
        ([by_name, by_domain], "domain", 0.99),
        ([by_name], "name", 0.98),
    ):
        made = run([account], records, matching=ALL)
        assert made.columns["employees"].to_pylist() == [records[-1]["headcount"]]
        assert made.columns["employees_confidence"].to_pylist() == pytest.approx([confidence], abs=0.001)
        (row,) = made.tables["matches"].to_pylist()
        assert (row["record"], row["method"], row["decision"]) == (records[-1]["duns"], method, "matched")


def test_several_accounts_may_name_one_record_by_key() -> None:
    accounts = [{"account": "a", "key": "k"}, {"account": "b", "key": " k "}]
    made = run(accounts, [{"duns": "k", "headcount": 7}], matching=("match_key",))
    assert made.columns["employees"].to_pylist() == [7, 7]


def test_one_key_on_two_records_is_a_tie() -> None:
    made = run([{"account": "a", "key": "k"}], [{"duns": "k", "headcount": 7}] * 2, matching=("match_key",))
    assert decisions(made) == {"a": "tie"}
    assert made.columns["employees"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("https://shop.acme.co.uk/x?y", "acme.co.uk", "matched"),
        ("info@acme.com", "HTTP://WWW.ACME.COM:8080", "matched"),
        ("acme.com", "acme.de", "no candidate"),
        ("acme.gmail.com", "gmail.com", "no candidate"),
        ("facebook.com/acme", "facebook.com/other", "no candidate"),
        ("acme.github.io", "other.github.io", "no candidate"),
        ("acme.github.io", "www.acme.github.io", "matched"),
        ("co.uk", "co.uk", "no candidate"),
        ("127.0.0.1", "127.0.0.1", "no candidate"),
        ("bücher.de", "xn--bcher-kva.de", "matched"),
        ("n/a", "n/a", "no candidate"),
        (".", "..", "no candidate"),
        ("a\0b.com", "a\0b.com", "no candidate"),
    ],
)
def test_domains(ours: str, theirs: str, expected: str) -> None:
    made = run([{"account": "a", "domain": ours}], [{"duns": "1", "site": theirs}], matching=DOMAIN)
    assert decisions(made) == {"a": expected}


def test_a_domain_on_two_accounts_or_two_records_is_a_tie() -> None:
    accounts = [
        {"account": "a", "domain": "abc.com"},
        {"account": "b", "domain": "abc.com"},
        {"account": "c", "domain": "y.com"},
    ]
    records = [{"duns": "1", "site": "abc.com"}, {"duns": "2", "site": "y.com"}, {"duns": "3", "site": "www.y.com"}]
    made = run(accounts, records, matching=DOMAIN)
    assert decisions(made) == {"a": "tie", "b": "tie", "c": "tie"}
    rivals = [(row["rival_records"], row["rival_accounts"]) for row in made.tables["matches"].to_pylist()]
    assert rivals == [(["1"], ["a", "b"]), (["1"], ["a", "b"]), (["2", "3"], ["c"])]


def test_firms_of_one_name_are_a_tie_on_either_side() -> None:
    acme = {"name": "Acme", "country": "US"}
    record = {"company": "Acme Inc", "land": "US"}
    two_records = run([{"account": "a", **acme}], [{"duns": "1", **record}, {"duns": "2", **record}])
    assert decisions(two_records) == {"a": "tie"}
    two_accounts = run([{"account": "a", **acme}, {"account": "b", **acme}], [{"duns": "1", **record}])
    assert decisions(two_accounts) == {"a": "tie", "b": "tie"}
    assert two_accounts.columns["employees"].to_pylist() == [None, None]


def test_countries_part_firms_of_one_name() -> None:
    accounts = [{"account": country, "name": "Omega", "country": country} for country in ("CH", "FR")]
    records = [{"duns": "1", "company": "Omega SA", "land": "France", "headcount": 1}]
    records.append({"duns": "2", "company": "Omega SA", "land": "Switzerland", "headcount": 2})
    assert run(accounts, records).columns["employees"].to_pylist() == [2, 1]


def test_an_account_of_unknown_country_ties_between_countries() -> None:
    records = [{"duns": land, "company": "Omega SA", "land": land} for land in ("FR", "CH")]
    assert decisions(run([{"account": "a", "name": "Omega SA"}], records)) == {"a": "tie"}


def test_a_record_goes_to_the_account_that_fits_it_better() -> None:
    accounts = [
        {"account": "a", "name": "Kensington Sofware", "country": "US"},
        {"account": "b", "name": "Kensington Software", "country": "US"},
    ]
    made = run(accounts, [{"duns": "1", "company": "Kensington Software", "land": "US"}], options={"threshold": 0.5})
    assert decisions(made) == {"a": "taken", "b": "matched"}


def test_a_record_that_is_matched_by_key_is_taken_for_names() -> None:
    accounts = [{"account": "a", "key": "k"}, {"account": "b", "name": "Acme", "country": "US"}]
    made = run(accounts, [{"duns": "k", "company": "Acme", "land": "US"}], matching=ALL)
    assert decisions(made) == {"a": "matched", "b": "taken"}


def test_near_misses_name_both_sides() -> None:
    account = {"account": "a", "name": "Advanced Micro Devices", "country": "US"}
    (row,) = run([account], [{"duns": "1", "company": "AMD", "land": "US"}]).tables["matches"].to_pylist()
    assert (row["decision"], row["record"], row["account_name"], row["record_name"]) == (
        "near miss",
        "1",
        "Advanced Micro Devices",
        "AMD",
    )
    assert 0.5 <= row["confidence"] < 0.85


def test_a_link_to_the_accounts_is_a_key() -> None:
    provider = Provider(
        "hoovers",
        "hoovers",
        Linked({}, 3, pa.array([1, None, 0]), ()),
        Traits(None, None, None, None),
        None,
        None,
        "",
        None,
    )
    matches = match_records(Traits(None, None, None, None), 3, provider, 0.9)
    assert matches.matched.tolist() == [2, 0, -1]


WORDS = st.sampled_from(
    "acme acmee amce metal metals works mueller müller ромашка romashka 54 55 group gmbh ag the j amw acmemetal".split()
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
FIRMS = st.lists(st.tuples(NAMES, st.sampled_from(["DE", "US", None])), max_size=12)
LIKE_WORDS = "abcdef bacdef abcdeg abcdefs abcdf abcd abce Абцдеф internationals internationale intrenationals".split()
LIKE_FIRMS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(LIKE_WORDS), min_size=1, max_size=4).map(" ".join), st.sampled_from([None, "DE"])
    ),
    max_size=8,
)


@given(FIRMS, FIRMS)
def test_blocking_changes_no_decision(
    accounts: list[tuple[str, str | None]], records: list[tuple[str, str | None]]
) -> None:
    """The same decisions when every name is compared with every other."""
    _assert_same_decisions(accounts, records)


@given(LIKE_FIRMS, LIKE_FIRMS)
def test_blocking_changes_no_decision_among_names_of_words_nearly_alike(
    accounts: list[tuple[str, str | None]], records: list[tuple[str, str | None]]
) -> None:
    _assert_same_decisions(accounts, records)


def test_few_of_many_names_whose_words_are_all_nearly_alike_are_compared() -> None:
    letters = np.random.default_rng(1).integers(0, 6, (2, 1_400, 5))
    names = [
        [
            " ".join("abcdef"[:at] + "abcdef"[new] + "abcdef"[at + 1 :] for at, new in zip(*pair, strict=True))
            for pair in rows
        ]
        for rows in np.swapaxes(letters, 0, 1).reshape(2, 700, 2, 5)
    ]
    ours, theirs = (
        [Placed(read, "DE") for name in some if (read := read_name(name, "DE")) is not None] for some in names
    )
    compared = sum(len(others) for _, others in pair_names(ours, theirs))
    assert 0 < compared < 700 * 700 // 50


def _assert_same_decisions(accounts: list[tuple[str, str | None]], records: list[tuple[str, str | None]]) -> None:
    own = _traits(accounts)
    linked = Linked({}, len(records), None, ())
    provider = Provider("hoovers", "hoovers", linked, _traits(records), None, None, "", None)
    blocked = match_records(own, len(accounts), provider, 0.85)
    exhaustive = match_records(own, len(accounts), provider, 0.85, pairing=_all_pairs)
    for part in ("decision", "record", "confidence"):
        one, other = getattr(blocked, part).tolist(), getattr(exhaustive, part).tolist()
        assert str(one) == str(other)
    assert blocked.rival_records == exhaustive.rival_records
    assert blocked.rival_accounts == exhaustive.rival_accounts


def _traits(firms: list[tuple[str, str | None]]) -> Traits:
    names, countries = zip(*firms, strict=True) if firms else ((), ())
    return Traits(None, None, pa.array(names, pa.string()), pa.array(countries, pa.string()))


def _all_pairs(ours: tuple[Placed, ...], theirs: tuple[Placed, ...]) -> list[tuple[int, Rows]]:
    everyone = np.arange(len(theirs))
    return [(position, everyone) for position in range(len(ours))]


@given(FIRMS, FIRMS, st.randoms(use_true_random=False))
def test_row_order_never_matters(
    accounts: list[tuple[str, str | None]], records: list[tuple[str, str | None]], random: object
) -> None:
    ours = [{"account": str(at), "name": name, "country": country} for at, (name, country) in enumerate(accounts)]
    theirs = [{"duns": str(at), "company": name, "land": land} for at, (name, land) in enumerate(records)]
    before = {
        row["account"]: (row["decision"], row["confidence"]) for row in run(ours, theirs).tables["matches"].to_pylist()
    }
    random.shuffle(ours)  # type: ignore[attr-defined]
    random.shuffle(theirs)  # type: ignore[attr-defined]
    after = {
        row["account"]: (row["decision"], row["confidence"]) for row in run(ours, theirs).tables["matches"].to_pylist()
    }
    assert before == after


@given(FIRMS, FIRMS)
def test_a_record_is_matched_at_most_once_by_name(
    accounts: list[tuple[str, str | None]], records: list[tuple[str, str | None]]
) -> None:
    ours = [{"account": str(at), "name": name, "country": country} for at, (name, country) in enumerate(accounts)]
    theirs = [{"duns": str(at), "company": name, "land": land} for at, (name, land) in enumerate(records)]
    rows = run(ours, theirs).tables["matches"].to_pylist()
    taken = [row["record"] for row in rows if row["decision"] == "matched"]
    assert len(taken) == len(set(taken))
