"""What a text discloses of a loss, what it leaves implicit, and what does not follow."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from quantassay.claims.audit.audit import audit_document
from quantassay.claims.sources.decoding import decoded_stream
from quantassay.claims.sources.document import Document
from quantassay.claims.sources.read import read_path, read_text
from quantassay.records.audit import Audit

from .steps.extracting import extracted


def audit(source: str | Path, *, extractor: str | None = None) -> Audit:
    """Audit a claim file, a model folder, a table, a pull request's text, or plain prose.

    Parameters
    ----------
    source
        A file or a model folder.
    extractor
        ``module:function``: a reading of your own, which overrules ours item by item.

    Returns
    -------
    Audit
        Every claim, the headline first.

    Raises
    ------
    InputError
        If the source is of no format that can be read.
    """
    return next(iter(audits([source], extractor)))[1]


def audits(
    sources: Iterable[str | Path], extractor: str | None = None
) -> Iterator[tuple[Document, Audit]]:
    """Yield every source as it was read, with its audit; ``-`` is what stands on stdin."""
    for source in sources:
        document = _piped() if str(source) == "-" else read_path(Path(source))
        overruling = {} if extractor is None else extracted(extractor, document)
        yield document, audit_document(document, overruling)


def _piped() -> Document:
    return read_text(decoded_stream(sys.stdin.buffer, "stdin"), "stdin")
