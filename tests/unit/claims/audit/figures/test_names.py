from __future__ import annotations

from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.samples import splits
from quantassay.claims.lexicons.matches import find


def test_top_1_and_top_5_are_two_metrics() -> None:
    assert named("top-1 (%)").metric != named("top-5 (%)").metric


def test_size_and_speed_are_no_metrics_of_a_score() -> None:
    assert named("Throughput (samples/sec)").metric == ""


def test_every_known_split_is_a_name_of_the_lexicon() -> None:
    for name, split in splits().items():
        assert [match.name for match in find(name) if match.kind == "dataset"] == [name]
        assert split.n > 0
        assert split.source
