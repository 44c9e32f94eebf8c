import pytest

from quantassay.engines.transformers.engine import Transformers
from quantassay.errors import PluginError


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"thread": 1}, "no option 'thread' (did you mean 'threads'?)"),
        ({"threads": 0}, "a whole number from 1 to 16777216; got 0"),
        ({"max_new_tokens": None}, "a whole number from 1 to 16777216; got None"),
        ({"normalize": "yes"}, "true or false; got 'yes'"),
        ({"dtype": "int8"}, "one of float32, bfloat16, float16; got 'int8'"),
    ],
)
def test_what_is_wrong_is_said(given, said):
    with pytest.raises(PluginError) as error:
        Transformers.open(None, given)
    assert said in str(error.value)
