"""A hook that there isn't."""

from segdsl.plugin import hookimpl


@hookimpl
def segdsl_enricher():
    return ()
