"""Words for random specs: one text for each terminal of the grammar, drawn so that the awkward ones come up often."""

from collections.abc import Callable
from random import Random

PLAIN_NAMES = ("a", "mrr", "employees", "annual_revenue", "_x", "q\u0301x", "größe", "名前", "данные", "x2", "is_test")
# Each is awkward in its own way: signs of the language, words of it, units behind a number, wide and combining
# characters, right-to-left text, letters whose canonical form is another one (Kelvin sign) or a backquote (varia).
QUOTED_NAMES = (
    "Annual Revenue",
    "a.b",
    "#no comment",
    "{",
    "}}",
    '"',
    "a: b",
    "x = y",
    "and",
    "from",
    "higher",
    "lower",
    "proxy",
    "dropped",
    "true",
    "case",
    "months",
    "USD",
    "ARR",
    "2nd",
    "e\u0301te\u0301",
    "全角 の名",
    "שלום",
    "\u212a",
    "\u1fef",
    "tab\tinside",
    "line\u2028separator",
    "//",
    "'",
)
TEXTS = (
    '""',
    '"text"',
    '"Software"',
    r'"a \"quoted\" word"',
    r'"back\\slash"',
    r'"two\nlines"',
    r'"\u{1F600} \u{e9}"',
    '"# no comment"',
    '"} { ( ["',
    '"`"',
    '"全角の文字列 is wide"',
    '"e\u0301"',
    '"\u202eright to left"',
    '"tab\there"',
    '"\u2028\x0b\x0c"',
    '"' + "long " * 30 + '"',
)
RAW_TEXTS = ('r""', r'r"^\d+\s*$"', r'r"a|b"', r'r"\"', 'r"#"')
NUMBERS = ("0", "1", "2", "100", "1_000", "0.5", "10k", "2.5M", "1B", "12345678901234567890")
MONEY = ("$0", "$250", "€1.5k", "£ 3", "¥1_000", "250 GBP", "1.5k  EUR", "3\nUSD", "₹2B")
DURATIONS = ("90 days", "12 months", "1 year", "2  weeks", "3\nhours", "1.5 days", "0 minutes", "1_000 days")
PERCENTS = ("0%", "20%", "2.5 %", "100%", "1_000%")
DATES = ("2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31")
TIMESTAMPS = (
    "2026-01-31T09:00:00Z",
    "2026-01-31T09:00",
    "2026-01-31T09:00:00.123456+02:00",
    "1970-01-01T00:00:00-08:00",
)
# Literals by form only: there is no such day, number, currency, escape or number of months.
HOLLOW = {
    "DATE": ("2026-02-31", "0000-00-00"),
    "TIMESTAMP": ("2026-01-31T25:00:00Z", "2026-13-01T00:00"),
    "MONEY": ("1 XXX", "5 QQQ"),
    "DURATION": ("0.3 months", "99999999999999999999 years"),
    "STRING": (r'"\q"', r'"\u{D800}"', r'"\u{FFFFFF}"'),
    "NUMBER": ("9" * 40, "007", "1_"),
}
SPACES = ("", " ", "  ", "\n", "\t ")


def _draw_name(random: Random, keywords: tuple[str, ...]) -> str:
    roll = random.random()
    if roll < 0.7:
        return random.choice(PLAIN_NAMES)
    if roll < 0.85:
        return f"`{random.choice(QUOTED_NAMES)}`"
    # Only now and then bare: where that isn't allowed the whole spec is of no use to a test of what parses.
    return random.choice(keywords) if roll > 0.995 else f"`{random.choice(keywords)}`"


def _draw_head(sign: str) -> Callable[[Random, tuple[str, ...]], str]:
    """A name in front of a sign, where words of the language may stand bare."""

    def draw(random: Random, keywords: tuple[str, ...]) -> str:
        name = random.choice(keywords) if random.random() < 0.2 else _draw_name(random, keywords)
        return f"{name}{random.choice(SPACES)}{sign}"

    return draw


def _draw_from(*choices: str) -> Callable[[Random, tuple[str, ...]], str]:
    return lambda random, _: random.choice(choices)


_DRAWS: dict[str, Callable[[Random, tuple[str, ...]], str]] = {
    "NAME": _draw_name,
    "NAME_COLON": _draw_head(":"),
    "NAME_EQ": _draw_head("="),
    "STRING": _draw_from(*TEXTS),
    "RAW_STRING": _draw_from(*RAW_TEXTS),
    "NUMBER": _draw_from(*NUMBERS),
    "MONEY": _draw_from(*MONEY),
    "DURATION": _draw_from(*DURATIONS),
    "PERCENT": _draw_from(*PERCENTS),
    "DATE": _draw_from(*DATES),
    "TIMESTAMP": _draw_from(*TIMESTAMPS),
    "KNOWN_FROM": _draw_from("known from", "known\n  from"),
    "KNOWN_AFTER": _draw_from("known after", "known \t after"),
}

PATTERN_TERMINALS = frozenset(_DRAWS)


def draw_text(terminal: str, random: Random, keywords: tuple[str, ...]) -> str:
    """A text for a terminal that is a pattern; one in a hundred literals has the form only."""
    if terminal in HOLLOW and random.random() < 0.01:
        return random.choice(HOLLOW[terminal])
    return _DRAWS[terminal](random, keywords)
