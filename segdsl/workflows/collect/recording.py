"""The record of a choice: which proxy, from whom and at what price, for which spec, before anything was tested."""

import json
from functools import partial
from hashlib import sha256
from pathlib import Path

from segdsl.record import replace
from segdsl.report.collection_facts import collection_facts
from segdsl.runs.placing import place_file
from segdsl.workflows.collect.pricing import Priced


def recorded(priced: Priced, place: Path) -> Priced:
    """Writes the choice with the hashes of the spec's files into a new file, and says if that could not be done.

    An existing record is never written over: what was chosen before a test can't be changed after it.
    """
    assert priced.plan is not None and priced.clock is not None
    texts = priced.loaded.texts
    spec = {name: sha256(texts[name].text.encode()).hexdigest() for name in priced.loaded.files}
    facts = {"spec": spec, "as_of": priced.clock.day.isoformat(), **collection_facts(priced.plan)}
    failure = place_file(place, partial(_write, json.dumps(facts, indent=2) + "\n"), replace=False)
    return priced if failure is None else replace(priced, diagnostics=(*priced.diagnostics, failure))


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="")
