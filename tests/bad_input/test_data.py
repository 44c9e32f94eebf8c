"""Test sets and recorded answers that are missing, empty, damaged or of two minds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


def write_csv(path, lines):
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def rows_of(n, answer=lambda i: i % 4):
    return [f"{i:03d},{i % 4},{answer(i)}" for i in range(n)]


@pytest.fixture
def csv(tmp_path):
    """Write answers as CSV; ids are 000 to 399."""

    def write(name, rows=None, header="id,target,pred"):
        return write_csv(tmp_path / name, [header, *(rows_of(400) if rows is None else rows)])

    return write


def test_a_test_set_that_is_missing(run, assay):
    line = run({"task": {"data": {"path": "tset.parquet"}}}).refused("task.data.path", "no such")
    assert "assay.yaml:" in line and "tset.parquet" in line
    assert not assay.out.exists()


@pytest.mark.parametrize("side", ["ref.csv", "cand.csv"])
def test_recorded_answers_that_are_missing(command, csv, tmp_path, side):
    csv("ref.csv"), csv("cand.csv")
    (tmp_path / side).unlink()
    command("compare", "ref.csv", "cand.csv").refused(side, "no such file")


def test_recorded_answers_of_a_rubric_that_are_missing(run):
    changes = {"variants": {"low": {"model": ..., "predictions": "gone.parquet"}}}
    run(changes).refused("gone.parquet", "no such file")


@pytest.mark.parametrize("content", [b"", b"id,target,pred\n", b"\n", b"\xef\xbb\xbf"])
def test_a_table_without_rows(command, csv, tmp_path, content):
    csv("ref.csv")
    (tmp_path / "cand.csv").write_bytes(content)
    command("compare", "ref.csv", "cand.csv", "--margin", "0.1").refused("cand.csv")
    command("compare", "cand.csv", "ref.csv", "--margin", "0.1").refused("cand.csv")


def test_a_test_set_without_rows(run, assay):
    assay.data(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    run().refused("test.parquet", "no rows")


def test_a_condition_that_leaves_no_row(run):
    run({"task": {"data": {"where": {"target": 9}}}}).refused("test.parquet", "leaves none of 400")


def test_a_stratum_that_holds_no_sample(run):
    changes = {
        "strata": [{"name": "rare", "where": {"target": 9}}],
        "metrics": [{"name": "top1", "margin": 0.05, "by": {"rare": 0.1}}],
    }
    run(changes).refused("'rare'", "no sample has 'target' = '9'")


def test_ids_that_occur_twice(command, csv, run, assay):
    csv("ref.csv"), csv("cand.csv", [*rows_of(400), "007,3,3", "007,3,2"])
    command("compare", "ref.csv", "cand.csv").refused("cand.csv", "'007' (3 times)")
    command("compare", "cand.csv", "ref.csv").refused("cand.csv", "'007' (3 times)")
    table = pq.read_table(assay.folder / "test.parquet")
    pq.write_table(pa.concat_tables([table, table.slice(5, 1)]), assay.folder / "test.parquet")
    run().refused("test.parquet", "'s0005' (2 times)")


def test_ids_that_do_not_match_are_named_and_counted(command, csv):
    csv("ref.csv"), csv("less.csv", rows_of(390)), csv("more.csv", [*rows_of(400), "x1,0,0"])
    command("compare", "ref.csv", "less.csv").refused("less", "10 of 400", "'390'", "5 more")
    command("compare", "ref.csv", "more.csv").refused("more", "1 of 401", "'x1'")
    command("compare", "ref.csv", "more.csv", "--allow-missing").refused("more", "'x1'")


def test_ids_keep_their_zeros_on_both_sides(command, csv):
    csv("ref.csv")
    csv("same.csv", rows_of(400)[::-1])
    csv("bare.csv", [f"{i},{i % 4},{i % 4}" for i in range(400)])
    assert command("compare", "ref.csv", "same.csv", "--margin", "0.05").code == 0
    command("compare", "ref.csv", "bare.csv", "--margin", "0.05").refused("'0'", "not in the test")


def test_a_rubric_and_recorded_answers_keep_zeros_too(run, assay, csv):
    csv("test.csv", [f"{i:03d},{i / 1000},{i % 4}" for i in range(400)], "id,x,target")
    csv("ref.csv"), csv("cand.csv")
    changes = {
        "task": {"data": {"path": "test.csv", "input": ...}, "outputs": {"kind": "labels"}},
        "variants": {
            "fp32": {"model": ..., "predictions": "ref.csv"},
            "low": {"model": ..., "predictions": "cand.csv"},
        },
    }
    outcome = run(changes)
    assert outcome.code == 0, outcome.stderr
    assert [cell["n"] for cell in outcome.json["cells"]] == [400]


def test_byte_order_marks_and_carriage_returns_do_no_harm(command, csv, tmp_path):
    plain = csv("ref.csv").read_bytes()
    (tmp_path / "cand.csv").write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    outcome = command("compare", "ref.csv", "cand.csv", "--margin", "0.05", "--json")
    assert (outcome.code, outcome.json["cells"][0]["losses"]) == (0, 0)


def test_targets_that_differ_between_the_sides(command, csv):
    csv("ref.csv")
    csv("cand.csv", [f"{i:03d},{(i + (i == 7)) % 4},0" for i in range(400)])
    command("compare", "ref.csv", "cand.csv").refused("target of 1 of 400", "'007'")


def test_a_target_that_is_missing(command, csv, run, assay):
    for name in ("ref.csv", "cand.csv"):
        csv(name, [*rows_of(399), "399,,2"])
    asked = ("compare", "ref.csv", "cand.csv", "--margin", "0.1")
    command(*asked, "--metric", "f1").refused("f1-macro needs all targets", "'399'")
    told = command(*asked)
    assert told.code == 0
    assert "399 of 400 samples have a target; what the others ('399')" in " ".join(
        told.stdout.split()
    )
    assay.data(None, pa.array([None, *range(4)] * 80))
    run().refused("test.parquet", "80 samples", "'s0000'")


def test_a_column_of_two_minds(command, csv, run, assay):
    csv("ref.csv"), csv("cand.csv", rows_of(400, lambda i: "cat" if i == 7 else i % 4))
    command("compare", "ref.csv", "cand.csv").refused("cand.csv, row 8", "'pred'", "'cat'")


def test_inputs_of_unequal_length(run, assay):
    table = pq.read_table(assay.folder / "test.parquet")
    rows = table.column("x").to_pylist()
    rows[7] = rows[7][:3]
    changed = table.set_column(1, "x", pa.array(rows, pa.list_(pa.float32())))
    pq.write_table(changed, assay.folder / "test.parquet")
    run().refused("test.parquet", "'x'", "'s0007'")


def test_inputs_of_the_wrong_type(run, assay):
    assay.data(assay.values.astype(np.float64))
    run().refused("fp32.onnx", "takes float32", "float64", "preprocess")
    assert assay.left_over() == []


def test_an_input_that_is_missing(run, assay):
    table = pq.read_table(assay.folder / "test.parquet")
    rows = table.column("x").to_pylist()
    rows[7] = None
    changed = table.set_column(1, "x", pa.array(rows, table.schema.field("x").type))
    pq.write_table(changed, assay.folder / "test.parquet")
    run().refused("test.parquet", "'x'", "'s0007'")


def test_a_column_that_is_not_there_names_its_neighbour(run):
    run({"task": {"data": {"target": "targt"}}}).refused("'targt'", "did you mean 'target'?")
    run({"task": {"data": {"input": "y"}}}).refused("no column 'y'")
    run({"strata": ["grup"]}).refused("no column 'grup'")
    run({"task": {"clusters": "writer"}}).refused("'writer'")


@pytest.mark.parametrize("keep", [3, 100, 0.5, -1])
def test_a_truncated_parquet(command, run, assay, answers, keep):
    files = answers("ref.parquet"), answers("cand.parquet")
    for path in (files[1], assay.folder / "test.parquet"):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    command("compare", *files).refused("cand.parquet")
    run().refused("test.parquet")


def test_names_in_a_parquet_that_are_damaged(run, assay):
    path = assay.folder / "test.parquet"
    pq.write_table(pq.read_table(path), path, compression="none", use_dictionary=False)
    content = path.read_bytes()
    assert content.count(b"s0123") == 1
    path.write_bytes(content.replace(b"s0123", b"s\xff123"))
    run().refused("test.parquet", "damaged")


def test_an_id_that_is_also_the_input(run):
    run({"task": {"data": {"id": "x"}}}).refused("test.parquet", "'x'", "text or whole numbers")


def test_a_quotation_mark_that_never_ends(command, csv):
    csv("ref.csv"), csv("cand.csv", [*rows_of(200), '200,0,"0', *rows_of(400)[201:]])
    command("compare", "ref.csv", "cand.csv").refused("cand.csv")


def test_a_row_with_a_field_too_many(command, csv):
    csv("ref.csv"), csv("cand.csv", [*rows_of(200), "200,0,0,0", *rows_of(400)[201:]])
    command("compare", "ref.csv", "cand.csv").refused("cand.csv", "row 202", "expected 3 columns")


@pytest.mark.parametrize("name", ["cand.csv", "cand.jsonl"])
@pytest.mark.parametrize("fill", ["zero", "newline"])
def test_a_line_of_four_gigabytes_is_refused_in_bounded_memory(process, csv, tmp_path, name, fill):
    csv("ref.csv")
    with (tmp_path / name).open("wb") as file:
        file.write(b"id,target,pred\n" if name.endswith("csv") else b'{"id": "')
        file.truncate(4 << 30)  # a hole: nothing is written to the disk
        if fill == "newline":
            file.seek(0, 2)
            file.write(b"\n000,0,0\n")
    outcome = process("compare", "ref.csv", name, preexec_fn=_limited)
    outcome.refused(name, "longer than")


def _limited():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))


def test_a_stratum_column_of_ten_thousand_values(command, run, assay, tmp_path, answers):
    n = 10_000
    names = [f"user-{i}" for i in range(n)]
    files = answers("ref.parquet", n, user=names), answers("cand.parquet", n)
    command("compare", *files, "--by", "user", "--margin", "0.01").refused(
        "'user'", "10000 values", "bins"
    )


def test_clusters_without_a_name(run, assay):
    assay.data(None, None, writer=[None, *range(1, 400)])
    run({"task": {"clusters": "writer"}}).refused("'writer'", "1 samples")
