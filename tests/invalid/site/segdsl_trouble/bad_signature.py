"""A hook with an argument that no caller gives."""

from segdsl.plugin import hookimpl


@hookimpl
def segdsl_enrichers(settings):
    return ()
