"""Proxies that would make a hypothesis come out true whatever the customers are like, or that no prospect has."""

from collections.abc import Iterator

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.model.expression import Expr
from segdsl.model.lineage import Ground, Lineage, Use, way
from segdsl.model.model import Hypothesis, Model
from segdsl.model.source import Source


def warn_of_proxies(model: Model) -> Diagnostics:
    """For each proxy: is it part of its score, and is it known before the sale? At any depth, with the way there.

    Of a proxy that a plugin would bring, which isn't there, nothing is said.
    """
    lineage = Lineage(model)
    return tuple(
        warning
        for one in model.hypotheses.values()
        for proxy in one.proxies
        if not proxy.type.is_unknown
        for warning in (_part_of_score(model, lineage, one, proxy), _known_late(model, lineage, one, proxy))
        if warning is not None
    )


def _part_of_score(model: Model, lineage: Lineage, one: Hypothesis, proxy: Expr) -> Diagnostic | None:
    path = way_into_score(model, lineage, proxy, one.score)
    if not path:
        return None
    score, last = Ground("", one.score), path[-1]
    names = names_of_grounds(path, model.scores[one.score].source)
    if len(path) == 1:
        verb = "is" if last == score else "is part of" if last.name else "are part of"
        found = f"{names[0]} {verb} the score `{one.score}`"
    elif last == score:
        found = f"{names[0]} is made from the score `{one.score}`: {' -> '.join(names)}"
    else:
        found = f"{names[0]} rests on what the score `{one.score}` is made of: {' -> '.join(names)}"
    mend = "test it against another score, or take a proxy that says something of the customer beforehand"
    return _warning(
        "SEG821", found, proxy, ("the two are related by arithmetic, whatever the customers are like",), mend
    )


def way_into_score(model: Model, lineage: Lineage, expr: Expr, name: str) -> tuple[Ground, ...]:
    """From what an expression on the score's rows rests on to what the score is made of, too; empty if to nothing."""
    score = Ground("", name)
    source = model.scores[name].source
    of_score = {use.ground: False for use in lineage.reach((Use(score),))}
    of_score |= {use.ground: True for use in lineage.reach((Use(score),)) if not use.filters}
    reached = lineage.reach(lineage.uses(expr, source))
    shared = (use for use in reached if use.ground in of_score)
    use = next((use for use in shared if _is_part(use, of_score[use.ground], source)), None)
    return () if use is None else way(reached, use)


def _is_part(use: Use, counts: bool, source: str) -> bool:
    """Whether what a proxy and a score share, which `counts` in the score or only picks rows, makes one a part of both.

    What only picks rows of another table on one side (the last year, deals won) does not; nor do rows that are only
    looked through. A field of the account itself picks all of its rows or none, so what it picks rests on it.
    """
    if use.ground.name and use.ground.table in ("", source):
        return counts or not use.filters
    return counts and not use.filters


def _known_late(model: Model, lineage: Lineage, one: Hypothesis, proxy: Expr) -> Diagnostic | None:
    source = model.sources[model.scores[one.score].source]
    start = lineage.uses(proxy, source.name)
    is_like = any(other.row_type == source.name != other.name for other in model.sources.values())
    for through_replaced in (True, False) if is_like else (True,):
        reached = lineage.reach(start, through_replaced)
        reasons = ((use, _reason(model, source, use.ground, not through_replaced)) for use in reached)
        use, reason = next(((use, reason) for use, reason in reasons if reason), (None, ""))
        if use is not None:
            names = names_of_grounds(way(reached, use), source.name)
            named = f"{names[0]} is known only of customers: " if len(names) > 1 else ""
            found = f"{named}{' -> '.join(names)}{', which' if named else ''} {reason}"
            return _warning("SEG822", found, proxy, (), "take a proxy that is known of prospects, too")
    return None


def _reason(model: Model, source: Source, ground: Ground, of_prospects: bool) -> str:
    """Why something is known late: it comes after a date, or the rows of a source that is like this one lack it."""
    if not of_prospects:
        column = model.sources[ground.table].column(ground.name) if ground.table else None
        after = None if column is None else column.known_after
        return f"is known only after `{after}`" if after else ""
    return next(_lacks(model, source, ground), "")


def _lacks(model: Model, source: Source, ground: Ground) -> Iterator[str]:
    for other in model.sources.values():
        if other.row_type != source.name or other.name == source.name:
            continue
        if ground.table == source.name and ground.name:
            if source.column(ground.name) is not None and other.column(ground.name) is None:
                yield f"is not there for `{other.name}`"
        elif ground.table and not ground.name:
            parents = {path.parent for path in model.links if path.child == ground.table}
            if source.name in parents and other.name not in parents:
                yield f"belong to `{source.name}` alone, not to `{other.name}`"


def names_of_grounds(path: tuple[Ground, ...], table: str) -> tuple[str, ...]:
    """The grounds as messages call them, those of other tables than this one with their table."""
    return tuple(_name(ground, table) for ground in path)


def _name(ground: Ground, table: str) -> str:
    if not ground.name:
        return f"rows of `{ground.table}`"
    return f"`{ground.name}`" if ground.table in ("", table) else f"`{ground.table}.{ground.name}`"


def _warning(code: str, found: str, proxy: Expr, notes: tuple[str, ...], mend: str) -> Diagnostic:
    labels = () if proxy.span is None else (Label(proxy.span),)
    return Diagnostic(code, found, labels, help=mend, notes=notes)
