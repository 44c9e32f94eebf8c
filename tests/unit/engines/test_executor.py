import json
import os
import platform
import subprocess
import sys

import psutil

from quantassay.engines.executor import layers, machine
from quantassay.records.executor import LAYERS


def test_this_machine():
    here = machine()
    assert here.processor
    assert 1 <= here.usable_cores <= here.cores
    assert here.memory_bytes == psutil.virtual_memory().total
    assert here.python.endswith(platform.python_version())
    assert here.packages["quantassay"]
    assert here.packages["numpy"]


def test_layers_are_those_that_every_variant_runs_on():
    assert set(layers()) == set(LAYERS) - {"application", "engine", "kernels"}


def test_facts_are_the_same_at_the_next_call_and_in_another_process():
    found = {name: layer.facts for name, layer in layers().items()}
    assert {name: layer.facts for name, layer in layers().items()} == found
    code = (
        "import json; from quantassay.engines.executor import layers; "
        "from quantassay.records.plain import plain; "
        "print(json.dumps({name: plain(one.facts) for name, one in layers().items()}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == json.loads(json.dumps(found))


def test_nothing_names_the_computer_its_user_or_their_folders(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("OMP_PLACES", "/home/someone/secret")
    told = json.dumps([[layer.facts, layer.circumstances] for layer in layers().values()])
    named = [platform.node(), os.environ.get("USER", ""), str(psutil.Process().username()), "sk-"]
    words = told.replace(",", " ").replace('"', " ").split()
    assert not [name for name in named if name in words]
    assert "secret" not in told
    assert os.sep + "home" not in told
