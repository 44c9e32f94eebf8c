from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quantassay.errors import InputError
from quantassay.records.joined import Joined
from quantassay.workflows.export import export
from quantassay.workflows.join import join
from quantassay.workflows.report import report
from quantassay.workflows.transfer import transfer
from quantassay.workflows.verify import verify


def test_both_halves_stand_in_one_claim(halves):
    log, out = halves.log(), halves.folder / "joined.json"
    pair = halves.join(log, out=out)
    claim = json.loads(out.read_text("utf-8"))
    own = claim["candidates"]["low"]
    assert own["throughput"]["throughput"] == 4000
    assert own["throughput"]["ratio"] is None
    assert own["throughput"]["unit"] == "samples"
    assert any(cell["loss"] is not None for cell in own["accuracy"])
    assert claim["trade_off"] == "whole; measured elsewhere, with no ratio: low"
    assert "measured elsewhere by onnxruntime_perf_test" in claim["disclosures"]["throughput"]
    (joined,) = claim["joined"]
    assert joined["origin"].startswith("sha256:")
    assert joined["model"] == own["artifact"]["digest"]
    assert isinstance(pair.joined, Joined)


def test_the_accuracy_half_is_left_as_it_was(halves):
    before = json.loads((halves.folder / "out" / "claim.json").read_text("utf-8"))
    after = json.loads(halves.join(halves.log()).text)
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {
        "candidates", "trade_off", "findings", "disclosures", "missing", "decision_grade", "joined",
    } - {key for key in ("decision_grade",) if after[key] == before[key]}  # fmt: skip
    del after["candidates"]["low"]["throughput"], before["candidates"]["low"]["throughput"]
    assert after["candidates"] == before["candidates"]


def test_findings_say_what_it_is_and_what_not(halves):
    said = " | ".join(halves.join(halves.log()).findings)
    assert "not beside the reference: no speed-up is claimed" in said
    assert "does not name the model" in said
    assert "samples a query were declared, not read from the log: 8" in said
    assert "another batch can change answers" in said
    assert "a signature of that one does not hold for this" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": None}, r"half of the trade-off, and is not reported: name the model file"),
        ({"executor": None}, r"half of the trade-off.*name the executor that it was timed on"),
        ({"variant": "lo"}, r"no variant is called 'lo' \(did you mean 'low'\?\)"),
        ({"samples_per_query": None}, "counts queries, and not what they held"),
        ({"samples_per_query": 0}, "holds at least one sample"),
        ({"samples_per_query": 10**400}, "0: a query holds .* at most a million"),
        ({"measurement": "x"}, "no measurement is called 'x'"),
        ({"reader": "vllm"}, "cut short or damaged"),
    ],
)
def test_what_is_missing_is_refused(halves, options, message):
    with pytest.raises(InputError, match=message) as raised:
        halves.join(halves.log(), **options, out=halves.folder / "joined.json")
    assert "\n" not in str(raised.value)
    assert not (halves.folder / "joined.json").exists()


def test_another_model_is_refused(halves):
    with pytest.raises(InputError, match="not the model of low: its digest is"):
        halves.join(halves.log(), model=halves.folder / "fp32.onnx")
    content = (halves.folder / "low.onnx").read_bytes()
    (halves.folder / "low.onnx").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(InputError, match=r"low\.onnx"):
        halves.join(halves.log())


@pytest.mark.parametrize(
    ("layer", "fact", "value"),
    [
        ("engine", "threads", 64),
        ("engine", "version", "0.1"),
        ("engine", "provider", "CUDAExecutionProvider"),
        ("kernels", "in float32", ("1 Conv",)),
        ("framework", "python", "CPython 2.7"),
        ("os", "kernel", "Linux 1.0"),
        ("driver", "NVIDIA driver", "999.1"),
        ("processor", "model", "another one"),
        ("limits", "usable cores", 999),
    ],
)
def test_another_executor_is_refused_by_its_layer(halves, layer, fact, value):
    def change(found: dict[str, Any]) -> None:
        side = found["low"] if layer in found["low"] and fact in found["low"][layer]["facts"] else (
            found["layers"]
        )  # fmt: skip
        assert fact in side[layer]["facts"]
        side[layer]["facts"][fact] = value

    other = halves.executor(change)
    with pytest.raises(InputError, match=rf"another executor than .*: {layer} \({fact}[ :]"):
        halves.join(halves.log(), executor=other)


def test_an_executor_that_does_not_tell_is_refused(halves):
    other = halves.executor(lambda found: found["layers"]["processor"]["facts"].pop("model"))
    with pytest.raises(InputError, match=r"not shown to be the executor .*: model of processor"):
        halves.join(halves.log(), executor=other)


def test_another_application_is_said(halves):
    other = halves.executor(
        lambda found: found["layers"]["application"]["facts"].update(quantassay="9.9")
    )
    pair = halves.join(halves.log(), executor=other)
    assert "(quantassay " in pair.joined.application
    assert any(pair.joined.application in text for text in pair.findings)


def test_a_claim_is_no_executor_of_a_log(halves):
    with pytest.raises(InputError, match="a claim tells where its own run was made"):
        halves.join(halves.log(), executor=halves.folder / "out" / "claim.json")


def test_an_executor_that_was_changed_by_hand_is_refused(halves):
    path = halves.folder / "executor.json"
    path.write_text(path.read_text("utf-8").replace('"CPUExecutionProvider"', '"Fast"'), "utf-8")
    with pytest.raises(InputError, match="not as it was written"):
        halves.join(halves.log())


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("Setting intra_op_num_threads to 48\n", "says 48 threads, and the accuracy half ran on"),
        ("using CUDAExecutionProvider\n", "says CUDAExecutionProvider"),
    ],
)
def test_a_log_that_says_otherwise_is_refused(halves, first, message):
    with pytest.raises(InputError, match=message):
        halves.join(halves.log(first=first))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "runs llama.cpp, and the accuracy half ran in onnxruntime"),
        ({"model_filename": "a/other.gguf"}, "is of 'other.gguf', not of 'low.onnx'"),
        ({"model_filename": "C:\\m\\other.gguf"}, "is of 'other.gguf'"),
        ({"model_size": 10**9}, "has 1,000,000,000 bytes of weights"),
    ],
)
def test_a_log_of_another_model_or_runtime_is_refused(halves, changes, message):
    with pytest.raises(InputError, match=message):
        halves.join(halves.bench(**changes), samples_per_query=None)


def test_one_log_is_of_one_model(halves):
    first = halves.join(halves.log(), out=halves.folder / "one.json")
    assert first.joined.file == "perf.txt"
    options = {"variant": "fp32", "model": halves.folder / "fp32.onnx"}
    with pytest.raises(InputError, match="was joined to low already"):
        halves.join(halves.log(), claim=halves.folder / "one.json", **options)
    with pytest.raises(InputError, match="low has a throughput already, measured elsewhere"):
        halves.join(halves.log(600), claim=halves.folder / "one.json")


def test_two_logs_give_a_quotient_that_is_no_verdict(halves):
    halves.join(halves.log(), out=halves.folder / "one.json")
    pair = halves.join(
        halves.log(250, "slow.txt"),
        claim=halves.folder / "one.json",
        variant="fp32",
        model=halves.folder / "fp32.onnx",
        out=halves.folder / "two.json",
    )
    said = next(text for text in pair.findings if "two logs" in text)
    assert said.startswith("throughput of low over that of fp32")
    assert said.endswith("interleaved: 2, no interval: description only")
    claim = json.loads(pair.text)
    assert claim["reference_throughput"]["ratio"] is None
    assert claim["candidates"]["low"]["throughput"]["ratio"] is None
    assert [one["variant"] for one in claim["joined"]] == ["low", "fp32"]
    assert verify(halves.folder / "two.json", halves.folder / "out").agrees


def test_the_claim_that_it_came_from_is_never_written_over(halves):
    path = halves.folder / "out" / "claim.json"
    before = path.read_bytes()
    for out in (path, halves.folder / "perf.txt", halves.folder / "low.onnx"):
        with pytest.raises(InputError, match="is read, and what is joined is left as it is"):
            halves.join(halves.log(), out=out)
    assert path.read_bytes() == before


def test_a_joined_claim_verifies_and_says_what_was_not(halves):
    out = halves.folder / "joined.json"
    halves.join(halves.log(), out=out)
    found = verify(out, halves.folder / "out")
    assert [str(check) for check in found.checks if check.outcome == "differs"] == []
    said = {check.what: str(check) for check in found.checks}
    assert (
        "not recomputed: measured elsewhere by onnxruntime_perf_test" in said["throughput of low"]
    )
    assert "claim that it was joined from as committed" in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["candidates"]["low"]["throughput"].update(ratio=2.0), "not timed here"),
        (lambda c: c["candidates"]["low"]["throughput"].update(source=""), "names no source"),
        (lambda c: c["joined"].clear(), "nothing joined says so"),
        (lambda c: c["joined"][0].update(model="sha256:" + "0" * 64), "low, model"),
        (lambda c: c["joined"][0].update(file="faster.txt"), "source"),
        (lambda c: c["candidates"]["low"].update(accuracy=[]), "without its accuracy"),
    ],
)
def test_a_joined_claim_that_was_changed_differs(halves, change, message):
    claim = json.loads(halves.join(halves.log()).text)
    change(claim)
    (halves.folder / "joined.json").write_text(json.dumps(claim), "utf-8")
    found = verify(halves.folder / "joined.json")
    lines = [f"{check.what}: {check}" for check in found.checks if check.outcome == "differs"]
    assert any(message in line for line in lines), lines


def test_a_joined_claim_is_reported_and_exported(halves):
    out = halves.folder / "joined.json"
    halves.join(halves.log(), out=out)
    assert "measured elsewhere by" in report(out)
    assert "<html" in report(out, "html")
    text = export(out, "every-eval-ever", candidate="low").text
    assert "measured elsewhere by onnxruntime_perf_test" in text


def test_recorded_answers_have_nothing_to_join_to(halves):
    path = halves.folder / "out" / "claim.json"
    claim = json.loads(path.read_text("utf-8"))
    claim["candidates"]["low"] |= {"artifact": None, "execution": None}
    path.write_text(json.dumps(claim), "utf-8")
    with pytest.raises(InputError, match=r"names no model file.*declare it as 'model: FILE'"):
        join(path, halves.log(), variant="low", model=halves.folder / "low.onnx")


def test_no_accuracy_no_throughput(halves):
    path = halves.folder / "out" / "claim.json"
    claim = json.loads(path.read_text("utf-8"))
    claim["candidates"]["low"]["accuracy"] = []
    path.write_text(json.dumps(claim), "utf-8")
    with pytest.raises(InputError, match="low has no accuracy there; a throughput without its"):
        join(path, halves.log(), variant="low", model=halves.folder / "low.onnx")


def test_the_digest_is_of_all_that_was_read(halves):
    logs = Path(__file__).parents[3] / "fixtures" / "throughput" / "mlperf" / "server"
    folder = shutil.copytree(logs, halves.folder / "mlperf")
    log = folder / "mlperf_log_summary.txt"
    first = halves.join(log, samples_per_query=None)
    assert first.speed.protocol == "server"
    with (folder / "mlperf_log_detail.txt").open("a", encoding="utf-8") as file:
        file.write("\n")
    again = halves.join(log, samples_per_query=None)
    assert again.joined.log != first.joined.log
    assert halves.join(folder, samples_per_query=None).joined.log == again.joined.log


def test_a_name_cannot_move_the_cursor(halves):
    pair = halves.join(halves.log(name="perf\x1b[2J\n.txt"))
    assert pair.joined.file == "perf [2J .txt"
    assert all(text.isprintable() for text in pair.findings)


def test_a_joined_throughput_does_not_travel_by_itself(halves):
    out, deployment = halves.folder / "joined.json", halves.folder / "deployment.yaml"
    halves.join(halves.log(), out=out)
    deployment.write_text("deployment: here\nspeedup: 1.5\n", "utf-8")
    found = transfer(out, deployment)
    axis = next(one for one in found.axes if one.name == "throughput")
    assert axis.status == "implicit"
    assert "measured elsewhere by onnxruntime_perf_test" in axis.why
