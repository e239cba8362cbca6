"""What proves a certificate without its text: a code typed by hand, a token in the QR; its number (R-JUR-7)."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 12  # 60 bits
GROUP = 4
_MISREAD = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")
_NUMBER = re.compile(r"(N[°ºo]-?)?(RNCP|RS)-?\d{1,6}-?\d{4}-?\d{6}", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_code() -> str:
    """60 random bits as people read them: « 7K3M-0QXZ-9T4B »."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def new_token() -> str:
    """128 random bits, as an address takes them."""
    return secrets.token_urlsafe(16)


def code_typed(text: str) -> str | None:
    """The code somebody typed, as it is stored; None when no code is written so.

    Case, spaces and dashes do not matter; O is read as 0, I and L as 1.
    """
    code = _BETWEEN.sub("", text).upper().translate(_MISREAD)
    return _grouped(code) if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def number_of(rncp_code: str, year: int, sequence: int) -> str:
    """« RNCP37431-2026-000012 »."""
    return f"{rncp_code}-{year}-{sequence:06d}"


def is_number(text: str) -> bool:
    """Whether somebody typed a certificate's number: it is printed for all to read, and proves nothing."""
    return _NUMBER.fullmatch(_BETWEEN.sub("-", text.strip())) is not None


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
