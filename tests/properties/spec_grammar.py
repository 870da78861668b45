"""Random specs from the grammar itself: every production of grammar.lark is expanded as Lark reads it.

The generator knows nothing of the language but the grammar's rules and the words in `spec_words`, so a production
that is added to the grammar is tried without a change here.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

from lark import Lark
from lark.grammar import Rule

from segdsl.language.grammar import read_grammar
from tests.properties.spec_words import draw_text

# Deeper or longer than this, in rules and in tokens, a spec is ended by the shortest productions; the deeper it is,
# the more often they are taken before.
DEEPEST = 24
LONGEST = 160
# Repetitions such as `declaration*` go on with this chance.
GO_ON = 0.6
# Drawn half of the time where it may be: a column's clause needs a column before it, which the grammar leaves to the
# parser.
LIKELY = "column"


@dataclass(frozen=True, slots=True)
class Production:
    """One way to expand a rule; `depth` is that of its shallowest expansion, counted in rules."""

    rule: str
    symbols: tuple[str, ...]
    depth: int

    def __str__(self) -> str:
        return f"{self.rule}: {' '.join(self.symbols)}"


def _shallowest(rules: list[Rule]) -> dict[str, int]:
    """The least depth of each symbol's expansions; a terminal has 0."""
    depths = {symbol.name: 0 for rule in rules for symbol in rule.expansion if symbol.is_term}
    changed = True
    while changed:
        changed = False
        for rule in rules:
            below = [depths.get(symbol.name) for symbol in rule.expansion]
            if any(depth is None for depth in below):
                continue
            depth = 1 + max((depth for depth in below if depth is not None), default=0)
            if depth < depths.get(rule.origin.name, depth + 1):
                depths[rule.origin.name] = depth
                changed = True
    return depths


@dataclass(slots=True)
class SpecGrammar:
    """The productions of the grammar, and how often each has been used."""

    productions: dict[str, tuple[Production, ...]]
    fixed: dict[str, str]
    keywords: tuple[str, ...]
    used: Counter[Production] = field(default_factory=Counter)
    everything: tuple[Production, ...] = ()
    _distances: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.everything = tuple(p for choices in self.productions.values() for p in choices)

    def draw_tokens(self, random: Random) -> list[str]:
        """The tokens of a random spec, drawn so as to come by one production, which is drawn too."""
        aim: Production | None = random.choice(self.everything)
        distances = self._distances_to(aim.rule)
        tokens: list[str] = []
        waiting = [("start", 0)]
        while waiting:
            symbol, depth = waiting.pop()
            choices = self.productions.get(symbol)
            if choices is None:
                tokens.append(self.fixed.get(symbol) or draw_text(symbol, random, self.keywords))
                continue
            ending = depth > DEEPEST or len(tokens) + len(waiting) > LONGEST
            hurried = ending or depth > random.randrange(DEEPEST)
            if aim is not None and symbol == aim.rule:
                production, aim = aim, None
            elif aim is not None and symbol in distances and not ending and random.random() < 0.6:
                production = _nearest(choices, distances, random)
            else:
                production = self._choose(choices, random, hurried)
            self.used[production] += 1
            # A repetition is a rule of its own to Lark; it takes no depth, or no list could be long.
            below = depth if symbol.startswith("__") else depth + 1
            waiting.extend((part, below) for part in reversed(production.symbols))
        return tokens

    def _distances_to(self, rule: str) -> dict[str, int]:
        """How many expansions away from a rule each symbol is; those that don't lead to it are left out."""
        if rule not in self._distances:
            found = {rule: 0}
            ring = {rule}
            while ring:
                above = {p.rule for p in self.everything if p.rule not in found and not ring.isdisjoint(p.symbols)}
                found.update(dict.fromkeys(above, max(found.values()) + 1))
                ring = above
            self._distances[rule] = found
        return self._distances[rule]

    def _choose(self, choices: tuple[Production, ...], random: Random, hurried: bool) -> Production:
        if len(choices) == 1:
            return choices[0]
        if hurried:
            shallowest = min(production.depth for production in choices)
            return random.choice([p for p in choices if p.depth == shallowest])
        rule = choices[0].rule
        if rule.startswith("__"):
            going_on = [p for p in choices if rule in p.symbols]
            ending = [p for p in choices if rule not in p.symbols]
            return random.choice(going_on if going_on and random.random() < GO_ON else ending)
        # Repetitions are likely too, or most specs would be empty.
        likely = [p for p in choices if p.symbols == (LIKELY,) or any(part.startswith("__") for part in p.symbols)]
        if likely and random.random() < 0.5:
            return random.choice(likely)
        return random.choice(choices)

    def unused(self) -> list[Production]:
        """The productions that no spec has used so far."""
        return [p for p in self.everything if not self.used[p]]


def _nearest(choices: tuple[Production, ...], distances: dict[str, int], random: Random) -> Production:
    """A production that leads on to where the distances are measured from."""
    ahead = [(min((distances[s] for s in p.symbols if s in distances), default=None), p) for p in choices]
    least = min(distance for distance, _ in ahead if distance is not None)
    return random.choice([p for distance, p in ahead if distance == least])


def load_grammar() -> SpecGrammar:
    """The grammar of the language, none of it used yet."""
    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)
    depths = _shallowest(lark.rules)
    productions: dict[str, list[Production]] = defaultdict(list)
    for rule in lark.rules:
        symbols = tuple(symbol.name for symbol in rule.expansion)
        depth = 1 + max((depths[name] for name in symbols), default=0)
        productions[rule.origin.name].append(Production(rule.origin.name, symbols, depth))
    fixed = {t.name: t.pattern.value for t in lark.terminals if t.pattern.type == "str"}
    keywords = tuple(sorted(text for text in fixed.values() if text.isalpha()))
    return SpecGrammar({rule: tuple(all_) for rule, all_ in productions.items()}, fixed, keywords)


COMMENTS = ("#", "# a comment", '#! `quoted` "text" { ( [', "# 全角 комментарий", "#\ttab", "# " + "long " * 30)


def join_tokens(tokens: list[str], random: Random) -> str:
    """The tokens as a text, with white space as an untidy author leaves it."""
    breaks = random.choice((0.05, 0.3, 0.8))
    pieces: list[str] = []
    for token in tokens:
        pieces.append(token)
        pieces.append(random.choice(("\n", "\n\n", "\n  ", "\r\n")) if random.random() < breaks else " ")
    return "".join(pieces)


def join_with_comments(tokens: list[str], random: Random) -> tuple[str, tuple[str, ...]]:
    """The tokens as a text with comments and blank lines anywhere between them, and the comments in order."""
    share = random.choice((0.02, 0.1, 0.5))
    pieces: list[str] = []
    comments: list[str] = []
    for token in ("", *tokens):
        pieces.append(token)
        while random.random() < share:
            comment = f"{random.choice(COMMENTS).rstrip()} {len(comments)}"
            comments.append(comment)
            pieces.append(random.choice((" ", "\n", "\n\n   ", "\n\n\n")))
            pieces.append(comment)
            pieces.append(random.choice(("\n", "\n\n", "\n\t\n\n")))
        pieces.append(random.choice((" ", " ", "\n", "\n\n", "\n\n\n\n")))
    return "".join(pieces), tuple(comments)
