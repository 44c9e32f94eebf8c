"""A claim in another format, with what the format leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quantassay import plugins
from quantassay.errors import InputError
from quantassay.exports.contract import Export, PlaceExport, TextExport
from quantassay.runs.files import write_text

from .steps.quoting import of_candidate, read_claim

FILES = ("claim.json", "claim.json.sig", "verdicts.json", "report.md", "report.html")


@dataclass(frozen=True)
class Exported:
    """``text`` of a format, or where it was ``placed``; ``dropped``: what it leaves out."""

    text: str
    dropped: tuple[str, ...]
    placed: str = ""


def export(
    path: str | Path, to: str, out: str | Path | None = None, *, candidate: str | None = None
) -> Exported:
    """Return, and write where ``out`` says so, the claim of a finished run or a claim file.

    Parameters
    ----------
    path
        A run folder or a ``claim.json``.
    to
        A format, with its options: ``hf-eval-results:dataset=org/name``.
    out
        A file; of a format that is written to a place, that place.
    candidate
        The only candidate to export; every one by default.

    Raises
    ------
    InputError
        If there is no claim, or the format cannot hold it.
    """
    name, options = plugins.spelled(to)
    exporter = plugins.configured("exports", name, options)
    claim, comparison = read_claim(Path(path))
    if candidate is not None:
        claim, comparison = of_candidate(claim, comparison, candidate)
    dropped = _exporter(exporter, name).dropped(claim)
    if isinstance(exporter, PlaceExport):
        place = exporter.place if out is None else str(out)
        files = _files(Path(path))
        return Exported("", dropped, exporter.write(claim, comparison, place, files))
    text = exporter.text(claim, comparison)
    if out is not None:
        write_text(Path(out), text)
    return Exported(text, dropped)


def _exporter(found: object, name: str) -> Export:
    if isinstance(found, TextExport | PlaceExport):
        return found
    msg = f"export {name!r} is neither a TextExport nor a PlaceExport; see docs/extend.md"
    raise InputError(msg)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [path / name for name in FILES if (path / name).is_file()]
