"""Which segdsl this is."""

from importlib.metadata import PackageNotFoundError, version

NAME = "segdsl"
_NOT_INSTALLED = "not installed"


def own_version() -> str:
    """The version of the installed package; a checkout that isn't installed has none."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        return _NOT_INSTALLED
