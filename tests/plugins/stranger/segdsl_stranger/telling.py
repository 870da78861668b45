"""The report's section on lists."""

import pyarrow as pa

from segdsl.plugin import SectionCall, SectionText

LISTS = "audiences/"


def tell(call: SectionCall) -> SectionText:
    found = {name.removeprefix(LISTS): t.num_rows for name, t in sorted(call.tables.items()) if name.startswith(LISTS)}
    told = tuple(f"{name} has {rows:,} rows." for name, rows in found.items()) or ("This run has no lists.",)
    table = pa.table({"list": list(found), "rows": list(found.values())})
    return SectionText("Lists", told, {"Rows of each list": table} if found else {})
