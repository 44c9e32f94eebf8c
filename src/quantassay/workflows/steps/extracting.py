"""A user's own reading of a text, in place of ours where it has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from quantassay.claims.sources.document import Document
from quantassay.errors import UserCodeError, nearest
from quantassay.plugins.user_code import load_function
from quantassay.records.audit import ITEMS, Item, Presence, Quote


def extracted(spec: str, document: Document) -> dict[str, Item]:
    """Return the items that a user's own function finds in a text.

    Parameters
    ----------
    spec
        ``module:function``, looked up in the working directory first. The function gets the text
        and returns ``{item: {"answer": "yes", "quotes": ["words of the text"], "why": "..."}}``
        with the items that it has an opinion on; a quote is words of the text, or a pair of places.
    document
        The text.

    Raises
    ------
    UserCodeError
        If the function raises, or returns anything else, or quotes what the text does not hold.
    """
    function = load_function(spec, Path.cwd())
    try:
        found = function(document.source)
    except (Exception, SystemExit) as error:
        msg = f"{spec} raised {type(error).__name__} on {document.name}: {error}"
        raise UserCodeError(msg) from error
    if not isinstance(found, Mapping):
        msg = f"{spec} returned {type(found).__name__}; it must return a dict of items"
        raise UserCodeError(msg)
    return {name: _item(spec, name, one, document) for name, one in found.items()}


def _item(spec: str, name: object, value: Any, document: Document) -> Item:
    if name not in ITEMS:
        msg = f"{spec}: no item is called {name!r}{nearest(str(name), ITEMS)}"
        raise UserCodeError(msg)
    answers = get_args(Presence)
    if not isinstance(value, Mapping) or value.get("answer") not in answers:
        msg = f"{spec}: item {name!r} needs an answer, one of {', '.join(answers)}"
        raise UserCodeError(msg)
    quotes = tuple(_quote(spec, str(name), one, document) for one in value.get("quotes", ()))
    if value["answer"] != "no" and not quotes:
        msg = f"{spec}: item {name!r} is {value['answer']} without a quote from the text"
        raise UserCodeError(msg)
    return Item(value["answer"], quotes, f"{value.get('why', '')} (by {spec})".strip())


def _quote(spec: str, name: str, value: Any, document: Document) -> Quote:
    if isinstance(value, str) and value.strip():
        start = document.source.find(value)
        if start >= 0:
            return document.quote(start, start + len(value))
    elif isinstance(value, Sequence) and len(value) == 2 and all(type(one) is int for one in value):
        start, end = value
        if 0 <= start < end <= len(document.source):
            return document.quote(start, end)
    msg = f"{spec}: item {name!r} quotes {value!r}, which is not in {document.name}"
    raise UserCodeError(msg)
