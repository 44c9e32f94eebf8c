"""The comparison contract as JSON: ``quantassay/comparison/1``."""

from __future__ import annotations

import json
from typing import Any

from quantassay.records.cells import Comparison
from quantassay.records.plain import plain

SCHEMA = "quantassay/comparison/1"


class Json:
    """Every cell with its verdict, as `compare --json` prints it."""

    suffix = ".json"

    @staticmethod
    def document(comparison: Comparison) -> dict[str, Any]:
        """Return the contract as a dict."""
        return {
            "schema": SCHEMA,
            "verdict": comparison.verdict,
            "reference": comparison.reference,
            "confidence": comparison.confidence,
            "candidates": plain(comparison.candidates),
            "cells": plain(comparison.cells),
            "agreements": plain(comparison.agreements),
            "findings": list(comparison.findings),
        }

    @staticmethod
    def export(comparison: Comparison) -> str:
        """Return the contract as text."""
        return json.dumps(Json.document(comparison), indent=1, allow_nan=False, ensure_ascii=False)
