"""Canonical JSON and its SHA-256."""

import pytest

from core.fingerprints import canonical_json, sha256_hex


def test_equal_values_have_one_text_whatever_the_order_of_their_keys() -> None:
    assert canonical_json({"b": [1, None], "a": "é"}) == canonical_json({"a": "é", "b": [1, None]})
    assert canonical_json({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json([value])


def test_a_text_is_hashed_as_its_utf8_bytes() -> None:
    assert sha256_hex("é") == sha256_hex("é".encode())
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
