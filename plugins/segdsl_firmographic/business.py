"""Makes the outputs that `business_outputs` declares."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Asked, Call, Duration, Made, Note, Refused
from segdsl_firmographic import corporate
from segdsl_firmographic.ages import FIRST_YEAR, Founding, read_founding
from segdsl_firmographic.bands import (
    CUSTOMARY_EMPLOYEES,
    SIZE_CLASSES,
    Bands,
    age_bands,
    employee_bands,
    revenue_bands,
)
from segdsl_firmographic.corporate import Groups, describe_circles, find_groups
from segdsl_firmographic.growth import Span, find_growth
from segdsl_firmographic.industries import classification, find_industries
from segdsl_firmographic.sizes import band_names, known_sizes, read_sizes, sme_classes

# What an output is, and what the user should know of it.
Answer: TypeAlias = tuple[pa.Array, tuple[Note, ...]]
Maker: TypeAlias = Callable[[Call, Asked], Answer]

_YEAR = Duration(months=12)
_DAY = 86_400


# Outputs that read the same column in the same way; what is wrong with it is said once.
_INDUSTRY_LEVELS = ("code", "title", "group", "division", "sector", "section")
_INDUSTRIES = tuple(f"industry_{level}" for level in _INDUSTRY_LEVELS)
_EMPLOYEES = ("employees_low", "employees_high", "employees_mid", "size_band", "employees_band")
_AGES = ("founded_year", "company_age", "age_band")


def _noted(asked: Asked, message: str, where: pa.Array, help: str = "") -> tuple[Note, ...]:
    """The note about some rows, or none where there are none."""
    return (Note(message, where, asked.name, help),) if pc.any(where).as_py() else ()


def _is_first(call: Call, asked: Asked, alike: tuple[str, ...]) -> bool:
    """Whether no like output before it is made from the same columns."""
    return next(one for one in call.asked if one.output in alike and one.columns == asked.columns) is asked


def _industry(level: str, call: Call, asked: Asked) -> Answer:
    system = str(call.options["industry_system"])
    (codes,) = asked.inputs
    rows = find_industries(codes, system)
    unknown = pc.and_(_is_written(codes), pc.is_null(rows))
    message = f"codes of industries that {system.upper()} doesn't have"
    help = "check which system the codes are of, and name it by `industry_system`"
    notes = _noted(asked, message, unknown, help) if _is_first(call, asked, _INDUSTRIES) else ()
    return pc.take(getattr(classification(system), level), rows), notes


def _is_written(values: pa.Array) -> pa.Array:
    """Whether there is a value; a text of spaces is none."""
    if pa.types.is_string(values.type):
        return pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(values), ""), False)
    return pc.is_valid(values)


def _size_end(end: str, call: Call, asked: Asked) -> Answer:
    (texts,) = asked.inputs
    sizes = read_sizes(texts)
    return getattr(sizes, end), _unread_sizes(call, asked, sizes.mid)


def _employee_band(bands: Bands | None, call: Call, asked: Asked) -> Answer:
    (employees,) = asked.inputs
    known = read_sizes(employees).mid if pa.types.is_string(employees.type) else known_sizes(employees)
    chosen = _settled(employee_bands(call.options)) if bands is None else bands
    return band_names(known, chosen), _unread_sizes(call, asked, known)


def _unread_sizes(call: Call, asked: Asked, known: pa.Array) -> tuple[Note, ...]:
    (written,) = asked.inputs
    message = "sizes without a number of employees" if pa.types.is_string(written.type) else "employees below zero"
    unread = pc.and_(_is_written(written), pc.is_null(known))
    return _noted(asked, message, unread) if _is_first(call, asked, _EMPLOYEES) else ()


def _revenue_band(call: Call, asked: Asked) -> Answer:
    (revenue,) = asked.inputs
    known = known_sizes(revenue)
    below = pc.and_(pc.is_valid(revenue), pc.is_null(known))
    return band_names(known, _settled(revenue_bands(call.options))), _noted(asked, "revenue below zero", below)


def _sme_class(call: Call, asked: Asked) -> Answer:
    amounts = [known_sizes(values) for values in asked.inputs]
    balance_sheet = amounts[2] if len(amounts) == 3 else None
    classes = pc.take(pa.array(SIZE_CLASSES), sme_classes(amounts[0], amounts[1], balance_sheet))
    below = pa.array([False] * call.length, pa.bool_())
    for given, known in zip(asked.inputs, amounts, strict=True):
        below = pc.or_(below, pc.and_(pc.is_valid(given), pc.is_null(known)))
    return classes, _noted(asked, "employees, turnover or balance sheet totals below zero", below)


def _settled(bands: Bands | str) -> Bands:
    """Bands that `check` has found in order; else the reason is the user's."""
    if isinstance(bands, str):
        raise Refused(bands)
    return bands


def _founding(call: Call, asked: Asked) -> tuple[Founding, tuple[Note, ...]]:
    (founded,) = asked.inputs
    found = read_founding(founded, call.clock)
    wrong = f"foundings before the year {FIRST_YEAR} or after {call.clock}"
    unread = pc.and_(pc.and_(_is_written(founded), pc.is_null(found.year)), pc.invert(found.wrong))
    if not _is_first(call, asked, _AGES):
        return found, ()
    return found, (*_noted(asked, wrong, found.wrong), *_noted(asked, "foundings without a year", unread))


def _founded_year(call: Call, asked: Asked) -> Answer:
    found, notes = _founding(call, asked)
    return found.year, notes


def _company_age(call: Call, asked: Asked) -> Answer:
    found, notes = _founding(call, asked)
    return found.age, notes


def _age_band(call: Call, asked: Asked) -> Answer:
    found, notes = _founding(call, asked)
    return band_names(found.age, _settled(age_bands(call.options))), notes


MAKERS: Mapping[str, Maker] = {
    **{f"industry_{level}": partial(_industry, level) for level in _INDUSTRY_LEVELS},
    **{f"employees_{end}": partial(_size_end, end) for end in ("low", "high", "mid")},
    "size_band": partial(_employee_band, None),
    "employees_band": partial(_employee_band, CUSTOMARY_EMPLOYEES),
    "revenue_band": _revenue_band,
    "sme_class": _sme_class,
    "founded_year": _founded_year,
    "company_age": _company_age,
    "age_band": _age_band,
}


def make_tables(call: Call, asked: tuple[Asked, ...]) -> Made:
    """The outputs that see whole tables: growth, and the corporate hierarchy."""
    columns: dict[str, pa.Array] = {}
    notes: list[Note] = []
    trees: dict[str, Groups] = {}
    for one in asked:
        if one.output == "growth":
            columns[one.name], found = _growth(call, one)
            notes.extend(found)
            continue
        parent = one.columns[0]
        if parent.column not in trees:
            trees[parent.column] = _groups(call, one)
            notes.extend(_circular(one, trees[parent.column]))
        columns[one.name], found = _of_group(trees[parent.column], one)
        notes.extend(found)
    return Made(columns, tuple(notes))


def _groups(call: Call, asked: Asked) -> Groups:
    if len(call.key) != 1:
        raise Refused(f"parents name accounts by one column, and the key of `{call.table}` has {len(call.key)}")
    if any(column.table != call.table for column in asked.columns):
        raise Refused(f"`{asked.name}` is made from columns of `{call.table}` alone")
    key, parent = call.key[0], asked.inputs[0]
    if pa.types.is_string(key.type) and not pa.types.is_string(parent.type):
        raise Refused(f"`{asked.columns[0].column}` holds numbers, and the key of `{call.table}` is text")
    return find_groups(key.cast(parent.type), parent)


def _circular(asked: Asked, groups: Groups) -> tuple[Note, ...]:
    if not groups.circles:
        return ()
    message = f"accounts whose parents go round in a circle: {describe_circles(groups)}"
    return _noted(asked, message, pa.array(groups.circular), "mend the parents; these accounts have no group")


def _of_group(groups: Groups, asked: Asked) -> Answer:
    match asked.output:
        case "hierarchy":
            return corporate.kinds(groups), ()
        case "ultimate_parent":
            return corporate.tops(groups), ()
        case "hierarchy_level":
            return corporate.levels(groups), ()
        case "group_size":
            return corporate.sizes(groups), ()
        case _:
            sums, large = corporate.totals(groups, asked.inputs[1])
            return sums, _noted(asked, "sums over a group that are too large to be kept", large)


def _growth(call: Call, asked: Asked) -> Answer:
    figure, day = asked.columns
    history = call.tables.get(figure.table)
    if history is None or history.rows is None or day.table != figure.table:
        raise Refused(
            f"`{asked.name}` needs a figure and its day from one table of records that links to `{call.table}`",
            expected="`growth from history.revenue, history.as_of`",
            help=f"`links ... to {call.table}` in the source of the records says whose they are",
        )
    figures, days = asked.inputs
    found = find_growth(history.rows, figures, days, call.length, _span(call), call.clock)
    negative = _noted(asked, "figures that grow from zero or less, or to less than zero", found.not_positive)
    clash = _noted(asked, "figures with two values for one day", found.ambiguous, "keep one record for each day")
    return found.rates, (*negative, *clash)


def _span(call: Call) -> Span:
    over = call.options.get("growth_over", _YEAR)
    assert isinstance(over, Duration)
    half = Duration(over.months // 2, over.seconds // 2 + over.months % 2 * 15 * _DAY)
    tolerance = call.options.get("growth_tolerance", half)
    assert isinstance(tolerance, Duration)
    return Span(over.months, over.seconds // _DAY, tolerance.months, tolerance.seconds // _DAY)
