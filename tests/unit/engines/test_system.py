from quantassay.engines import system
from quantassay.engines.system import system_layer


def test_huge_pages_as_the_kernel_chose_them(tmp_path):
    path = tmp_path / "sys/kernel/mm/transparent_hugepage/enabled"
    path.parent.mkdir(parents=True)
    path.write_text("always [madvise] never\n")
    assert system_layer(tmp_path).facts["huge pages"] == "madvise"
    assert system_layer(tmp_path / "none").facts["huge pages"] == "unknown"


def test_a_system_that_tells_nothing(tmp_path, monkeypatch):
    def absent():
        raise OSError

    monkeypatch.setattr(system.platform, "freedesktop_os_release", absent)
    monkeypatch.setattr(system.platform, "platform", lambda terse: "")
    monkeypatch.setattr(system.platform, "libc_ver", lambda: ("", ""))
    found = system_layer(tmp_path).facts
    assert (found["system"], found["C library"]) == ("unknown", "unknown")
