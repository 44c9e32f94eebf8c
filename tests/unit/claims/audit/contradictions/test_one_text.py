"""Two things that one text says of the same artefact."""

from __future__ import annotations

import pytest

from quantassay.claims.audit.audit import audit_document
from quantassay.claims.audit.contradictions.check import contradictions
from quantassay.claims.sources.read import read_text


def rules(read, text: str) -> list[str]:
    return [one.rule for one in contradictions(*read(text))]


def test_two_widths_of_the_weights(read) -> None:
    assert "bits" in rules(read, "Weights are 8-bit; weights are 4-bit.")
    assert "bits" in rules(read, "The weights are INT8. All weights are 4-bit integers.")


@pytest.mark.parametrize(
    "text",
    [
        "Weights are 8-bit; activations are 16-bit.",
        "Weights are 8-bit. Other weights are 4-bit.",
        "- Q8: weights are 8-bit\n- Q4: weights are 4-bit\n",
        "## A\n\nWeights are 8-bit.\n\n## B\n\nWeights are 4-bit.",
        "Weights are 8-bit. In the end weights are 8-bit.",
    ],
)
def test_widths_of_several_things(read, text: str) -> None:
    assert "bits" not in rules(read, text)


def test_a_calibration_that_is_denied(read) -> None:
    text = "The INT8 model was calibrated on 512 samples. No calibration was used."
    assert "calibration-denied" in rules(read, text.replace("The INT8 model was c", "C"))
    assert "calibration-denied" not in rules(read, "Calibrated on 512 samples of the train split.")
    assert "calibration-denied" not in rules(
        read, "Calibrated on 512 samples. For dynamic quantization no calibration is needed."
    )


CONFIG = "---\nquantization_config:\n  quant_method: awq\n---\n{}\n"


@pytest.mark.parametrize("body", ["# small-8b-GPTQ", "# small\n\nQuantized to 4 bits with GPTQ."])
def test_a_method_that_the_configuration_declares_otherwise(read, body: str) -> None:
    assert "metadata-method" in rules(read, CONFIG.format(body))


@pytest.mark.parametrize(
    "body",
    ["# small-8b-AWQ", "# small", "# small\n\nUnlike GPTQ models, this one is small.",
     "# small-AWQ\n\nFaster than models quantized with GPTQ."],
)  # fmt: skip
def test_a_method_that_fits(read, body: str) -> None:
    assert "metadata-method" not in rules(read, CONFIG.format(body))


def test_a_finding_on_hidden_words_says_so() -> None:
    said = "Perplexity improved from 6.14 to 6.56 in INT8."
    for text, hidden in ((said, False), (f"INT8.\n\n<!-- {said} -->\n", True)):
        (claim,) = audit_document(read_text(text), {}).claims
        (found,) = [one for one in claim.contradictions if one.rule == "direction"]
        assert ("the page does not show" in found.finding) == hidden
