import json

import pytest

from quantassay.errors import ArtifactError
from quantassay.schemes.llmcompressor.model import check_folder


def test_a_folder_must_hold_safe_weights_in_full_precision(folder):
    check_folder(folder, "any")
    (folder / "config.json").write_text(json.dumps({"quantization_config": {"bits": 4}}))
    with pytest.raises(ArtifactError, match="quantized already"):
        check_folder(folder, "any")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArtifactError, match="pickled weights are not read"):
        check_folder(folder, "any")
    (folder / "config.json").unlink()
    with pytest.raises(ArtifactError, match=r"must hold config\.json"):
        check_folder(folder, "any")
