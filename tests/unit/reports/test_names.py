from __future__ import annotations

from quantassay.reports import names


def test_characters_that_mislead_are_shown_as_escapes() -> None:
    assert names.printable("a\u202eb\x1b[31m\n\ud800") == "a\\u202eb\\x1b[31m\\n\\ud800"
    assert names.printable("Größe 8") == "Größe 8"


def test_long_names_are_cut_and_empty_ones_named() -> None:
    assert names.short("x" * 5000) == "x" * 80 + "… (4,920 more characters)"
    assert names.short("") == "(empty)"
    assert names.stratum({"digit": "8"}) == "digit=8"
    assert names.stratum({}) == "overall"


def test_lists_say_how_many_they_leave_out() -> None:
    assert names.several(["a", "b", "c"], 2) == "a, b and 1 more"
    assert names.several(["a"]) == "a"
    assert names.counted(1, "stratum", "strata") == "1 stratum"
    assert names.counted(2000, "stratum", "strata") == "2,000 strata"
