from __future__ import annotations

import pytest

from quantassay import plugins
from quantassay.workflows.list import entries, facts

KINDS = [
    "metrics",
    "agreements",
    "engines",
    "formats",
    "schemes",
    "readers",
    "throughput_logs",
    "exports",
    "backends",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_plugin_has_a_line(kind):
    found = entries(kind)
    assert len(found) == len(plugins.names(kind))
    assert all(line.strip() for line in found.values())


def test_a_line_on_a_metric():
    assert entries("metrics")["top1"].split()[:5] == [
        "higher",
        "paired",
        "binary",
        "target,",
        "prediction",
    ]
    assert entries("metrics")["ece"].startswith("lower   described")


def test_every_metric_says_all():
    for name, said in facts("metrics").items():
        for key in ("direction", "unit", "needs", "definition", "source", "evidence", "line"):
            assert said.get(key), (name, key)
        # a mean without a cap says why it has no verdict, too
        assert said["evidence"] != "described" or "why" in said, name


def test_names_are_spelled_as_users_do():
    assert all("_at_k" not in name for name in facts("metrics"))
    assert facts("metrics")["recall@k"]["registered"] == "recall_at_k"


def test_options_with_their_defaults():
    assert facts("metrics")["f1"]["options"] == {"average": "macro", "positive": None}
    assert facts("metrics")["recall@k"]["options"]["k"] == "required"


def test_options_of_schemes_and_engines():
    assert facts("schemes")["onnxruntime-fp16"]["options"] == {
        "keep_io": True,
        "exclude_ops": None,
        "exclude": None,
    }
    assert facts("engines")["endpoint"]["options"]["choices"] == []
    # the folder of the rubric is set by the run
    assert "folder" not in facts("engines")["pytorch"]["options"]


def test_a_plugin_that_cannot_be_used_is_listed(monkeypatch):
    def missing(kind, name):
        from quantassay.errors import PluginError

        msg = "needs the package 'x'"
        raise PluginError(msg)

    monkeypatch.setattr(plugins, "load", missing)
    assert entries("exports")["csv"] == "not usable here: needs the package 'x'"
