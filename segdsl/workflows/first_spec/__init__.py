"""A first spec for some data files: types, keys and links proposed from what the files hold."""

from segdsl.workflows.first_spec.sources import SourceDraft, draft_source
from segdsl.workflows.first_spec.text import spec_text

__all__ = ["SourceDraft", "draft_source", "spec_text"]
