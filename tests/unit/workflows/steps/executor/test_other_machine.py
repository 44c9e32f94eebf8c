from __future__ import annotations

import json
from dataclasses import replace

import pytest

from quantassay.claims.executors.document import executor_document
from quantassay.records.executor import ExecutorSpecification, Layer
from quantassay.workflows.steps.executor.other_machine import read_elsewhere
from quantassay.workflows.steps.executor.specification import this_machine


@pytest.fixture
def here():
    return ExecutorSpecification("now", this_machine())


@pytest.fixture
def said(tmp_path):
    """What is said of an executor file read here."""

    def say(found):
        path = tmp_path / "executor.json"
        path.write_text(json.dumps(executor_document(found)))
        return read_elsewhere(path)

    return say


def changed(found, layer, **facts):
    named = {name.replace("_", " "): value for name, value in facts.items()}
    layers = {**found.layers, layer: Layer({**found.facts(layer), **named})}
    return replace(found, layers=layers)


def test_nothing_is_said_where_every_layer_is_the_same(here, said):
    assert said(here) == ""


def test_layers_that_differ_are_named_with_their_facts(here, said):
    found = said(changed(changed(here, "os", system="Other OS"), "limits", usable_cores=99))
    assert found.startswith("made on another: os (system Other OS against ")
    assert "limits (usable cores 99 against " in found


def test_how_the_reader_started_the_process_says_nothing_of_the_machine(here, said):
    assert said(changed(here, "limits", niceness=19, variables=("OMP_NUM_THREADS=7",))) == ""


def test_a_layer_that_was_not_recorded_is_named_beside_those_that_differ(here, said):
    other = changed(here, "os", system="Other OS")
    layers = {name: layer for name, layer in other.layers.items() if name != "driver"}
    assert said(replace(other, layers=layers)).endswith("; not recorded: driver")
    layers["os"] = here.layers["os"]
    assert said(replace(other, layers=layers)) == ""


def test_a_file_that_tells_of_no_executor_says_nothing(tmp_path):
    assert read_elsewhere(tmp_path / "absent.json") == ""
    (tmp_path / "claim.json").write_text("[]")
    assert read_elsewhere(tmp_path / "claim.json") == ""
