"""What a plugin is written with. A plugin imports `segdsl.plugin`, `segdsl.evidence` and its own libraries, no more.

A plugin is a module with hooks (see `segdsl.plugin.hooks`), named by an entry point of the group `segdsl.plugins`.
The module must be light: what imports large libraries is named by `later("package.module:function")`.
"""

from segdsl.model.catalog import ColumnName, FieldName, Input, Options, Output, ProviderTerms, Scope, TableName
from segdsl.plugin.amounts import amount_text
from segdsl.plugin.calls import (
    ElsewhereRows,
    ExportCall,
    FitCall,
    Fitted,
    MeasureCall,
    Measured,
    ReadCall,
    Relearned,
    SectionCall,
    SectionText,
)
from segdsl.plugin.declarations import Enricher, Evaluator, Exporter, Function, Reader, Section, Segmenter
from segdsl.plugin.enriching import Asked, Call, Linked, Made, Note, Refused
from segdsl.plugin.hooks import hookimpl
from segdsl.plugin.lateness import later
from segdsl.plugin.writing import literal, name, title_text
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    Duration,
    Kind,
    Type,
    category,
    list_of,
    money,
)

__all__ = [
    "BOOL",
    "CATEGORY",
    "COUNT",
    "DATE",
    "DURATION",
    "INT",
    "NUMBER",
    "RATIO",
    "TEXT",
    "TIMESTAMP",
    "Asked",
    "Call",
    "ColumnName",
    "Duration",
    "ElsewhereRows",
    "Enricher",
    "Evaluator",
    "ExportCall",
    "Exporter",
    "FieldName",
    "FitCall",
    "Fitted",
    "Function",
    "Input",
    "Kind",
    "Linked",
    "Made",
    "MeasureCall",
    "Measured",
    "Note",
    "Options",
    "Output",
    "ProviderTerms",
    "ReadCall",
    "Reader",
    "Refused",
    "Relearned",
    "Scope",
    "Section",
    "SectionCall",
    "SectionText",
    "Segmenter",
    "TableName",
    "Type",
    "amount_text",
    "category",
    "hookimpl",
    "later",
    "list_of",
    "literal",
    "money",
    "name",
    "title_text",
]
