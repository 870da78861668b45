"""The audit table of matches: one row for each account and provider, in that order of providers."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Call, ColumnName
from segdsl_vendor.matching import Decision, Matches, Method
from segdsl_vendor.purchases import record_keys
from segdsl_vendor.settings import Provider, Settings

DECISIONS: Mapping[Decision, str] = {decision: decision.name.lower().replace("_", " ") for decision in Decision}
_METHODS = pa.array([method.name.lower() for method in Method if method is not Method.NONE], pa.string())


def list_matches(call: Call, settings: Settings, matches: Sequence[Matches]) -> pa.Table:
    """What was decided, for what reason, and the names on both sides.

    `record` is the matched record, or the one a near miss or a taken record is about; in a tie `rival_records` and
    `rival_accounts` name the first ten that contend. `confidence` is missing where there was no candidate.
    """
    tables = [
        _one_provider(call, settings, provider, found)
        for provider, found in zip(settings.providers, matches, strict=True)
    ]
    return pa.concat_tables(tables)


def _one_provider(call: Call, settings: Settings, provider: Provider, found: Matches) -> pa.Table:
    keys = account_keys(call)
    records = record_keys(provider)
    shown = np.where(found.decision == Decision.TIE, -1, found.record)
    at = pa.array(shown, mask=shown < 0)
    decisions = pa.array([DECISIONS[decision] for decision in Decision], pa.string())
    own_names, names = settings.traits.name, provider.traits.name
    if not call.personal.isdisjoint(_named(call)):
        # Names that are personal data stand in no table.
        own_names = names = None
    return pa.table(
        {
            **keys,
            "provider": pa.array([provider.table], pa.string()).take(pa.array(np.zeros(call.length, np.int64))),
            "record": records.take(at),
            "method": _METHODS.take(pa.array(found.method, mask=found.method < 0)),
            "confidence": pa.array(found.confidence, mask=np.isnan(found.confidence)),
            "decision": decisions.take(pa.array(found.decision)),
            "account_name": pa.nulls(call.length, pa.string()) if own_names is None else own_names.cast(pa.string()),
            "record_name": (pa.nulls(provider.linked.length, pa.string()) if names is None else names)
            .cast(pa.string())
            .take(at),
            "rival_records": _lists(found.rival_records, records, call.length),
            "rival_accounts": _lists(found.rival_accounts, _account_labels(keys), call.length),
        }
    )


def _named(call: Call) -> frozenset[ColumnName]:
    """The columns whose names the audit would show."""
    named = call.options.get("match_name", ())
    return frozenset(one for one in named if isinstance(one, ColumnName)) if isinstance(named, tuple) else frozenset()


def account_keys(call: Call) -> Mapping[str, pa.Array]:
    """The key columns of the enriched table as the audit names them: `account` alone, or by their own names."""
    if not call.key:
        return {"account": pa.array(np.arange(1, call.length + 1))}
    if len(call.key) == 1:
        return {"account": call.key[0]}
    return {f"account_{name}": column for name, column in zip(call.key_names, call.key, strict=True)}


def _account_labels(keys: Mapping[str, pa.Array]) -> pa.Array:
    columns = [pc.fill_null(column.cast(pa.string()), "") for column in keys.values()]
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, " / ")


def _lists(rivals: Mapping[int, tuple[int, ...]], labels: pa.Array, length: int) -> pa.Array:
    """For each account the labels of its rivals, missing where it has none."""
    sizes = np.zeros(length, np.int64)
    rows = sorted(rivals)
    sizes[rows] = [len(rivals[row]) for row in rows]
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    values = labels.take(pa.array([rival for row in rows for rival in rivals[row]], pa.int64()))
    return pa.ListArray.from_arrays(offsets, values, mask=pa.array(sizes == 0))
