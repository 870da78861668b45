"""Which technologies a batch of saved pages shows, by the patterns of rules and by what follows from one another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segdsl_technographic.markup import Element, read_elements
from segdsl_technographic.patterns import matching, version
from segdsl_technographic.rules import Check, Rules, Technology
from segdsl_technographic.saved_pages import Page
from segdsl_technographic.selectors import Selector, fits

_MAX_ELEMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A technology on a page: how sure it is (1 to 100), its version (empty if unknown), and where it shows."""

    technology: str
    confidence: int
    version: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    """A page taken apart: texts by where they stand and their names, and its elements."""

    texts: Mapping[tuple[str, str], tuple[str, ...]]
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Texts of one kind from several pages: `pages` says which page each is from."""

    pages: tuple[int, ...]
    texts: Any


@dataclass(frozen=True, slots=True)
class _Elements:
    """Elements of several pages that share something: the page of each; `values` are of the attribute shared."""

    pages: tuple[int, ...]
    elements: tuple[Element, ...]
    values: Any


@dataclass(frozen=True, slots=True)
class _Batch:
    """What there is to look at on several pages: texts by where they stand, elements by what selectors ask."""

    texts: Mapping[tuple[str, str], _Corpus]
    elements: Mapping[tuple[str, str], _Elements]


def detect(rules: Rules, pages: Sequence[Page]) -> list[tuple[Found, ...]]:
    """The technologies on each page, in the order of their names.

    A technology's confidence is the sum of its patterns' that match, at most 100. One that is implied has at most the
    confidence of what implies it. One whose required technologies or categories don't show is left out, and so is one
    that another, surer one excludes.
    """
    documents = [_take_apart(page) for page in pages]
    batch = _Batch(_gather(documents), _index(documents))
    direct: list[dict[str, Found]] = [{} for _ in pages]
    for technology in rules.technologies.values():
        for check in technology.checks:
            for page, told in _matches(check, batch).items():
                before = direct[page].get(technology.name, Found(technology.name, 0, "", ()))
                direct[page][technology.name] = _surer(before, check, told)
    return [_settle(rules.technologies, found) for found in direct]


def _surer(before: Found, check: Check, told: str) -> Found:
    """What was found, with one more match. Of versions the longest tells most."""
    return Found(
        before.technology,
        min(before.confidence + check.pattern.confidence, 100),
        max(before.version, told, key=lambda text: (len(text), text)),
        tuple(sorted({*before.evidence, check.where})),
    )


def _matches(check: Check, batch: _Batch) -> dict[int, str]:
    """The pages on which a check matches, with the version it tells."""
    corpus = _of_elements(check, batch.elements) if check.selectors else _of_texts(check, batch.texts)
    found: dict[int, str] = {}
    if corpus.pages:
        for place, hit in enumerate(matching(check.pattern, corpus.texts)):
            if hit:
                told = version(check.pattern, corpus.texts[place].as_py()) if check.pattern.version else ""
                found[corpus.pages[place]] = max(found.get(corpus.pages[place], ""), told, key=lambda t: (len(t), t))
    return found


def _of_texts(check: Check, corpora: Mapping[tuple[str, str], _Corpus]) -> _Corpus:
    if "*" not in check.name:
        return corpora.get((check.where, check.name), _Corpus((), None))
    wanted = [c for (where, name), c in corpora.items() if where == check.where and fnmatchcase(name, check.name)]
    return _Corpus(
        tuple(page for corpus in wanted for page in corpus.pages),
        pa.concat_arrays([corpus.texts for corpus in wanted]) if wanted else None,
    )


def _of_elements(check: Check, index: Mapping[tuple[str, str], _Elements]) -> _Corpus:
    pages: list[int] = []
    texts: list[str] = []
    for selector in check.selectors:
        for page, element in _selected(selector, index):
            text = _text_of(check, element)
            if text is not None:
                pages.append(page)
                texts.append(text)
    return _Corpus(tuple(pages), pa.array(texts, pa.string()))


def _text_of(check: Check, element: Element) -> str | None:
    match check.where:
        case "attribute":
            return element.attributes.get(check.name)
        case "text of element":
            return element.text
        case _:
            return ""


def _selected(selector: Selector, index: Mapping[tuple[str, str], _Elements]) -> Iterator[tuple[int, Element]]:
    found = index.get(_key(selector))
    if found is None:
        return
    for place in _near(selector, found):
        if fits(selector, found.elements[place]):
            yield found.pages[place], found.elements[place]


def _near(selector: Selector, found: _Elements) -> Sequence[int]:
    """The places of elements that may fit, by the value of the attribute that they share."""
    if found.values is None:
        return range(len(found.elements))
    _, how, value = selector.parts[0]
    match how:
        case "=":
            hits = pc.equal(found.values, value)
        case "^":
            hits = pc.starts_with(found.values, pattern=value)
        case "$":
            hits = pc.ends_with(found.values, pattern=value)
        case "":
            return range(len(found.elements))
        case _:
            hits = pc.match_substring(found.values, pattern=value)
    places: list[int] = pc.indices_nonzero(hits).to_pylist()
    return places


def _key(selector: Selector) -> tuple[str, str]:
    """Under what an index of elements has those that a selector may mean."""
    if not selector.parts:
        return "tag", selector.tag
    name, how, value = selector.parts[0]
    return (name, value) if (name, how) in (("id", "="), ("class", "~")) else ("has", name)


def _index(documents: Sequence[_Document]) -> dict[tuple[str, str], _Elements]:
    """The elements of all pages by tag, id, class, and by the attributes they have."""
    index: dict[tuple[str, str], list[tuple[int, Element]]] = {}
    for page, document in enumerate(documents):
        for element in document.elements:
            own = element.attributes
            keys = {("tag", element.tag), *(("has", name) for name in own), ("id", own.get("id", ""))}
            for key in keys | {("class", word) for word in own.get("class", "").split()}:
                index.setdefault(key, []).append((page, element))
    return {key: _shared(key, found) for key, found in index.items()}


def _shared(key: tuple[str, str], found: Sequence[tuple[int, Element]]) -> _Elements:
    kind, name = key
    values = pa.array([element.attributes[name] for _, element in found], pa.string()) if kind == "has" else None
    return _Elements(tuple(page for page, _ in found), tuple(element for _, element in found), values)


def _take_apart(page: Page) -> _Document:
    texts: dict[tuple[str, str], list[str]] = {("html", ""): [page.html]}
    if page.url:
        texts["url", ""] = [page.url]
    for name, values in page.headers.items():
        texts["header", name] = list(values)
        if name == "set-cookie":
            for cookie, value in (_cookie(text) for text in values):
                texts.setdefault(("cookie", cookie), []).append(value)
    elements = read_elements(page.html)[:_MAX_ELEMENTS]
    for element in elements:
        _take_texts(element, texts)
    return _Document({key: tuple(dict.fromkeys(found)) for key, found in texts.items()}, elements)


def _take_texts(element: Element, texts: dict[tuple[str, str], list[str]]) -> None:
    if element.tag == "script":
        source = element.attributes.get("src")
        key = ("script", "") if source is None else ("script source", "")
        texts.setdefault(key, []).append(element.text if source is None else source)
    elif element.tag == "meta":
        for name in (element.attributes.get("name"), element.attributes.get("property")):
            if name:
                texts.setdefault(("meta", name.lower()), []).append(element.attributes.get("content", ""))


def _cookie(header: str) -> tuple[str, str]:
    name, _, value = header.partition(";")[0].partition("=")
    return name.strip().lower(), value.strip()


def _gather(documents: Sequence[_Document]) -> dict[tuple[str, str], _Corpus]:
    """The texts of all pages by where they stand, so that each pattern runs once for a batch."""
    gathered: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for page, document in enumerate(documents):
        for key, texts in document.texts.items():
            gathered.setdefault(key, []).extend((page, text) for text in texts)
    return {
        key: _Corpus(tuple(page for page, _ in found), pa.array([text for _, text in found], pa.string()))
        for key, found in gathered.items()
    }


def _settle(technologies: Mapping[str, Technology], direct: Mapping[str, Found]) -> tuple[Found, ...]:
    """What stands of the direct finds, and what they imply."""
    direct = {name: one for name, one in direct.items() if one.confidence}
    excluded: set[str] = set()
    for found in sorted(_grow(technologies, direct, excluded).values(), key=lambda f: (-f.confidence, f.technology)):
        if found.technology in direct and found.technology not in excluded:
            excluded.update(technologies[found.technology].excludes)
    grown = _grow(technologies, direct, excluded)
    return tuple(grown[name] for name in sorted(grown, key=lambda name: (name.casefold(), name)))


def _grow(technologies: Mapping[str, Technology], direct: Mapping[str, Found], excluded: set[str]) -> dict[str, Found]:
    """The direct finds whose requirements show, with all that they imply, until nothing is added."""
    grown: dict[str, Found] = {}
    waiting = sorted(name for name in direct if name not in excluded)
    while waiting:
        ready = [name for name in waiting if _is_met(technologies[name], technologies, grown)]
        if not ready:
            break
        waiting = [name for name in waiting if name not in ready]
        for name in ready:
            _add(technologies, direct[name], grown, excluded)
    return grown


def _is_met(technology: Technology, technologies: Mapping[str, Technology], grown: Mapping[str, Found]) -> bool:
    categories = {category for name in grown if name in technologies for category in technologies[name].categories}
    return all(name in grown for name in technology.requires) and categories.issuperset(technology.requires_categories)


def _add(technologies: Mapping[str, Technology], first: Found, grown: dict[str, Found], excluded: set[str]) -> None:
    """Adds a find and what follows from it; a surer find of the same technology takes the place of a weaker one."""
    found = [first]
    while found:
        one = found.pop()
        before = grown.get(one.technology)
        if one.technology in excluded or (before is not None and before.confidence >= one.confidence):
            continue
        evidence = tuple(sorted({*one.evidence, *(before.evidence if before else ())}))
        told = one.version or (before.version if before else "")
        grown[one.technology] = Found(one.technology, one.confidence, told, evidence)
        implied = technologies[one.technology].implies if one.technology in technologies else ()
        found += [
            Found(name, min(one.confidence, sure), "", (f"implied by {one.technology}",)) for name, sure in implied
        ]
