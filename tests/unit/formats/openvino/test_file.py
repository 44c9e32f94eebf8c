"""Files are looked at before OpenVINO is."""

import re
import shutil

import pytest

from quantassay.errors import ArtifactError
from quantassay.formats.openvino import OpenVinoIr
from quantassay.formats.recognized import format_of, identify


def test_is_recognized_by_name_and_content(model, tmp_path):
    assert format_of(model()).name == "openvino"
    other = tmp_path / "other.xml"
    other.write_text("<?xml version='1.0'?><PMML version='4.4'/>")
    assert not OpenVinoIr.recognizes(other)
    assert not OpenVinoIr.recognizes(tmp_path)
    assert not OpenVinoIr.recognizes(tmp_path / "absent.xml")


def test_both_files_are_identified(model, tmp_path):
    path = model()
    found = identify(path)
    weights = path.with_suffix(".bin")
    assert found.bytes == path.stat().st_size + weights.stat().st_size
    assert found.version == "IR version 11"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    assert identify(path).digest != found.digest


def test_a_copy_under_another_name_is_the_same(model, tmp_path):
    path = model()
    for suffix in (".xml", ".bin"):
        shutil.copy(path.with_suffix(suffix), tmp_path / f"copy{suffix}")
    assert identify(tmp_path / "copy.xml").digest == identify(path).digest


def test_missing_files(model, tmp_path):
    with pytest.raises(ArtifactError, match=r"absent.xml: no such model file"):
        OpenVinoIr.identify(tmp_path / "absent.xml")
    path = model()
    path.with_suffix(".bin").unlink()
    with pytest.raises(ArtifactError, match=r"'m.bin' are missing; copy them beside it"):
        OpenVinoIr.identify(path)


def test_truncated_weights(model):
    path = model()
    weights = path.with_suffix(".bin")
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(ArtifactError, match=r"'m.bin' are truncated; copy them again"):
        OpenVinoIr.identify(path)


BOMB = '<!DOCTYPE net [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[: len(text) // 2], "damaged or not OpenVINO IR"),
        (lambda text: text.replace("<net", BOMB + "<net", 1), "declares a document type"),
        (lambda text: re.sub('offset="0"', 'offset="-1"', text, count=1), "'-1' is no place in"),
        (lambda text: re.sub(r' size="\d+"', ' size="9e9"', text, count=1), "'9e9' is no place in"),
        (lambda text: "<html><net ></net></html>", "begins with 'html', not with 'net'"),
    ],
)
def test_a_damaged_graph_is_told_in_one_line(model, damage, message):
    path = model()
    text = path.read_text()
    assert damage(text) != text
    path.write_text(damage(text))
    with pytest.raises(ArtifactError, match=message) as raised:
        OpenVinoIr.identify(path)
    assert "\n" not in str(raised.value)
    with pytest.raises(ArtifactError, match=message):
        OpenVinoIr.contents(path)


def test_constants_past_any_end_are_refused(model):
    path = model()
    path.write_text(re.sub(r'offset="\d+"', 'offset="9999999999999"', path.read_text()))
    with pytest.raises(ArtifactError, match="truncated"):
        OpenVinoIr.identify(path)


def test_what_openvino_refuses_is_told_in_one_line(model):
    path = model()
    path.write_text(path.read_text().replace('type="MatMul"', 'type="NoSuchThing"'))
    with pytest.raises(ArtifactError, match="OpenVINO cannot read this model") as raised:
        OpenVinoIr.contents(path)
    assert "\n" not in str(raised.value)
