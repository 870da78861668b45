"""A plugin of each kind: what they declare. What they do is in the other modules."""

from collections.abc import Iterable

from segdsl.plugin import (
    COUNT,
    RATIO,
    TEXT,
    Enricher,
    Evaluator,
    Exporter,
    Function,
    Input,
    Kind,
    Output,
    Reader,
    Scope,
    Section,
    Segmenter,
    category,
    hookimpl,
    later,
)

TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
DAYS = frozenset({Kind.DATE, Kind.TIMESTAMP})

FISCAL = Enricher(
    name="fiscal",
    title="Quarters of a business year, and open deals",
    outputs=(
        Output(
            "quarter",
            "The quarter of the business year that the day lies in. Missing where the day is missing.",
            (Input("day", DAYS),),
            category("Q1", "Q2", "Q3", "Q4").or_missing(),
        ),
        Output(
            "rows_of_*",
            "How many rows of another table point to the account.",
            (Input("column of the other table", TEXTS),),
            COUNT,
            Scope.TABLE,
            also=(("*_share", RATIO),),
        ),
    ),
    make=later("segdsl_stranger.enriching:make"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "starts": {
                "type": "integer",
                "minimum": 1,
                "maximum": 12,
                "default": 1,
                "description": "the month, from 1 to 12, in which the business year starts",
            },
        },
    },
    cost="nothing",
)

INITIALS = Function(
    name="initials",
    title="The first letters of the words of a text",
    arguments=(Input("text", TEXTS),),
    result=TEXT.or_missing(),
    compute=later("segdsl_stranger.enriching:initials"),
    example='initials(name) == "AC"',
)

MEDIAN_SPLIT = Segmenter(
    name="median_split",
    title="Two segments: below the median of a number, and from it on",
    fit=later("segdsl_stranger.segmenting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["by"],
        "properties": {"by": {"type": "string", "format": "field", "description": "the number to halve by"}},
    },
)

PLACED = Evaluator(
    name="placed",
    title="The share of rows that are in a segment",
    measure=later("segdsl_stranger.segmenting:measure"),
)

PAIRS = Reader(
    name="pairs",
    title="Files of lines such as id=7|country=DE",
    read=later("segdsl_stranger.files:read"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "separator": {
                "type": "string",
                "minLength": 1,
                "maxLength": 1,
                "default": "|",
                "description": "the sign between fields",
            },
        },
    },
)

JSON_LINES = Exporter(
    name="json_lines",
    title="Lists as lines of JSON",
    write=later("segdsl_stranger.files:write"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "ascii": {"type": "boolean", "default": False, "description": "whether to write ASCII signs only"},
        },
    },
)

LIST_SIZES = Section(
    name="list_sizes",
    title="How long the lists are",
    write=later("segdsl_stranger.telling:tell"),
)


@hookimpl
def segdsl_enrichers() -> Iterable[Enricher]:
    return (FISCAL,)


@hookimpl
def segdsl_functions() -> Iterable[Function]:
    return (INITIALS,)


@hookimpl
def segdsl_segmenters() -> Iterable[Segmenter]:
    return (MEDIAN_SPLIT,)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    return (PLACED,)


@hookimpl
def segdsl_readers() -> Iterable[Reader]:
    return (PAIRS,)


@hookimpl
def segdsl_exporters() -> Iterable[Exporter]:
    return (JSON_LINES,)


@hookimpl
def segdsl_sections() -> Iterable[Section]:
    return (LIST_SIZES,)
