"""One item of a text, with every quote checked against its place."""

from collections.abc import Callable

import pytest

from quantassay.claims.audit.items.checklist import items
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.sources.read import read_text
from quantassay.records.audit import Item

Ask = Callable[[str, str], Item]


@pytest.fixture
def ask() -> Ask:
    def _ask(name: str, text: str) -> Item:
        item = items(Reading(read_text(text)))[name]
        for quote in item.quotes:
            assert text[quote.start : quote.end] == quote.text
        assert (item.answer == "no") == (not item.quotes)
        return item

    return _ask
