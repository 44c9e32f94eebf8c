"""Each attack alone, and again with the journal made to agree with it."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.__main__ import run_command
from quantassay.errors import InputError
from quantassay.rubrics.digest import digest
from quantassay.workflows.run import run
from quantassay.workflows.steps.locked import restored

COMMITTED = "claim as committed"


def cell_of(claim, **stratum):
    cells = claim["candidates"]["low"]["accuracy"]
    return next(c for c in cells if c["metric"] == "top1" and c["stratum"] == stratum)


def changed_margin(folder):
    folder.edit(lambda claim: cell_of(claim).update(margin=0.3))


def dropped_stratum(folder):
    def drop(claim):
        cells = claim["candidates"]["low"]["accuracy"]
        cells[:] = [cell for cell in cells if cell["stratum"] != {"part": "a"}]

    folder.edit(drop)


def wholly_dropped_stratum(folder):
    dropped_stratum(folder)
    folder.edit(lambda claim: claim["task"]["strata"]["part"].pop("a"))

    def drop(value):
        value["cells"] = [c for c in value["cells"] if c["stratum"] != {"part": "a"}]

    folder.edit(drop, "verdicts.json")


def shift(cell):
    """Make a cell better by a hundredth, so that its own arithmetic holds."""
    for key, step in (("candidate_value", 0.01), ("delta", 0.01), ("loss", -0.01)):
        cell[key] += step
    cell["interval"] = [end - 0.01 for end in cell["interval"]]


def called_robust(folder):
    def call(claim):
        low = claim["candidates"]["low"]["triple"]
        low["outcome"] = "fragile" if low["outcome"] == "robust" else "robust"

    folder.edit(call)


def smaller_surface(folder):
    folder.edit(lambda claim: claim["candidates"]["low"]["triple"]["surface"].pop())


def edited_score(folder):
    folder.edit(lambda claim: shift(cell_of(claim)))
    folder.edit(lambda value: shift(next(c for c in value["cells"] if not c["stratum"])),
                "verdicts.json")  # fmt: skip


def edited_predictions(folder):
    def spoil(columns):
        columns["prediction"][:60] = [(p + 1) % 4 for p in columns["prediction"][:60]]

    folder.edit_rows("predictions/low.parquet", spoil)


def edited_samples(folder):
    def spoil(columns):
        columns["target"][:60] = [(t + 1) % 4 for t in columns["target"][:60]]

    folder.edit_rows("samples.parquet", spoil)


def edited_strata(folder):
    folder.edit_rows(
        "samples.parquet", lambda c: c["own.part"].__setitem__(slice(0, 100), ["b"] * 100)
    )


def edited_timings(folder):
    def spoil(columns):
        faster = [each == "low" for each in columns["variant"]]
        columns["span"] = [
            span / (2 if own else 1) for span, own in zip(columns["span"], faster, strict=True)
        ]

    folder.edit_rows("timings.parquet", spoil)


def edited_throughput(folder):
    folder.edit(lambda claim: claim["candidates"]["low"]["throughput"].update(ratio=3.0))


def edited_method(folder):
    folder.edit(lambda claim: claim["candidates"]["low"]["throughput"].update(method="a guess"))


def edited_noise_floor(folder):
    folder.edit(lambda claim: claim["noise_floor"].update(answer_changes=5))


def edited_verdict(folder):
    def turn(claim):
        claim["verdict"] = claim["candidates"]["low"]["decision"]["verdict"] = "fail"

    folder.edit(turn)


def edited_test_set(folder):
    folder.edit(lambda claim: claim["task"].update(composition="production-matched"))


def edited_confidence(folder):
    folder.edit(lambda claim: claim.update(confidence=0.99))


def edited_agreement(folder):
    folder.edit(lambda claim: claim["agreements"][0].update(value=0.123))


def edited_looks(folder):
    folder.edit(lambda claim: claim.update(looks=7))


def hidden_gate(folder):
    def hide(claim):
        claim["candidates"]["low"]["gate"] = False
        claim["candidates"]["low"]["decision"]["gate"] = False

    folder.edit(hide)


def removed_samples(folder):
    (folder.out / "samples.parquet").write_bytes(b"no Parquet")


ATTACKS = {
    changed_margin: "margins as locked: top1 @ overall of low, margin",
    dropped_stratum: "cells of low: top1 @ part=a",
    wholly_dropped_stratum: "cells of low: top1 @ part=a",
    edited_score: "cells of low: top1 @ overall.candidate_value",
    called_robust: "robust or fragile: low.outcome",
    smaller_surface: "robust or fragile: low.surface",
    edited_predictions: "cells of low: top1 @ overall.candidate_value",
    edited_samples: "cells of low: top1 @ overall.reference_value",
    edited_strata: "cells of low: top1 @ part=a.n",
    edited_timings: "throughput: low.ratio",
    edited_throughput: "throughput: low.ratio",
    edited_method: "throughput: low.method",
    edited_noise_floor: "noise floor: answer_changes",
    edited_verdict: "verdict of low: verdict",
    edited_test_set: "declared: composition",
    edited_confidence: "declared: confidence",
    edited_agreement: "agreements: ",
    edited_looks: "looks",
    hidden_gate: "declared: low, gate",
    removed_samples: "figures",
}


@pytest.mark.parametrize("rechained", [False, True], ids=["alone", "rechained"])
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_edit_is_caught(folder, differing, attack, rechained):
    attack(folder)
    if rechained:
        folder.rechain()
    found = differing(folder.verify())
    assert any(what.startswith(ATTACKS[attack]) for what in found), found
    committed = {what for what in found if "as committed" in what}
    assert bool(committed) is not rechained


def test_a_margin_is_told_as_claimed_and_as_locked(folder, differing):
    changed_margin(folder)
    found = differing(folder.verify())
    assert found["margins as locked: top1 @ overall of low, margin"] == ("0.3", "0.05")
    assert found["cells of low: top1 @ overall.margin"] == ("0.3", "0.05")
    assert found[COMMITTED][0] != found[COMMITTED][1]


@pytest.mark.parametrize("rechained", [False, True])
def test_a_margin_changed_in_the_claim_alone_shows_without_the_run(
    folder, tmp_path, differing, rechained
):
    from quantassay.workflows.verify import verify

    changed_margin(folder)
    shutil.copy(folder.claim_path, tmp_path / "alone.json")
    found = differing(verify(tmp_path / "alone.json"))
    assert "margins as locked: top1 @ overall of low, margin" in found


def swap(folder, told):
    """Put another model in the place of one that a scheme made; tell journal and claim of it."""
    path = folder.out / "artifacts" / "low.onnx"
    path.write_bytes((folder.out.parent / "other.onnx").read_bytes())
    digest_now = f"sha256:{sha256(path.read_bytes()).hexdigest()}"

    def measured(entries):
        for entry in entries:
            if entry["event"] == "measured":
                entry["data"]["variants"]["low"] = digest_now

    if "claim" in told:
        folder.edit(lambda claim: claim["candidates"]["low"]["artifact"].update(
            digest=digest_now, bytes=path.stat().st_size))  # fmt: skip
    if "journal" in told:
        folder.rechain(measured)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ((), "model file of low: digest"),
        (("journal",), "model file of low: digest"),
        (("claim",), "models as measured: low"),
        # what the journal noted of the pair was of the model that answered
        (("claim", "journal"), "outcomes as noted: low.of"),
    ],
)
def test_a_swapped_model_is_caught(told, what, tmp_path, cache, make_assay, folder, differing):
    import yaml

    rubric = make_assay(tmp_path / "made")
    value = yaml.safe_load(rubric.read_text())
    value["variants"]["low"] = {"scheme": "onnxruntime-dynamic", "of": "fp32"}
    rubric.write_text(yaml.safe_dump({**value, "timing": None}, sort_keys=False))
    shutil.copy(tmp_path / "made" / "other.onnx", tmp_path / "other.onnx")
    folder.out = tmp_path / "swapped"
    run(rubric, folder.out)
    assert differing(folder.verify()) == {}
    swap(folder, told)
    found = differing(folder.verify())
    assert what in found, found


@pytest.mark.parametrize("where", ["journal", "claim", "both"])
def test_a_rubric_edited_after_results_is_caught(folder, differing, where):
    declared = folder.claim["rubric"]["declared"]
    declared["metrics"]["top1"]["margin"]["value"] = 0.3
    now = digest(restored(declared))

    def lock(entries):
        for entry in entries:
            if entry["event"] == "rubric":
                entry["data"].update(canonical=declared, digest=now)

    if where != "journal":
        folder.edit(lambda claim: claim["rubric"].update(declared=declared, digest=now))
    folder.rechain(list if where == "claim" else lock)
    found = differing(folder.verify())
    expected = {
        "journal": "rubric as locked: digest",
        "claim": "rubric as locked: digest",
        "both": "cells of low: top1 @ overall.margin",
    }
    assert expected[where] in found, found


def test_a_rubric_file_edited_after_results_is_caught(
    tmp_path, cache, make_assay, differing, monkeypatch
):
    from quantassay.workflows.verify import verify

    rubric = make_assay(tmp_path)
    monkeypatch.chdir(tmp_path)
    run("assay.yaml", "out")
    assert differing(verify("out/claim.json")) == {}
    rubric.write_text(rubric.read_text().replace("margin: 0.05", "margin: 0.3"))
    assert [*differing(verify("out/claim.json"))] == ["rubric file assay.yaml"]
    rubric.write_text("rubric: [")
    assert "rubric file" in differing(verify("out/claim.json"))


def test_a_rubric_locked_after_results_is_caught(folder, differing):
    def late(entries):
        entries.insert(-2, entries.pop(0))

    folder.rechain(late)
    assert "locked before results: measured" in differing(folder.verify())


def test_a_broken_chain_is_caught(folder, differing, unchecked):
    path = folder.out / "journal.jsonl"
    path.write_text(path.read_text("utf-8").replace("0.05", "0.06", 1), "utf-8")
    found = folder.verify()
    assert "journal.jsonl:2" in differing(found)["journal's chain"][1]
    assert "journal does not tell" in unchecked(found)["figures"]


def test_a_journal_cut_short_is_caught(folder, differing):
    folder.rechain(lambda entries: entries.__delitem__(slice(-2, None)))
    found = differing(folder.verify())
    assert found["run"][1].startswith("the journal was cut off after 'results'")
    assert found["files"][1].endswith("the journal was cut off after 'results'")


def test_a_last_line_that_is_gone_is_no_older_version(folder, differing):
    folder.rechain(lambda entries: entries.pop())
    found = differing(folder.verify())
    assert {"run", "files"} == set(found)
    for _, said in found.values():
        assert "the journal was cut off after 'published'" in said
        assert "older version" not in said


def test_computing_again_is_no_look(folder, differing):
    edited_predictions(folder)
    found = differing(folder.verify())
    assert "looks" not in found
    assert "outcomes as noted: low.digest" in found
    assert not any("were computed" in said for pair in found.values() for said in pair)


def test_each_side_of_a_difference_is_named(folder):
    def edit(claim):
        claim["executor"]["processor"] = "Another Processor"
        claim["candidates"]["low"]["decision"]["deciding"].append("top1 @ part=c")

    folder.edit(edit)
    said = {check.what: str(check) for check in folder.verify().checks}
    assert said["disclosures: executor"].startswith("its disclosures say: ")
    assert "; its data say: onnxruntime on Another Processor" in said["disclosures: executor"]
    committed = said["claim as committed"]
    assert committed.startswith("this file is: sha256:")
    assert "; the journal committed to: sha256:" in committed
    deciding = said["verdict of low: deciding"]
    assert "entries, with top1 @ part=c; recomputed: " in deciding
    assert not any("claimed" in text for text in said.values())


def test_what_differs_is_summed_up_first_and_three_a_check_are_shown(folder, capsys):
    edited_predictions(folder)
    dropped_stratum(folder)
    assert run_command(["verify", str(folder.claim_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert " differ; " in lines[0]
    assert lines[1].startswith("DIFFERS")
    marks = [line.split("  ")[0] for line in lines[1:] if line.strip() == line]
    assert marks == sorted(marks, key=["DIFFERS", "not checked", "agrees"].index)
    cells = [line for line in lines if line.startswith("DIFFERS      cells of low: ")]
    assert len(cells) == 3
    assert any(
        line.startswith(" ") and "cells: " in line and "more lines" in line for line in lines
    )
    assert len(lines) < 90


@pytest.mark.parametrize("spoil", [{"files": None}, {"files": {"../../etc/passwd": "sha256:0"}}])
def test_a_journal_of_odd_entries_is_no_crash(folder, differing, spoil):
    def change(entries):
        entries[-2]["data"] = spoil

    folder.rechain(lambda entries: None)
    entries = folder.journal()
    change(entries)
    previous, lines = "0" * 64, []
    for entry in entries:
        entry["previous"] = previous
        lines.append(json.dumps(entry, sort_keys=True))
        previous = sha256(lines[-1].encode()).hexdigest()
    (folder.out / "journal.jsonl").write_text("\n".join(lines) + "\n")
    assert not folder.verify().agrees


def rewritten(folder, finished):
    """Run the same models by a laxer rubric in a new folder: whole, and of another making."""
    rubric = finished / "laxer.yaml"
    rubric.write_text((finished / "assay.yaml").read_text().replace("margin: 0.05", "margin: 0.3"))
    there = folder.out.parent / "rewritten"
    run(rubric, there)
    return there


def test_only_a_committed_digest_or_a_key_tells_of_a_run_made_anew(
    folder, finished, cache, differing, tmp_path
):
    from quantassay.workflows.sign import new_key, sign_claim
    from quantassay.workflows.verify import verify

    public, claim = new_key(tmp_path / "key.pem"), folder.claim
    whole = sha256(folder.claim_path.read_bytes()).hexdigest()
    journal = sha256((folder.out / "journal.jsonl").read_bytes()).hexdigest()
    sign_claim(folder.claim_path, tmp_path / "key.pem")
    assert verify(folder.claim_path, key=public, digest=whole).agrees
    assert verify(folder.claim_path, digest=claim["rubric"]["digest"]).agrees
    assert verify(folder.claim_path, digest=f"sha256:{journal}").agrees

    forged = rewritten(folder, finished) / "claim.json"
    assert verify(forged).agrees
    for committed in (whole, journal, claim["rubric"]["digest"]):
        assert "committed digest" in differing(verify(forged, digest=committed))
    assert differing(verify(forged, key=public))["signature"][1] == "there is no claim.json.sig"
    shutil.copy(folder.out / "claim.json.sig", forged.with_name("claim.json.sig"))
    assert "for other bytes than this file" in differing(verify(forged))["signature"][1]
    forged.with_name("claim.json.sig").unlink()
    new_key(tmp_path / "mine.pem")
    sign_claim(forged, tmp_path / "mine.pem")
    assert verify(forged).agrees, "a signature that nobody vouches for says nothing of who signed"
    assert "another key" in differing(verify(forged, key=public))["signature"][1]


def test_a_digest_that_is_none_is_bad_input(folder):
    with pytest.raises(InputError, match="64 hexadecimal"):
        folder.verify(digest="abc")


def test_an_older_run_says_that_it_is(folder, differing, unchecked):
    def older(claim):
        for key in ("trade_off", "software", "calibration_study"):
            del claim[key]

    folder.edit(older)
    for name in ("samples.parquet", "second-pass.parquet", "timings.parquet"):
        (folder.out / name).unlink()
    folder.rechain(lambda entries: entries.pop(-2))
    found = folder.verify()
    assert not found.agrees
    assert "trade_off: is missing" in str([c.found for c in found.checks])
    assert "of an older version" in unchecked(found)["figures"]
    assert "of an older version" in unchecked(found)["files"]


DISCLOSURES = (
    "task", "base model", "quantized model", "metric", "reference", "calibration", "per-stratum",
    "test-set composition", "sample size", "executor", "throughput", "noise floor", "rubric",
    "software", "reproduction",
)  # fmt: skip


@pytest.mark.parametrize("item", DISCLOSURES)
def test_a_disclosure_taken_out_is_told_by_name(folder, differing, item):
    folder.edit(lambda claim: claim["disclosures"].pop(item))
    folder.rechain()
    found = differing(folder.verify())
    assert found[f"disclosures: {item}"][0] == "not in the claim"


@pytest.mark.parametrize("item", DISCLOSURES)
def test_a_disclosure_silenced_is_told_by_name_and_decides(folder, differing, item):
    folder.edit(lambda claim: claim["disclosures"].update({item: None}))
    folder.rechain()
    found = differing(folder.verify())
    assert found[f"missing: {item}"] == ("not named", "not disclosed")


@pytest.mark.parametrize(
    "key",
    [
        "noise_floor",
        "executor",
        "task",
        "metrics",
        "reproduce",
        "reference",
        "trade_off",
        "missing",
    ],
)
def test_a_part_taken_out_is_told_by_name(folder, differing, key):
    folder.edit(lambda claim: claim.pop(key))
    found = [check for check in folder.verify().checks if check.outcome == "differs"]
    assert f"{key}: is missing" in [check.found for check in found]


@pytest.fixture
def calibrated(tmp_path, cache, make_assay):
    """A run whose candidate was calibrated."""
    import yaml

    rubric = make_assay(tmp_path / "made")
    value = yaml.safe_load(rubric.read_text())
    table = pq.read_table(tmp_path / "made" / "test.parquet")
    x = np.stack(table["x"].to_numpy()) + np.float32(0.01)
    moved = pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), x.shape[1])
    train = table.set_column(table.column_names.index("x"), "x", moved).slice(0, 100)
    pq.write_table(train, tmp_path / "made" / "train.parquet")
    value["variants"]["low"] = {"scheme": "onnxruntime-static", "of": "fp32", "calibration": "own"}
    value["calibrations"] = {
        "own": {"data": {"path": "train.parquet", "input": "x"}, "samples": 64}
    }
    rubric.write_text(yaml.safe_dump({**value, "timing": None}, sort_keys=False))
    run(rubric, tmp_path / "run")
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"source": "other.parquet"}, "variants: low, calibration.source"),
        ({"samples": 99}, "variants: low, calibration.samples"),
        ({"method": "percentile"}, "variants: low, calibration.method"),
        (None, "variants: low, calibration"),
    ],
)
def test_a_calibration_that_was_edited_is_caught(calibrated, differing, unchecked, change, what):
    from quantassay.workflows.verify import verify

    found = verify(calibrated / "claim.json")
    assert differing(found) == {}
    assert "calibration digests" in unchecked(found)
    value = json.loads((calibrated / "claim.json").read_text())
    low = value["candidates"]["low"]
    low["calibration"] = "none needed" if change is None else {**low["calibration"], **change}
    (calibrated / "claim.json").write_text(json.dumps(value))
    assert what in differing(verify(calibrated / "claim.json"))


def test_a_calibration_of_no_set_is_caught(folder, differing):
    facts = {
        "name": "own", "source": "train.parquet", "method": "entropy", "samples": 1,
        "available": 2, "seed": 0, "digest": "ab" * 32, "strata": {}, "exact_overlap": 0,
        "near_duplicates": 0,
    }  # fmt: skip
    folder.edit(lambda claim: claim["candidates"]["low"].update(calibration=facts))
    found = differing(folder.verify())
    assert found["variants: low, calibration"] == ("own", "no set of the rubric")


def test_a_published_digest_of_a_rubric_is_not_that_of_one_taken_out(folder, tmp_path, differing):
    """The digest alone stands in the claim: its margins could be any."""
    from quantassay.workflows.verify import verify

    committed = folder.claim["rubric"]["digest"]
    folder.edit(lambda claim: claim["rubric"].update(declared=None))
    changed_margin(folder)
    alone = tmp_path / "claim.json"
    shutil.copy(folder.claim_path, alone)
    found = differing(verify(alone, digest=committed))
    assert found["committed digest"][1] == "of neither claim, rubric nor journal"
    assert found["rubric"][1] == "the rubric itself is not in the claim"


def test_a_calibration_study_that_nobody_made_is_told(folder, differing):
    def praise(claim):
        claim["calibration_study"]["reason"] = "ten sets were compared: no loss moved"

    folder.edit(praise)
    folder.rechain()
    assert "calibration study" in differing(folder.verify())


def test_an_assumption_taken_out_of_the_findings_is_told(folder, make_assay, tmp_path, differing):
    rubric = make_assay(tmp_path / "unknown")
    text = rubric.read_text("utf-8")
    rubric.write_text(text.replace("clusters: independent", "clusters: unknown"), "utf-8")
    run(rubric, tmp_path / "unknown" / "out")
    spoiled = type(folder)(tmp_path / "unknown" / "out")
    assert spoiled.claim["findings"]
    spoiled.edit(lambda claim: claim["findings"].clear())
    spoiled.rechain()
    assert "assumption" in differing(spoiled.verify())["assumptions"][1]
