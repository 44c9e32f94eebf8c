import numpy as np
import pytest

from quantassay.engines import Session
from quantassay.engines.python import Python
from quantassay.errors import PluginError, UserCodeError

SOURCE = """
import numpy as np

def double(x): return x * 2
def lists(x): return (x * 2).tolist()
def both(x): return {"sum": x["a"] + x["b"], "difference": x["a"] - x["b"]}
def writes(x):
    x[:] = 0
    return x
def raises(x): raise ValueError("no\\nway")
def short(x): return x[:1]
def one(x): return 3.0
def nothing(x): return None
def ragged(x): return [[1], [1, 2]]
def empty(x): return {}
def names(x): return np.array(["cat"] * len(x))
"""


@pytest.fixture
def session(tmp_path):
    module = f"serving_{abs(hash(tmp_path))}"
    (tmp_path / f"{module}.py").write_text(SOURCE)

    def opened(function):
        return Python.open(None, {"function": f"{module}:{function}", "folder": tmp_path})

    return opened


X = np.arange(4.0).reshape(2, 2)


def test_it_keeps_the_contract(session):
    opened = session("double")
    assert isinstance(opened, Session)
    assert (opened.inputs, opened.outputs) == ((), ("output",))
    assert opened.deterministic is None
    opened.close()


@pytest.mark.parametrize("function", ["double", "lists"])
def test_an_array_in_and_out(session, function):
    np.testing.assert_array_equal(session(function).run({"": X})["output"], X * 2)


def test_several_arrays_in_and_out(session):
    opened = session("both")
    outputs = opened.run({"a": X, "b": X})
    np.testing.assert_array_equal(outputs["sum"], X * 2)
    assert opened.outputs == ("sum", "difference")


def test_strings_out(session):
    assert session("names").run({"": X})["output"].tolist() == ["cat", "cat"]


def test_a_function_that_writes_to_its_input_harms_nobody(session):
    given = X.copy()
    session("writes").run({"": given})
    np.testing.assert_array_equal(given, X)


def test_an_exception_names_function_batch_and_cause(session):
    opened = session("raises")
    with pytest.raises(
        UserCodeError, match=r":raises, batch 0 \(2 rows\): raised ValueError: no way"
    ):
        opened.run({"": X})
    with pytest.raises(UserCodeError, match=r"batch 1") as raised:
        opened.run({"": X})
    assert isinstance(raised.value.__cause__, ValueError)
    assert raised.value.__cause__.__traceback__ is not None


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("short", r"returned shape \(1, 2\) as 'output'; expected 2 rows"),
        ("one", r"returned a single value as 'output'; expected 2 rows"),
        ("nothing", r"returned NoneType as 'output'; expected numbers or strings"),
        ("ragged", r"returned rows of unequal length"),
        ("empty", r"empty mapping"),
    ],
)
def test_what_comes_back_is_checked(session, function, message):
    with pytest.raises(UserCodeError, match=message):
        session(function).run({"": X})


def test_the_function_must_be_there(session):
    with pytest.raises(UserCodeError, match="did you mean 'double'"):
        session("doubl")


def test_options_are_checked(tmp_path):
    with pytest.raises(PluginError, match=r"no option 'threads'"):
        Python.open(None, {"function": "a:b", "threads": 2})
    with pytest.raises(PluginError, match=r"takes no model file"):
        Python.open(tmp_path / "model.onnx", {"function": "a:b"})


def test_use_names_the_function(session):
    use = session("double").use()
    assert use.engine == "python"
    assert use.provider.endswith(":double")
    assert use.precisions == ()
