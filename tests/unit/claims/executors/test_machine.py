from quantassay.claims.executors.machine import machine_layers
from quantassay.engines.executor import layers, machine


def test_what_a_claim_records_of_this_machine_is_what_a_specification_says_of_it():
    found = {name: one.facts for name, one in machine_layers(machine(), "0.1.0").items()}
    assert found.pop("application") == {"quantassay": "0.1.0"}
    here = layers()
    for layer, facts in found.items():
        assert {name: here[layer].facts[name] for name in facts} == facts


def test_without_a_machine_nothing_is_recorded():
    assert machine_layers(None, "0.1.0") == {}
