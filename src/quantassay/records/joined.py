"""A throughput half that was measured elsewhere, and what binds it to its accuracy half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Joined:
    """One log that was joined to a claim.

    Attributes
    ----------
    variant : str
        Whose throughput it is.
    origin : str
        SHA-256 of the claim that it was joined to, which holds the accuracy half.
    made : str
        When they were joined.
    program, file, log : str
        What measured, the name of its log, and the SHA-256 of that.
    measurement : str
        Which one of the log; '' where it holds one only.
    model : str
        SHA-256 of the model file that was named, the same as the claim's.
    executor : str
        SHA-256 of the executor that the log was made on.
    application : str
        How its application layer differs from that of the accuracy half, in words; '' not at all.
    facts : mapping of str to str
        Settings and figures of the log, by the program's own names.
    """

    variant: str
    origin: str
    made: str
    program: str
    file: str
    log: str
    measurement: str
    model: str
    executor: str
    application: str
    facts: Mapping[str, str]
