"""The certificateur's key: made once, or installed; refused in words when it cannot sign."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.signing_key import SigningKeyRefused, signing_key, trusted_certificates
from tests.core.signing import AT, BEGINS, ENDS, PASSPHRASE, Holder, holder


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SIGNING_KEY_FILE = settings.SIGNING_KEY_PASSPHRASE = ""
    settings.SIGNING_TRUSTED_DIR = tmp_path / "trusted"


def install(settings: Any, tmp_path: Path, someone: Holder) -> Path:
    path = someone.written(tmp_path / "installed.p12")
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE = str(path), PASSPHRASE
    return path


def refusal() -> str:
    with pytest.raises(SigningKeyRefused) as raised:
        signing_key(at=AT)
    assert raised.value.__cause__ is None
    return str(raised.value)


def test_an_installation_without_a_key_makes_one_once_that_says_it_is_self_signed(tmp_path: Path) -> None:
    first = signing_key(at=AT)
    path = tmp_path / "signing-key.p12"
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.is_self_signed
    assert f"Parchemin sur {socket.gethostname()}"[:40] in first.subject
    assert "auto-signé" in first.subject
    assert signing_key(at=AT).certificate == first.certificate
    assert trusted_certificates() == (first.certificate,)


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as together:
        keys = list(together.map(lambda _: signing_key(at=AT).certificate.serial_number, range(8)))
    assert len(set(keys)) == 1
    assert list(tmp_path.glob(".writing-*")) == []


def test_an_installed_key_is_the_one_that_signs(settings: Any, tmp_path: Path) -> None:
    authority = holder("Autorité")
    someone = holder(issuer=authority)
    install(settings, tmp_path, someone)
    key = signing_key(at=AT)
    assert (key.certificate, key.chain, key.is_self_signed) == (someone.certificate, (authority.certificate,), False)
    assert not (tmp_path / "signing-key.p12").exists()


def test_a_key_replaced_in_its_file_is_read_again_and_the_former_certificate_is_kept(
    settings: Any, tmp_path: Path
) -> None:
    """R-JUR-7."""
    former, present = holder("Ancienne"), holder("Nouvelle")
    path = install(settings, tmp_path, former)
    signing_key(at=AT)
    present.written(path)
    assert signing_key(at=AT).certificate == present.certificate
    assert set(trusted_certificates()) == {former.certificate, present.certificate}


def test_an_expired_certificate_signs_nothing_and_the_sentence_says_what_to_do(settings: Any, tmp_path: Path) -> None:
    """R-JUR-5."""
    install(settings, tmp_path, holder(ends=AT - timedelta(seconds=1)))
    said = refusal()
    assert "a expiré le 12\u00a0mars 2026 à\u00a015\u00a0h\u00a029" in said
    assert "installer la clé qui le remplace" in said
    assert trusted_certificates() == ()


def test_a_certificate_that_is_not_valid_yet_signs_nothing(settings: Any, tmp_path: Path) -> None:
    """R-JUR-5."""
    install(settings, tmp_path, holder(begins=AT + timedelta(seconds=1)))
    assert "ne sera valable que le 12\u00a0mars 2026" in refusal()


def test_validity_is_that_of_the_instant_of_signing_and_not_of_the_clock(settings: Any, tmp_path: Path) -> None:
    install(settings, tmp_path, holder())
    assert signing_key(at=BEGINS).certificate == signing_key(at=ENDS).certificate
    for outside in (BEGINS - timedelta(seconds=1), ENDS + timedelta(seconds=1)):
        with pytest.raises(SigningKeyRefused):
            signing_key(at=outside)


def test_a_wrong_passphrase_is_refused_and_never_told(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R-ALL-4."""
    caplog.set_level(logging.DEBUG)
    install(settings, tmp_path, holder())
    settings.SIGNING_KEY_PASSPHRASE = "pas-celle-là-7"
    said = refusal()
    assert "sa phrase secrète est fausse" in said
    assert "SIGNING_KEY_PASSPHRASE" in said
    assert "pas-celle-là-7" not in said + caplog.text


def test_a_file_that_is_missing_unreadable_or_no_pkcs12_is_refused(settings: Any, tmp_path: Path) -> None:
    path = install(settings, tmp_path, holder())
    path.write_bytes(b"-----BEGIN NOTHING-----")
    assert "n’est pas un PKCS#12" in refusal()
    path.unlink()
    assert "introuvable ou illisible" in refusal()
    path.mkdir()
    assert "introuvable ou illisible" in refusal()


def test_a_certificate_that_was_not_made_for_signing_is_refused(settings: Any, tmp_path: Path) -> None:
    install(settings, tmp_path, holder(signs=False))
    assert "fait pour signer" in refusal()


def test_a_trusted_folder_that_cannot_be_written_stops_signing(settings: Any, tmp_path: Path) -> None:
    """R-JUR-7: what could not be verified later is not signed now."""
    (tmp_path / "trusted").write_text("not a folder")
    assert "ne peut pas être conservé" in refusal()


def test_a_trusted_certificate_that_cannot_be_read_stops_verifying(tmp_path: Path) -> None:
    signing_key(at=AT)
    (tmp_path / "trusted" / "autre.pem").write_text("rien")
    with pytest.raises(SigningKeyRefused, match="dossier SIGNING_TRUSTED_DIR est illisible"):
        trusted_certificates()
