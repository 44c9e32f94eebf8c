import pytest

from quantassay.engines.container import cpu_quota, memory_limit


@pytest.fixture
def system(tmp_path):
    """Lay out /proc and /sys/fs/cgroup from a mapping of paths to texts."""

    def make(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return make


def test_version_two(system):
    root = system(
        {
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "sys/fs/cgroup/a/b/memory.max": "1073741824\n",
            "sys/fs/cgroup/a/memory.max": "max\n",
        }
    )
    assert cpu_quota(root) == 1.5
    assert memory_limit(root) == 1 << 30


def test_version_two_inside_a_container(system):
    root = system(
        {
            "proc/self/cgroup": "0::/host/only/path\n",
            "sys/fs/cgroup/cpu.max": "50000 100000\n",
            "sys/fs/cgroup/memory.max": "268435456\n",
        }
    )
    assert cpu_quota(root) == 0.5
    assert memory_limit(root) == 1 << 28


def test_version_one(system):
    root = system(
        {
            "proc/self/cgroup": "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n",
            "sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": "200000\n",
            "sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "536870912\n",
        }
    )
    assert cpu_quota(root) == 2.0
    assert memory_limit(root) == 1 << 29


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc/self/cgroup": "nonsense"},
        {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"},
        {
            "proc/self/cgroup": "3:cpu:/\n4:memory:/\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        },
    ],
)
def test_no_limit(system, files):
    root = system(files)
    assert cpu_quota(root) is None
    assert memory_limit(root) is None
