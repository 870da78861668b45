"""Enrichments: columns that enricher plugins add to a source, with their types known from the plugin's signature."""

from collections.abc import Iterator

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import Name, Reference
from segdsl.model.catalog import ColumnName, Output, PluginKind, PluginSignature, ProviderTerms
from segdsl.model.catalog import Scope as Reach
from segdsl.model.collecting import resolve_provider, terms_of
from segdsl.model.columns import resolve_source
from segdsl.model.expression import Column
from segdsl.model.model import EnrichedColumn, Enrichment
from segdsl.model.plugin_inputs import inputs_fault
from segdsl.model.plugin_options import Resolving, check_currencies, kinds_fit, read_options, schemas_of, values_of
from segdsl.model.plugin_use import PluginOption
from segdsl.model.references import names_of, own_column
from segdsl.model.scope import EnrichBlock, EnrichSite, Scope
from segdsl.model.source import Source
from segdsl.types import UNKNOWN, Type


def collect_enrichments(scope: Scope) -> None:
    """Note which columns each `enrich` adds, so that terms can ask for them; options are read here."""
    for number, decl in enumerate(scope.of_kind(s.EnrichDecl)):
        source = resolve_source(scope, decl.source)
        plugin = scope.plugin(decl.plugin, PluginKind.ENRICHER)
        if source is None:
            continue
        if source.row_type != source.name:
            mend = f"enrich `{source.row_type}`: its enrichments apply here too"
            scope.report("SEG208", f"`{source.name}` is like another source", decl.source.span, mend)
            continue
        scope.enrich_blocks.append(EnrichBlock(number, decl, source, plugin, {}))
        for item in decl.items:
            if isinstance(item, s.EnrichColumn):
                _collect_column(scope, scope.enrich_blocks[-1], item)
    for block in scope.enrich_blocks:
        if block.plugin is not None:
            resolving = Resolving(
                lambda reference, source=block.source: _option_column(scope, source, reference),  # type: ignore[misc]
                lambda reference: _no_field(scope, reference),
                lambda name: _provider_terms(scope, name),
                lambda reference: _no_field(scope, reference),
            )
            written = [item for item in block.decl.items if isinstance(item, s.Property)]
            options = read_options(scope, written, block.decl.plugin, block.plugin, resolving)
            block.options.update({option.name: option for option in options})


def _collect_column(scope: Scope, block: EnrichBlock, item: s.EnrichColumn) -> None:
    sites = scope.enrich_sites.setdefault(block.source.name, {})
    written = item.output or item.name
    output = None if block.plugin is None else block.plugin.output(written.text)
    if block.plugin is not None and output is None:
        _report_output(scope, block.plugin, written)
    site = EnrichSite(block, item, output)
    added = (item.name.text, *(name for name, _ in _companions(item.name.text, output)))
    for name in added:
        taken = sites.get(name)
        column = block.source.column(name)
        if taken is not None or column is not None:
            first = taken.item.name.span if taken is not None else column.span if column is not None else None
            mend = f"give it another name: `other_name = {written.text} from ...`"
            found = f"`{block.source.name}` already has a column `{name}`"
            scope.report("SEG202", found, item.name.span, mend, first=first)
        else:
            sites[name] = site


def _companions(name: str, output: Output | None) -> tuple[tuple[str, Type], ...]:
    """The columns that come with one of that name, with their types."""
    if output is None:
        return ()
    return tuple((pattern.replace("*", name, 1), type_) for pattern, type_ in output.also)


def _report_output(scope: Scope, plugin: PluginSignature, written: Name) -> None:
    names = [output.name for output in plugin.outputs]
    near = scope.suggestions.closest(written.text, [name for name in names if "*" not in name])
    mend = f"did you mean `{near}`?" if near else f"`segdsl plugins show {plugin.name}` lists what it adds"
    scope.report("SEG404", f"`{plugin.name}` has no column `{written.text}` to add", written.span, mend)


def resolve_enriched(scope: Scope, source: str, name: str, span: Span) -> Type | None:
    """The type of an enriched column of a source; None within a cycle or where it can't be made."""
    site = scope.enrich_sites[source][name]
    made = _resolve_site(scope, site, span)
    if made is None:
        return None
    return next(type_ for column, type_ in made.all_columns if column == name)


def _resolve_site(scope: Scope, site: EnrichSite, span: Span) -> EnrichedColumn | None:
    block = site.block
    key = f"{block.source.name}.{site.item.name.text}"
    if site.output is None or site.output.scope is Reach.ROW:
        return scope.resolve("enriched", key, span, lambda: _make(scope, site))
    # Columns that see whole tables are made all at once: what one of them needs, all of them need.
    whole = f"{block.source.name} using {block.decl.plugin.text}" + (f" ({block.number})" if block.number else "")
    made = scope.resolve("enriched", whole, span, lambda: tuple(_make_whole(scope, block)))
    return next((c for c in made or () if c.name == site.item.name.text), None)


def _make_whole(scope: Scope, block: EnrichBlock) -> Iterator[EnrichedColumn]:
    for option in block.options.values():
        for column in option.columns:
            _option_type(scope, block, option, column)
    for site in _own_sites(scope, block):
        if site.output is not None and site.output.scope is Reach.TABLE:
            yield _make(scope, site)


def _own_sites(scope: Scope, block: EnrichBlock) -> list[EnrichSite]:
    """The block's columns that found a place, in the order of the text."""
    found = scope.enrich_sites.get(block.source.name, {})
    return [site for name, site in found.items() if site.block is block and site.item.name.text == name]


def _make(scope: Scope, site: EnrichSite) -> EnrichedColumn:
    item, output, block = site.item, site.output, site.block
    inputs = [_input(scope, block.source, reference, output) for reference in item.inputs]
    found = [one for one in inputs if one is not None]
    type_ = UNKNOWN
    if output is not None and block.plugin is not None and len(found) == len(inputs):
        type_ = _type(scope, site, output, block.plugin, [kind for _, kind in found])
    return EnrichedColumn(
        name=item.name.text,
        output=(item.output or item.name).text,
        type=type_,
        inputs=tuple(column for column, _ in found),
        scope=Reach.ROW if output is None else output.scope,
        also=_companions(item.name.text, output),
        span=item.span,
    )


def _type(scope: Scope, site: EnrichSite, output: Output, plugin: PluginSignature, types: list[Type]) -> Type:
    """The type of the column, after checking that what it is made from fits."""
    item = site.item
    check_currencies(scope, site.block.options.values(), types)
    fault = inputs_fault(output.inputs, types)
    if fault is not None:
        usage = f"write `{output.name} from {', '.join(one.name for one in output.inputs)}`"
        span = item.span if fault.place is None else item.inputs[fault.place].span
        what = f"`{item.name.text}` {fault.found}" + (" columns" if fault.place is None else "")
        scope.report("SEG306", what, span, fault.help or usage, expected=fault.expected)
        return UNKNOWN
    if isinstance(output.type, Type):
        return output.type
    if any(type_.is_unknown for type_ in types):
        return UNKNOWN
    found = output.type(types, values_of(plugin, site.block.options.values()))
    if isinstance(found, Type):
        return found
    scope.report("SEG302", f"`{site.item.name.text}` can't be made so: {found}", site.item.span, output.doc)
    return UNKNOWN


def _input(scope: Scope, source: Source, reference: Reference, output: Output | None) -> tuple[ColumnName, Type] | None:
    """A column that is read, and its type; one of another table only where the output sees whole tables."""
    table, name = _placed(scope, source, reference)
    if table is None:
        return None
    if table is not source and output is not None and output.scope is Reach.ROW:
        mend = f"bring it here first: `derive {source.name} {{ ... }}`, or use a link"
        scope.report("SEG208", f"`{output.name}` is made from columns of `{source.name}` alone", reference.span, mend)
        return None
    return _typed(scope, table, name)


def _placed(scope: Scope, source: Source, reference: Reference) -> tuple[Source | None, Name]:
    *tables, name = reference.parts
    if not tables:
        return source, name
    if len(tables) > 1:
        scope.report("SEG302", f"`{reference.dotted}` is no column", reference.span, "write `table.column`")
        return None, name
    return resolve_source(scope, tables[0]), name


def _typed(scope: Scope, table: Source, name: Name) -> tuple[ColumnName, Type] | None:
    found = own_column(scope, table, name)
    if found is None:
        _report_column(scope, table, name)
        return None
    type_ = found.type if isinstance(found, Column) else UNKNOWN
    return ColumnName(table.name, name.text), type_


def _report_column(scope: Scope, table: Source, name: Name) -> None:
    if table.name not in scope.broken:
        near = scope.suggestions.closest(name.text, names_of(scope, table))
        mend = f"did you mean `{near}`?" if near else f"declare it in `{table.name}`"
        scope.report("SEG201", f"`{table.name}` has no column `{name.text}`", name.span, mend)


def _option_column(scope: Scope, source: Source, reference: Reference) -> ColumnName | None:
    """A column that an option names; its type is looked at only when the block is resolved."""
    table, name = _placed(scope, source, reference)
    if table is None:
        return None
    if name.text not in names_of(scope, table):
        _report_column(scope, table, name)
        return None
    return ColumnName(table.name, name.text)


def _option_type(scope: Scope, block: EnrichBlock, option: PluginOption, column: ColumnName) -> None:
    """Resolves a column that an option names, which must be of a kind that the option takes."""
    table = scope.sources.get(column.table)
    found = None if table is None else _typed(scope, table, Name(column.column, option.span))
    if found is not None and block.plugin is not None:
        schema = schemas_of(block.plugin)[option.name]
        written = column.column if column.table == block.source.name else f"{column.table}.{column.column}"
        kinds_fit(scope, option.name, schema, (found[1],), written, option.span)


def _no_field(scope: Scope, reference: Reference) -> None:
    scope.report("SEG403", "An enricher sees columns, not fields", reference.span, "name a column")


def _provider_terms(scope: Scope, name: Name) -> ProviderTerms | None:
    decl = scope.look_up(name, (s.ProviderDecl,), "provider")
    if decl is None:
        return None
    provider = resolve_provider(scope, decl)
    terms = terms_of(provider)
    if provider.cost is not None and terms.price is None:
        mend = "write `cost: $6 per record`, or leave the provider out of the options"
        scope.report("SEG403", f"`{name.text}` asks no price a record, so what is bought has no price", name.span, mend)
    return terms


def make_enrichments(scope: Scope) -> tuple[Enrichment, ...]:
    """Every enrichment, with whatever nothing else asked for resolved too."""
    made = []
    for block in scope.enrich_blocks:
        sites = _own_sites(scope, block)
        columns = [_resolve_site(scope, site, site.item.name.span) for site in sites]
        options = tuple(block.options.values())
        values = {} if block.plugin is None else values_of(block.plugin, options)
        made.append(
            Enrichment(
                number=block.number,
                source=block.source.name,
                plugin=block.decl.plugin.text,
                blocked="" if block.plugin is not None else f"the plugin `{block.decl.plugin.text}` isn't there",
                columns=tuple(column for column in columns if column is not None),
                options=options,
                values=tuple(values.items()),
                span=block.decl.plugin.span,
            )
        )
    return tuple(made)
