"""How often the verdicts err: enumerated where that is possible, simulated from seeds elsewhere.

    python -m benchmarks.validity.FAMILY [--quick]

writes ``figures/FAMILY.csv``; ``python docs/generate.py`` makes ``docs/validity.md`` of them all.
"""
