import numpy as np
import pytest
from scipy.special import softmax

from quantassay.errors import DataError
from quantassay.readers import interpret
from quantassay.readers.outputs import refuse_unknown_targets

RNG = np.random.default_rng(0)


def test_logits_pass_through_a_softmax_in_double_precision():
    logits = RNG.normal(scale=30, size=(50, 7)).astype(np.float32)
    fields = interpret(logits, "logits")
    np.testing.assert_allclose(fields["probabilities"], softmax(logits.astype(float), axis=1))
    np.testing.assert_array_equal(fields["labels"], logits.argmax(axis=1))
    np.testing.assert_array_equal(fields["scores"], logits)
    assert fields["classes"] == tuple("0123456")
    assert not fields["failed"].any()


def test_large_logits_do_not_overflow():
    fields = interpret(np.array([[1e5, 0.0], [-1e30, 1e30]]), "logits")
    assert fields["probabilities"].tolist() == [[1, 0], [0, 1]]


def test_scores_are_only_ranked():
    fields = interpret(np.array([[3.0, 9.0]]), "scores", ["cat", "dog"])
    assert fields["labels"].tolist() == ["dog"]
    assert "probabilities" not in fields
    assert fields["classes"] == ("cat", "dog")


def test_the_first_of_equal_scores_answers():
    assert interpret(np.array([[1, 1, 0]]), "scores")["labels"].tolist() == [0]


def test_probabilities_are_kept():
    values = np.array([[0.25, 0.75], [1.0, 0.0]], np.float32)
    fields = interpret(values, "probabilities", [10, 20])
    np.testing.assert_array_equal(fields["probabilities"], values)
    assert fields["labels"].tolist() == [20, 10]


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_one_column_is_that_of_the_second_class(shape):
    fields = interpret(np.array([0.25, 0.75]).reshape(shape), "probabilities")
    np.testing.assert_allclose(fields["probabilities"], [[0.75, 0.25], [0.25, 0.75]])
    logits = interpret(np.array([-2.0, 2.0]).reshape(shape), "logits")
    assert logits["labels"].tolist() == [0, 1]
    np.testing.assert_allclose(logits["probabilities"][1, 1], 1 / (1 + np.exp(-2)))


def test_labels_are_the_answers():
    assert interpret(np.array(["a", "b"]), "labels")["labels"].tolist() == ["a", "b"]
    fields = interpret(np.array([[1.0], [2.0]]), "labels")
    assert fields["labels"].dtype == np.int64
    assert fields["labels"].tolist() == [1, 2]


def test_trailing_dimensions_of_one_go():
    assert interpret(np.zeros((4, 3, 1, 1)), "scores")["labels"].shape == (4,)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", ["logits", "scores", "probabilities"])
def test_what_is_not_finite_failed(kind, bad):
    values = np.array([[0.4, 0.6], [bad, 0.5], [0.9, 0.1]])
    fields = interpret(values, kind)
    assert fields["failed"].tolist() == [False, True, False]
    assert fields["labels"].tolist() == [1, -1, 0]
    for name in {"scores", "probabilities"} & fields.keys():
        assert np.isnan(fields[name][1]).all()
        assert np.isfinite(fields[name][[0, 2]]).all()


def test_a_failed_row_never_answers_right():
    values = np.array([[np.nan, 0.5], [0.1, 0.9]])
    assert interpret(values, "scores", ["", "dog"])["labels"].tolist()[1] == "dog"
    assert interpret(values, "scores", [-5, 1])["labels"].tolist() == [-6, 1]
    assert interpret(values, "scores", ["cat", "dog"])["labels"].tolist() == ["", "dog"]
    assert interpret(np.array([np.nan, 3.0]), "labels")["failed"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("outputs", "kind", "classes", "message"),
    [
        (np.zeros((2, 10)), "scores", list("abcdefghi"), "gives 10 classes, .*names 9"),
        (np.zeros((2, 2)), "scores", ["a", "a"], "names a class twice"),
        (np.zeros((2, 3, 4)), "logits", None, r"shape \(2, 3, 4\)"),
        (np.zeros((2, 1)), "scores", None, "one score a sample ranks no classes"),
        (np.zeros((2, 0)), "scores", None, r"shape \(2, 0\)"),
        (np.array(["a"]), "logits", None, "declare 'outputs: {kind: labels}'"),
        (np.zeros((2, 3)), "labels", None, r"one value a sample.*shape \(2, 3\)"),
        (np.array(["a", "z"]), "labels", ["a", "b"], "answers 'z', which"),
        (np.zeros((2, 3)), "logit", None, r"not 'logit' \(did you mean 'logits'\?\)"),
        (np.array([[0.5, 0.6]]), "probabilities", None, "row 0 sum to 1.1, not 1"),
        (np.array([[1.2, -0.2]]), "probabilities", None, r"row 0 leave \[0, 1\]: -0.2 to 1.2"),
    ],
)
def test_what_does_not_fit_is_told(outputs, kind, classes, message):
    with pytest.raises(DataError, match=message) as raised:
        interpret(outputs, kind, classes)
    assert "\n" not in str(raised.value)


def test_the_worst_sum_is_named():
    values = np.array([[0.5, 0.5], [0.5, 0.502], [0.2, 0.2]])
    with pytest.raises(DataError, match=r"sample 'c' sum to 0\.4, not 1 \(2 samples in all\)"):
        interpret(values, "probabilities", ids=np.array(["a", "b", "c"]))


def test_half_precision_probabilities_are_close_enough():
    values = softmax(RNG.normal(size=(200, 214)), axis=1).astype(np.float16)
    interpret(values, "probabilities")


def test_classes_that_the_model_does_not_have():
    target = np.array([0, 1, 11, 11])
    ids = np.array(["a", "b", "c", "d"])
    with pytest.raises(DataError, match=r"that the model does not: '11 \(2 samples, first c\)'"):
        refuse_unknown_targets(target, tuple("0123456789"), ids)
    refuse_unknown_targets(target[:2], tuple("0123456789"), ids)
    refuse_unknown_targets(np.array(["cat"]), ("cat", "dog"))


def test_texts_are_answers():
    fields = interpret(np.array(["yes", ""], object), "texts")
    assert fields["labels"].tolist() == ["yes", ""] and not fields["failed"].any()
    with pytest.raises(DataError, match="int64, not text"):
        interpret(np.array([1, 2]), "texts")


def test_loglikelihoods_come_with_their_tokens():
    fields = interpret(np.array([[-6.5, 3], [np.nan, 2], [-1.0, 0]]), "loglikelihood")
    assert fields["failed"].tolist() == [False, True, True]
    assert fields["table"].slice(0, 1).to_pylist() == [{"loglikelihood": -6.5, "tokens": 3.0}]
    with pytest.raises(DataError, match="two numbers a sample"):
        interpret(np.zeros((3, 1)), "loglikelihood")
