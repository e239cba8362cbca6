"""What looks like a slip in a référentiel and may be the source's own: told, never refused (R-REF-3). Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from referentiel.completeness import Problem
from referentiel.content import BlocContent, CompetenceContent, Content, anchor

_LAST_NUMBER = re.compile(r"(.*?)(\d+)\D*")


def oddities_of(content: Content) -> list[Problem]:
    """Gaps in the numbers and codes, blocs without compétence, in the order of the document."""
    return list(_oddities(content))


def _oddities(content: Content) -> Iterator[Problem]:
    numbers = [bloc["number"] for bloc in content["blocs"]]
    if gap := _gap(numbers):
        yield Problem("blocs", "Blocs", f"la numérotation saute {_told('le bloc', gap)}.")
    yield from _alike(content)
    for bloc in content["blocs"]:
        yield from _bloc(bloc)


def _alike(content: Content) -> Iterator[Problem]:
    """Codes that people read as one: the database only refuses those that are the same to the letter."""
    activites = [activite for bloc in content["blocs"] for activite in bloc["activites"]]
    competences = [competence["code"] for activite in activites for competence in activite["competences"]]
    for kind, codes in (("activite", [activite["code"] for activite in activites]), ("competence", competences)):
        first: dict[str, str] = {}
        for code in codes:
            other = first.setdefault(code.casefold().rstrip("."), code)
            if other != code:
                told = f"ce code ne diffère de {other} que par une majuscule ou un point."
                yield Problem(anchor(kind, code), code, told)


def _bloc(bloc: BlocContent) -> Iterator[Problem]:
    place, where = anchor("bloc", bloc["number"]), f"Bloc {bloc['number']}"
    if not any(activite["competences"] for activite in bloc["activites"]):
        yield Problem(place, where, "ce bloc n’a aucune compétence.")
    for told in _code_gaps(activite["code"] for activite in bloc["activites"]):
        yield Problem(place, where, f"les codes d’activité sautent {told}.")
    for activite in bloc["activites"]:
        for told in _code_gaps(competence["code"] for competence in activite["competences"]):
            where = activite["code"]
            yield Problem(anchor("activite", where), where, f"les codes de compétence sautent {told}.")
        for competence in activite["competences"]:
            yield from _competence(competence)


def _competence(competence: CompetenceContent) -> Iterator[Problem]:
    """Most have CE that go from 1 on and texts that all differ: they are read no further."""
    place, where = anchor("competence", competence["code"]), competence["code"]
    numbers = [critere["number"] for critere in competence["criteres"]]
    if numbers != list(range(1, len(numbers) + 1)):
        if gap := _gap(numbers):
            yield Problem(place, where, f"la numérotation saute {_told('CE', gap, joint='')}.")
        if numbers != sorted(numbers):
            yield Problem(place, where, "les CE ne sont pas dans l’ordre de leurs numéros.")
    texts = [critere["text"].strip() for critere in competence["criteres"]]
    if len(set(texts)) < len(texts):
        twice = min(text for text in texts if texts.count(text) > 1)
        yield Problem(place, where, f"un même texte sert à plusieurs CE : « {twice[:60]} ».")


def _gap(numbers: Sequence[int]) -> list[int]:
    """What is missing from 1 to the highest."""
    return sorted(set(range(1, max(numbers, default=0))) - set(numbers))


def _code_gaps(codes: Iterable[str]) -> Iterator[str]:
    """Among codes of one beginning (C1.2.1, C1.2.3), those that are skipped between the first and the last."""
    families: dict[str, list[int]] = {}
    for code in codes:
        if found := _LAST_NUMBER.fullmatch(code):
            families.setdefault(found[1], []).append(int(found[2]))
    for beginning, numbers in families.items():
        low, high = min(numbers), max(numbers)
        if high - low < 100 and (missing := sorted(set(range(low, high)) - set(numbers))):
            yield _told(beginning, missing, joint="")


def _told(word: str, numbers: Sequence[int], *, joint: str = " ") -> str:
    shown = [f"{word}{joint}{number}" for number in numbers[:5]]
    return ", ".join(shown) + (" …" if len(numbers) > 5 else "")
