import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.schemes.llmcompressor.tokens import token_batches


def test_padding_is_left_out_and_rows_of_one_length_go_together(folder):
    ids = np.array([[0, 1, 2], [0, 3, 4], [5, 6, 7]])
    mask = np.array([[0, 1, 1], [0, 1, 1], [1, 1, 1]])
    found = token_batches([{"input_ids": ids, "attention_mask": mask}], folder, "any")
    assert [one["input_ids"].tolist() for one in found] == [[[1, 2], [3, 4]], [[5, 6, 7]]]
    assert all((one["attention_mask"] == 1).all() for one in found)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pixels": np.ones((1, 2))}, "got 'pixels'"),
        ({"": np.ones((1, 2))}, "got float64"),
        ({"": np.array(["a text"], object)}, r"no tokenizer\.json"),
        ({"": np.array([[1, 9]])}, "sample 0 .* not from 0 to 8"),
        ({"": np.array([[-1]])}, "not from 0 to 8"),
        ({"input_ids": np.ones((1, 2), int), "attention_mask": np.zeros((1, 2))}, "no token"),
    ],
)
def test_what_is_no_token_is_refused(given, words, folder):
    with pytest.raises(DataError, match=words):
        token_batches([given], folder, "any")
