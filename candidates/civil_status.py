"""Civil status: what may be printed on a parchemin. No database, no clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from candidates.lines import folded, one_line
from core.exceptions import InvalidInput
from core.fingerprints import canonical_json, sha256_hex

NAME_LIMIT = 150
SEARCH_KEY_LIMIT = 1_000
YOUNGEST, OLDEST = 14, 110  # years

_LINES = ("family_name", "usage_name", "given_names", "birth_place")
_LABELS = {
    "family_name": "Nom de naissance",
    "usage_name": "Nom d’usage",
    "given_names": "Prénoms",
    "birth_date": "Date de naissance",
    "birth_place": "Lieu de naissance",
}


class InvalidCivilStatus(InvalidInput):
    """``problems``: for each field that is wrong, the sentence that says so."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{_LABELS[field]} : {sentence}" for field, sentence in problems.items()))
        self.problems = problems


@dataclass(frozen=True)
class CivilStatus:
    """Who a person is before the law, as their identity document says it."""

    family_name: str
    given_names: str
    birth_date: date
    birth_place: str
    usage_name: str = ""

    def checked(self, *, on: date) -> "CivilStatus":
        """The same, fit to be printed; raises InvalidCivilStatus with everything that is wrong on that day."""
        problems: dict[str, str] = {}
        lines: dict[str, str] = {}
        for field in _LINES:
            try:
                lines[field] = self._line(field)
            except InvalidInput as refusal:
                problems[field] = str(refusal)
        problems |= _problem_of_age(self.birth_date, on)
        if problems:
            raise InvalidCivilStatus(problems)
        return CivilStatus(birth_date=self.birth_date, **lines)

    def _line(self, field: str) -> str:
        line = one_line(getattr(self, field), limit=NAME_LIMIT)
        if not any(map(str.isalpha, line)) and (line or field != "usage_name"):
            raise InvalidInput("Écrivez-le comme sur la pièce d’identité, en lettres.")
        return line

    @property
    def search_key(self) -> str:
        """What the lists search in and sort by: names without accents or capitals."""
        return folded(f"{self.family_name} {self.usage_name} {self.given_names}")[:SEARCH_KEY_LIMIT]

    @property
    def account_names(self) -> dict[str, str]:
        """First and last name of the login account, within its bounds."""
        return {
            "first_name": self.given_names.split(" ", 1)[0][:100],
            "last_name": (self.usage_name or self.family_name)[:100],
        }

    @property
    def fingerprint(self) -> str:
        """What the journal compares the stored civil status with, without telling it."""
        return sha256_hex(canonical_json(self.as_data()))

    def as_data(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return asdict(self) | {"birth_date": self.birth_date.isoformat()}


def _problem_of_age(birth_date: date, on: date) -> dict[str, str]:
    if birth_date > on:
        return {"birth_date": "Cette date de naissance est à venir : vérifiez l’année."}
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    if age < YOUNGEST:
        return {"birth_date": f"Cette personne aurait {age} ans : vérifiez l’année de naissance."}
    if age > OLDEST:
        return {"birth_date": f"Cette personne aurait plus de {OLDEST} ans : vérifiez l’année de naissance."}
    return {}
