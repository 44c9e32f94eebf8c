"""Schemes from outside that do not do what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quantassay import plugins
from quantassay.errors import ArtifactError, PluginError
from quantassay.formats.digests import by_bytes
from quantassay.rubrics.model import Variant
from quantassay.workflows.steps.making import made, ordered


class Raises:
    """A scheme with a fault of its own."""

    precision = "int8"

    @staticmethod
    def quantize(reference: Path, calibration: Any, options: Any, out: Path) -> None:
        message = "by zero\nand more"
        raise ZeroDivisionError(message)


class Silent(Raises):
    """A scheme that writes nothing."""

    @staticmethod
    def quantize(reference: Path, calibration: Any, options: Any, out: Path) -> None:
        return


class Bare:
    """A scheme that does not say what it claims."""

    quantize = Silent.quantize


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[type], Any]:
    """Ask one scheme, whatever its name, for a variant of a model."""
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    model = tmp_path / "fp32.onnx"
    model.write_bytes(b"model")
    real = plugins.load

    def make(scheme: type) -> Any:
        def load(kind: Any, name: str) -> Any:
            return scheme if kind == "schemes" else real(kind, name)

        monkeypatch.setattr(plugins, "load", load)
        return ordered(Variant(scheme="odd", of="fp32"), by_bytes(model), "variants.int8")

    return make


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        (Raises, "scheme 'odd' failed on this model: ZeroDivisionError: by zero and more"),
        (Silent, "scheme 'odd' wrote no onnx model"),
    ],
)
def test_what_a_scheme_does_wrong_is_one_line(order: Any, scheme: type, told: str) -> None:
    with pytest.raises(ArtifactError) as error:
        made(order(scheme), None)
    assert str(error.value).endswith(f"fp32.onnx: {told}")


def test_a_scheme_says_what_it_claims(order: Any) -> None:
    with pytest.raises(PluginError, match="scheme 'odd' has no 'precision'"):
        order(Bare)
