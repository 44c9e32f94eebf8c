from pathlib import Path

import pytest

LOGS = Path(__file__).parents[3] / "fixtures" / "throughput"


@pytest.fixture
def logs() -> Path:
    """Throughput logs of every format; see tests/fixtures/README.md."""
    return LOGS
