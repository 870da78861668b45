"""Accounts as a CRM export has them, of any length, from a seed: names, places, addresses, codes, sizes, parents."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pycountry

from segdsl_firmographic.industries import classification

SEED = 20260131
CLOCK = date(2026, 1, 1)
HISTORY_YEARS = 3

_HEADS = (
    "Alpha Nord Blue Sun Terra Quant Vero Luma Kiro Hexa Silva Porta Delta Mira Aero Gran Octa Vita Argo Nova".split()
)
_MIDDLES = (
    "soft trade log med data build food tech pharm metal chem port net works craft land gas print cast mark".split()
)
_TAILS = (
    "Systems,Logistics,Foods,Partners,Labs,Group,Industries,Solutions,Trading,Services,Engineering,Health,Energy,"
    "Consulting,Media,Capital,Holdings,Software,Textiles,Motors"
).split(",")
_FORMS = (
    "Inc.,LLC,Ltd,GmbH,AG,S.A.,S.r.l.,B.V.,Oy,AB,A/S,Pty Ltd,Corp.,LLP,SARL,Sp. z o.o.,S.L.,KG,PLC,NV,ООО,MChJ,,,"
).split(",")
_SPELLINGS = (
    "USA,U.S.A.,United States of America,US,UK,Great Britain,England,Deutschland,Holland,The Netherlands,Brasil,"
    "Italia,España,Schweiz,Suisse,Österreich,Россия,Russia,South Korea,Korea,Viet Nam,Czechia,UAE,Turkey,Türkiye"
).split(",")
_STATES = "CA NY TX FL IL PA OH GA NC MI NJ VA WA AZ MA TN IN MO MD WI CO MN SC AL LA KY OR OK CT UT".split()
_TOP_DOMAINS = "com com com com net org io co.uk de fr nl com.au se pl it es".split()
_FREE_MAIL = "gmail.com yahoo.com hotmail.com outlook.com".split()
_SIZES = "{0}-{1} employees;{0} - {1};about {0};{0}+;more than {0};{0}".split(";")


def make_companies(rows: int, seed: int = SEED) -> pa.Table:
    """The accounts: about a million names, 270 spellings of countries, 600,000 addresses and 1,000 industry codes."""
    rng = np.random.default_rng(seed)
    spellings = [country.name for country in pycountry.countries] + _SPELLINGS
    founded = 2026 - np.minimum(rng.geometric(0.05, rows), 300)
    employees = np.minimum(np.exp(rng.normal(3.5, 1.8, rows)), 2e6).astype(np.int64)
    industries = [code for code in classification("naics").code.to_pylist() if len(code) == 6]
    return pa.table(
        {
            "account_id": pa.array(np.arange(rows)).cast(pa.string()),
            "name": _names(rows, rng),
            "country": _some(rng.permutation(spellings).tolist(), rows, rng, missing=0.03),
            "state": _some(_STATES, rows, rng, missing=0.5),
            "postal_code": pa.array(rng.integers(501, 99_951, rows).astype(str)).take(_shuffled(rows, rng)),
            "website": _addresses(rows, rng),
            "vat_number": _vat_numbers(rows, rng),
            "naics": _some(industries, rows, rng, missing=0.05),
            "employees": pa.array(employees, mask=rng.random(rows) < 0.1),
            "size_text": _size_texts(employees, rng),
            "revenue": _money(np.exp(rng.normal(14.5, 2.0, rows))),
            "founded": pa.array(founded, mask=rng.random(rows) < 0.1),
            "parent": _parents(rows, rng),
        }
    )


def make_history(rows: int, seed: int = SEED) -> pa.Table:
    """The revenue of each account at the end of some years: its row, the day, and the amount."""
    rng = np.random.default_rng(seed + 1)
    account = np.tile(np.arange(rows, dtype=np.int32), HISTORY_YEARS)
    days = np.repeat(np.array([f"{CLOCK.year - year}-12-31" for year in range(1, HISTORY_YEARS + 1)], "M8[D]"), rows)
    amount = np.exp(rng.normal(14.5, 2.0, len(account)))
    return pa.table({"row": account, "as_of": pa.array(days), "revenue": _money(amount)})


def _names(rows: int, rng: np.random.Generator) -> pa.Array:
    parts = (_HEADS, _MIDDLES, _TAILS, _FORMS)
    picks = [rng.integers(0, len(part), rows).tolist() for part in parts]
    chosen = zip(*([part[i] for i in pick] for part, pick in zip(parts, picks, strict=True)), strict=True)
    return pa.array(
        [f"{head}{middle} {tail} {n} {form}".rstrip() for n, (head, middle, tail, form) in enumerate(chosen)]
    )


def _addresses(rows: int, rng: np.random.Generator) -> pa.Array:
    """Sites and e-mail addresses of six companies in ten; the rest share them, have none, or use free mail."""
    numbers = rng.integers(0, max(1, int(rows * 0.75)), rows).tolist()
    kinds = rng.integers(0, 10, rows).tolist()
    return pa.array([_address(kind, number) for kind, number in zip(kinds, numbers, strict=True)])


def _address(kind: int, number: int) -> str | None:
    host = f"company{number}.{_TOP_DOMAINS[number % len(_TOP_DOMAINS)]}"
    match kind:
        case 0:
            return None
        case 1:
            return f"owner{number}@{_FREE_MAIL[number % len(_FREE_MAIL)]}"
        case 2 | 3:
            return f"info@{host}"
        case 4 | 5:
            return host
        case _:
            return f"https://www.{host}/en"


def _vat_numbers(rows: int, rng: np.random.Generator) -> pa.Array:
    numbers = rng.integers(100_000_000, 999_999_999, rows).astype(str)
    prefixes = rng.choice(np.array(["DE", "FR12", "IT00", "PL1"]), rows)
    return pa.array(np.char.add(prefixes, numbers), mask=rng.random(rows) < 0.5)


def _size_texts(employees: npt.NDArray[np.int64], rng: np.random.Generator) -> pa.Array:
    """Sizes in words, of round numbers, so that there are a few thousand."""
    rounded = np.maximum(1, 10 ** np.round(np.log10(np.maximum(employees, 1)), 1)).astype(np.int64).tolist()
    forms = rng.integers(0, len(_SIZES), len(rounded)).tolist()
    texts = [_SIZES[form].format(size, size * 2) for form, size in zip(forms, rounded, strict=True)]
    return pa.array(texts, mask=rng.random(len(texts)) < 0.2)


def _parents(rows: int, rng: np.random.Generator) -> pa.Array:
    """One account in five belongs to another one before it, and one in fifty to an owner outside the list."""
    numbers = np.arange(rows)
    owner = (rng.random(rows) * numbers).astype(np.int64).astype(str)
    outside = np.char.add("holding ", (numbers % 5_000).astype(str))
    kind = rng.random(rows)
    return pa.array(np.where(kind < 0.2, owner, outside), mask=(kind > 0.22) | (numbers == 0))


def _some(texts: Sequence[str], rows: int, rng: np.random.Generator, missing: float) -> pa.Array:
    """Texts as they are used: the second half as often as the first, and so on, with some missing."""
    weights = 1 / np.arange(1, len(texts) + 1)
    places = rng.choice(len(texts), rows, p=weights / weights.sum())
    return pa.array(texts).take(pa.array(places, mask=rng.random(rows) < missing))


def _money(amounts: npt.NDArray[np.float64]) -> pa.Array:
    whole = pa.array(np.minimum(amounts, 1e12).astype(np.int64))
    return whole.cast(pa.decimal128(25, 6)).cast(pa.decimal128(19, 6))


def _shuffled(rows: int, rng: np.random.Generator) -> pa.Array:
    return pa.array(rng.permutation(rows))
