from __future__ import annotations

import base64
import json
import stat
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from quantassay.__main__ import run_command
from quantassay.claims.signature import check, new_key, sign
from quantassay.errors import InputError, PluginError
from quantassay.workflows.sign import sign_claim


@pytest.fixture
def key(tmp_path):
    new_key(tmp_path / "key.pem")
    return tmp_path / "key.pem"


def pem(private, password=None):
    encryption = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def test_a_signed_claim_is_vouched_for_by_its_key(folder, key, differing):
    sign_claim(folder.claim_path, key)
    found = folder.verify(key=key.with_suffix(".public.pem"))
    assert differing(found) == {}
    said = next(check.found for check in found.checks if check.what == "signature")
    assert said.startswith("by the key given, sha256:")
    without = next(c.found for c in folder.verify().checks if c.what == "signature")
    assert "nobody vouches for here" in without


def test_a_claim_edited_after_signing_is_caught(folder, key, differing):
    sign_claim(folder.claim_path, key)
    text = folder.claim_path.read_text("utf-8")
    folder.claim_path.write_text(text + " ", "utf-8")
    folder.rechain()
    assert [*differing(folder.verify())] == ["signature"]


def test_a_private_key_is_for_its_owner_and_never_written_over(tmp_path, key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for path in (key, tmp_path / "key.public.pem"):
        content = path.read_bytes()
        with pytest.raises(InputError, match="never written over"):
            new_key(key)
        assert path.read_bytes() == content
    key.with_suffix(".public.pem").unlink()
    with pytest.raises(InputError, match="never written over"):
        new_key(key)
    with pytest.raises(InputError, match="cannot be written"):
        new_key(tmp_path / "nowhere" / "key.pem")


def test_what_is_no_key_is_bad_input(tmp_path, folder):
    elliptic = ec.generate_private_key(ec.SECP256R1())
    keys = {
        "no private key in PEM": b"nothing",
        "has a password": pem(ed25519.Ed25519PrivateKey.generate(), b"secret"),
        "is no Ed25519": pem(elliptic),
        "too long": b"x" * (2 << 20),
    }
    for words, content in keys.items():
        (tmp_path / "odd.pem").write_bytes(content)
        with pytest.raises(InputError, match=words):
            sign_claim(folder.claim_path, tmp_path / "odd.pem")
    with pytest.raises(InputError, match="cannot be read"):
        sign_claim(folder.claim_path, tmp_path / "none.pem")
    assert not (folder.out / "claim.json.sig").exists()


def test_a_claim_that_lacks_parts_is_not_signed(folder, key):
    folder.edit(lambda claim: claim.pop("executor"))
    with pytest.raises(InputError, match="executor: is missing"):
        sign_claim(folder.claim_path, key)


def test_every_part_of_a_signature_counts(key):
    content = b"a claim"
    value = json.loads(sign(content, key))
    own = key.with_suffix(".public.pem").read_bytes()
    assert check(content, json.dumps(value).encode(), own) is None
    other = ed25519.Ed25519PrivateKey.generate()
    signature = base64.b64encode(other.sign(content)).decode()
    for change, words in (
        ({"schema": "other/1"}, "it is other/1 by Ed25519"),
        ({"algorithm": "RSA"}, "by RSA"),
        ({"digest": "sha256:0"}, "for other bytes"),
        ({"signature": signature}, "not for these bytes"),
        ({"signature": ""}, "not for these bytes"),
        ({"public_key": "none"}, "no signature file"),
        ({"public_key": None}, "no signature file"),
    ):
        said = check(content, json.dumps({**value, **change}).encode(), own)
        assert words in said
    for odd in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        assert "no signature file" in check(content, odd, None)
    with pytest.raises(InputError, match="no Ed25519 public key"):
        check(content, json.dumps(value).encode(), b"nothing")
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    with pytest.raises(InputError, match="no Ed25519 public key"):
        check(content, json.dumps(value).encode(),
              elliptic.public_bytes(serialization.Encoding.PEM, kind))  # fmt: skip


def test_openssl_reads_the_key_and_the_signature(tmp_path, key):
    """The formats are common ones: the public key loads, the signature is over the plain bytes."""
    value = json.loads(sign(b"bytes", key))
    public = serialization.load_pem_public_key(value["public_key"].encode())
    public.verify(base64.b64decode(value["signature"]), b"bytes")


def test_a_missing_package_names_its_extra(folder, key, monkeypatch, unchecked):
    sign_claim(folder.claim_path, key)
    for name in [*sys.modules]:
        if name.split(".")[0] == "cryptography":
            monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PluginError, match=r"quantassay\[sign\]"):
        sign_claim(folder.claim_path, key)
    with pytest.raises(PluginError, match=r"quantassay\[sign\]"):
        folder.verify(key=key.with_suffix(".public.pem"))
    assert "quantassay[sign]" in unchecked(folder.verify())["signature"]


def test_the_commands(folder, tmp_path, capsys):
    key, claim = str(tmp_path / "k.pem"), str(folder.claim_path)
    assert run_command(["sign", "--new-key", key]) == 0
    assert "keep it to yourself" in capsys.readouterr().out
    assert run_command(["sign", claim, "--key", key]) == 0
    assert capsys.readouterr().out == f"wrote {claim}.sig\n"
    for arguments in ([], [claim], ["--key", key], [claim, "--key", key, "--new-key", "x"]):
        assert run_command(["sign", *arguments]) == 2
        said = capsys.readouterr().err
        assert "name a claim and --key" in said
        assert "`quantassay sign --new-key key.pem`, then `quantassay sign claim.json" in said
    assert run_command(["sign", "--help"]) == 0
    assert "--new-key key.pem" in " ".join(capsys.readouterr().out.split())
    public = str(tmp_path / "k.public.pem")
    assert run_command(["verify", claim, "--key", public]) == 0
    out = capsys.readouterr().out
    assert out.startswith("nothing that was checked differs; ")
    assert "\nagrees       signature: by the key given" in out
    folder.edit(lambda value: value.update(verdict="fail\x1b[2J"))
    assert run_command(["verify", claim, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "quantassay/verification/1" and not found["agrees"]
    folder.edit(lambda value: value.update(verdict="pass", reproduce="quantassay run \x1b[2J"))
    assert run_command(["verify", claim]) == 1
    out = capsys.readouterr().out
    assert "DIFFERS" in out and "\x1b" not in out
    assert run_command(["verify", str(tmp_path / "none.json")]) == 2


def test_the_signature_of_another_is_never_written_over(folder, key, tmp_path):
    written = sign_claim(folder.claim_path, key)
    first = written.read_bytes()
    sign_claim(folder.claim_path, key)
    (tmp_path / "b").mkdir()
    new_key(tmp_path / "b" / "key.pem")
    with pytest.raises(InputError, match="signed by sha256:"):
        sign_claim(folder.claim_path, tmp_path / "b" / "key.pem")
    assert written.read_bytes() == first
    written.write_text("{}")
    with pytest.raises(InputError, match="nobody that can be told"):
        sign_claim(folder.claim_path, key)
