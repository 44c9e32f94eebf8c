import json
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("magika", reason="the wheel has the model: make test")


@pytest.fixture(scope="module")
def collect(script):
    return script("filetype/collect.py")


@pytest.fixture(scope="module")
def config(collect):
    return json.loads((collect.MODEL / "config.min.json").read_text())


def tree(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


CONTENTS = {
    "short": b"12345678",
    "white": b" \n\t" * 20 + b"print('x')" + b"\n" * 9,
    "just_a_block": bytes(range(256)) * 16,
    "white_block_in_front": b" " * 4000 + b"abcdefgh" * 300,
    "white_block_behind": b"abcdefgh" * 700 + b"\n" * 4090,
    "between_one_and_two_parts": b"q" * 1500,
    "large": np.random.default_rng(0).bytes(50_000),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_features_are_those_that_magika_makes(collect, config, name, tmp_path):
    from magika import Magika
    from magika.types import Seekable

    path = tree(tmp_path, {name: CONTENTS[name]}) / name
    sizes = ("beg_size", "mid_size", "end_size", "padding_token", "block_size")
    with path.open("rb") as stream:
        theirs = Magika._extract_features_from_seekable(
            Seekable(stream), *(config[size] for size in sizes), config["use_inputs_at_offsets"]
        )
    assert collect.features(path, config).tolist() == [*theirs.beg, *theirs.end]


@pytest.mark.parametrize(
    "content", [b"", b"1234567", b" " * 50 + b"abc", b" " * 4090 + b"abcdefgh"]
)
def test_files_that_magika_decides_without_its_model_are_left_out(
    collect, config, content, tmp_path
):
    path = tree(tmp_path, {"x": content}) / "x"
    assert collect.features(path, config) is None


def test_labels_are_those_of_magika(collect, config):
    """On files of this project's own environment: what the model says is what magika says."""
    import onnxruntime
    from magika import Magika

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = onnxruntime.InferenceSession(str(collect.MODEL / "model.onnx"), options)
    magika, folder = Magika(), Path(np.__file__).parent
    files = islice(collect.samples(collect.spread(collect.found([folder])), set()), 60)
    for sample in files:
        answer = model.run(None, {"bytes": sample.tokens[None]})[0][0].argmax()
        label = magika.identify_bytes(Path(sample.path).read_bytes()).prediction.dl.label
        assert config["target_labels_space"][answer] == str(label)


def test_every_target_is_a_class_of_the_model(collect, config):
    assert set(collect.TYPES.values()) <= set(config["target_labels_space"])


def test_the_rubric_lists_the_classes_of_the_model(examples, config):
    import yaml

    rubric = yaml.safe_load((examples / "filetype" / "assay.yaml").read_text())
    assert rubric["task"]["outputs"]["classes"] == config["target_labels_space"]


@pytest.fixture
def files(tmp_path) -> Path:
    many = {f"big/{i}.py": b"print(%d)" % (10_000 + i) for i in range(30)}
    few = {f"small{i}/a.py": b"import os; %d" % i for i in range(5)}
    docs = {"doc/pkg/a.md": b"# title and words", "doc/pkg/sub/b.md": b"# other title, words"}
    copies = {"other/copy.py": b"print(10000)", "other/notes.txt": b"any words at all"}
    return tree(tmp_path, many | few | docs | copies | {"top.py": b"import this"})


def test_samples_are_even_over_types_then_packages(collect, files):
    first = list(islice(collect.spread(collect.found([files])), 8))
    assert Counter(file.type for file in first) == {"python": 6, "markdown": 2}
    assert len({file.package for file in first if file.type == "python"}) == 6


def test_packages_are_folders_where_nobody_recorded_more(collect, files):
    packages = {file.path.name: file.package for file in collect.found([files])}
    assert packages["b.md"] == "pkg"
    assert packages["7.py"] == "big"
    assert packages["top.py"] == files.name
    assert "notes.txt" not in packages


def test_a_content_occurs_once(collect, files):
    seen: set[bytes] = set()
    kept = list(collect.samples(collect.spread(collect.found([files])), seen))
    assert len({sample.sample_id for sample in kept}) == len(kept) == 38
    assert list(collect.samples(collect.spread(collect.found([files])), seen)) == []


def test_a_package_gives_no_more_than_its_share(collect, files):
    kept = Counter(f.package for f in collect.capped(collect.spread(collect.found([files])), 4))
    assert kept["big"] == 4
    assert kept["small3"] == 1


def test_no_package_gives_both_test_and_calibration_samples(collect, files):
    held, rest = collect.parted(collect.found([files]))
    assert held and rest
    assert not {file.package for file in held} & {file.package for file in rest}


def test_the_same_files_give_the_same_order(collect, files):
    twice = [list(collect.spread(collect.found([files]))) for _ in range(2)]
    assert twice[0] == twice[1]
