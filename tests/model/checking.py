"""Specs in, findings out: what the tests of the checker share."""

from collections.abc import Mapping
from textwrap import dedent
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.language.parser import parse
from segdsl.model.build import Outside, build_model
from segdsl.model.catalog import NO_PLUGINS, Catalog
from segdsl.model.expression import Expr
from segdsl.model.model import Model
from segdsl.record import dataclass
from segdsl.types import Type

# A table with a column of every type; those that end in _o may be missing.
KINDS = """
param as_of : date = 2026-01-01
set tech = ("Software", "IT services")
source accounts from "accounts.csv" {
  account_id : text key
  t : text          t_o : text?
  c : category      c_o : category?
  k : category("a", "b")  k_o : category("a", "b")?
  n : count         n_o : count?
  i : int           i_o : int?
  x : number        x_o : number?
  r : ratio         r_o : ratio?
  m : money(USD)    m_o : money(USD)?
  e : money(EUR)
  d : date          d_o : date?
  s : timestamp     s_o : timestamp?
  u : duration      u_o : duration?
  b : bool          b_o : bool?
  l : list(category)  l_o : list(category)?
}
source invoices from "invoices.csv" {
  invoice_id : text key
  account_id : text
  paid_on    : date
  amount     : money(USD)
  late       : bool?
  links account_id to accounts
}
population customers from accounts { keep "has seats" when n > 0 }
score quality for customers { base m  grade quartiles }
segmentation fit for customers {
  segment core when n > 50 { segment north when k == "a"  segment rest otherwise }
  segment other otherwise
}
"""

# So that nothing of the table above is warned of as never used.
USES = 'population users from accounts { keep "tech" when c in tech and d < as_of }'


@dataclass(frozen=True, slots=True)
class Checked:
    """A model, if the spec has one, and what was found; `source` is the text that was checked."""

    model: Model | None
    found: tuple[Diagnostic, ...]
    source: SourceText

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.found]

    @property
    def good(self) -> Model:
        assert self.model is not None, self.told
        return self.model

    @property
    def told(self) -> list[str]:
        """Code, marked text and message of each finding."""
        return [f"{d.code} {self.marked(d)}: {d.message} ({d.help})" for d in self.found]

    def marked(self, found: Diagnostic) -> str:
        return self.source.slice(found.labels[0].span) if found.labels else ""


def check(
    text: str,
    catalog: Catalog = NO_PLUGINS,
    lists: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Checked:
    """What the checker makes of one spec, syntax and model together."""
    source = SourceText("spec.seg", dedent(text))
    tree, mistakes = parse(source)
    model, found = build_model((tree,), Outside(catalog, lists, settings))
    return Checked(None if mistakes else model, (*mistakes, *found), source)


def check_term(term: str) -> Checked:
    """A derived field of `accounts` with this term."""
    return check(f"{KINDS}\nderive accounts {{ probe = {term} }}\n{USES}")


def expr_of(term: str) -> Expr:
    checked = check_term(term)
    return checked.good.fields["accounts", "probe"].expr


def type_of(term: str) -> Type | str:
    """The type of a term, or the code of the one thing that is wrong with it."""
    checked = check_term(term)
    errors = [found for found in checked.found if found.is_error]
    if errors:
        assert len(errors) == 1, checked.told
        return errors[0].code
    return checked.good.fields["accounts", "probe"].expr.type


def the_one(checked: Checked) -> Diagnostic:
    assert len(checked.found) == 1, checked.told
    return checked.found[0]
