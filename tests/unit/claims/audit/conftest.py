"""Texts read into documents with their figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quantassay.claims.audit.figures.read import Figures, read_figures
from quantassay.claims.sources.document import Document
from quantassay.claims.sources.read import read_text

Read = Callable[[str], tuple[Document, Figures]]


@pytest.fixture
def read() -> Read:
    def _read(text: str) -> tuple[Document, Figures]:
        document = read_text(text)
        return document, read_figures(document)

    return _read
