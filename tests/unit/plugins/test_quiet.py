import logging
import os
import warnings

import pytest

from quantassay.plugins.quiet import no_native_logs, quietly


def test_logs_and_warnings_are_held_back_inside_only(caplog):
    with quietly():
        warnings.warn("inside", stacklevel=1)
        logging.getLogger("theirs").critical("inside")
    assert not caplog.records
    logging.getLogger("theirs").critical("after")
    assert [record.message for record in caplog.records] == ["after"]
    with pytest.warns(UserWarning, match="after"):
        warnings.warn("after", stacklevel=1)


def test_levels_are_put_back_after_an_error():
    with pytest.raises(ValueError, match="wrong"), quietly():
        raise ValueError("wrong")
    assert logging.root.manager.disable < logging.CRITICAL


def test_native_code_is_held_back_inside_only(capfd):
    with no_native_logs():
        os.write(2, b"inside\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"
