"""A spec with findings in it, for the tests of all renderers."""

from segdsl.diagnostics import Diagnostic, Label, RowExamples, SourceText, Span

SPEC = SourceText(
    "customers.seg",
    "population customers from accounts {\n"
    '  keep "paying" when mrr > $0\n'
    "}\n"
    "segmentation 規模 for customers {\n"
    '  segment 大企業 "東京"\twhen emploees > 500\n'
    "  segment small otherwise\n"
    "}\n",
)
TEXTS = {SPEC.file: SPEC}


def span_of(text: str, source: SourceText = SPEC) -> Span:
    start = source.text.index(text)
    return Span(source.file, start, start + len(text))


UNKNOWN = Diagnostic(
    "SEG201",
    "`emploees` is no field of `accounts`",
    (Label(span_of("emploees"), "not declared"),),
    expected="a field of `accounts`",
    help="did you mean `employees`?",
)
TWICE = Diagnostic(
    "SEG202",
    "`customers` is declared twice",
    (Label(span_of("population customers")), Label(span_of("for customers"), "used here")),
    notes=("first line\nsecond line",),
)
TALL = Diagnostic(
    "SEG104",
    "this block has no end",
    (Label(Span(SPEC.file, SPEC.text.index("segmentation"), len(SPEC.text) - 1), "never closed"),),
)
BREACH = Diagnostic(
    "SEG602",
    "94 values of `mrr` aren't money",
    rows=(RowExamples("data/accounts.csv", 94, (3, 17, 204), ("n/a", "\x1b[31mred", "n/a")),),
    help="add `lenient`",
)
MENDED = Diagnostic("SEG613", "3 duplicates dropped", rows=(RowExamples("data/accounts.csv", 3),))
ACCEPTED = Diagnostic("SEG804", "never used", UNKNOWN.labels, accepted="it comes later")
ALL = (MENDED, UNKNOWN, BREACH, TWICE, TALL)
