"""The draft of the letter that tells a candidate what was decided, why, and what comes next (R-JUR-6). Pure.

Light marks, which ``letter_view`` reads: « # » begins a title, « ## » a smaller one, « - » an item of a list, « > » a
quotation. Never a private note: a letter says what the évaluateurs wrote for the candidate, and nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.templatetags.fr import date_fr, typo
from juries.content import BlocContent, CompetenceContent, CritereContent, DossierContent
from juries.enums import Outcome

LIMIT = 20_000  # characters of a letter


@dataclass(frozen=True)
class Reexamined:
    """The earlier decision that the jury re-examined: the day it was taken, and why.

    ``upheld`` says that the candidate contested it and was heard; the reason then goes without saying. ``stands`` says
    that the jury adjourned, and so left it in force.
    """

    held_on: date
    upheld: bool
    reason: str
    stands: bool = False


@dataclass(frozen=True)
class Ruling:
    """What the jury decided, as a letter tells it; ``aimed`` are the blocs of the enrolment.

    ``reexamined`` is None unless a decision was re-examined (R-JUR-5).
    """

    outcome: Outcome
    blocs: tuple[int, ...]
    motive: str
    held_on: date
    signatory: str
    appeal_months: int
    aimed: frozenset[int]
    reexamined: Reexamined | None = None

    @property
    def left_in_force(self) -> Reexamined | None:
        """The decision that stands until a jury decides again; None when this one takes its place, or is the first."""
        return self.reexamined if self.reexamined and self.reexamined.stands else None


def draft(content: DossierContent, ruling: Ruling) -> str:
    """The letter about ``ruling``, taken on a dossier of this ``content``.

    The CE to take up again come with their text and the évaluateur's comment; where all would not fit, with their
    text, else by their numbers alone: *Mon parcours* says the rest.
    """
    for remaining in (_in_full, _without_comments, _by_number):
        letter = "\n\n".join(_paragraphs(content, ruling, "\n\n".join(remaining(_to_retake(content, ruling)))))
        if len(letter) <= LIMIT:
            return letter
    return letter[: LIMIT - 1] + "…"


def appeal_delay(months: int) -> str:
    """How long a decision may be contested, after « déposer un recours »."""
    if not months:
        return "le jour même de la publication des résultats"
    following = "le mois qui suit" if months == 1 else f"les {months} mois qui suivent"
    return f"dans {following} la publication des résultats"


def _paragraphs(content: DossierContent, ruling: Ruling, retake: str) -> Iterator[str]:
    title, day = content["certification"]["title"], date_fr(ruling.held_on)
    yield "Madame, Monsieur,"
    yield from _re_examined(ruling.reexamined)
    again = " de nouveau" if ruling.reexamined else ""
    yield typo(f"Le jury de la certification « {title} » s’est réuni le {day} et a examiné{again} votre dossier.")
    yield from _decided(content, ruling)
    if ruling.motive:
        yield typo("Le jury motive ainsi sa décision :")
        yield _quoted(ruling.motive)
    new = _never_presented(content, ruling)
    if retake:
        yield "# Ce qu’il vous reste à montrer"
        yield retake
    if new:
        yield "# Ce que vous n’avez pas encore présenté"
        yield "\n".join(new)
    yield "# La suite"
    yield _next_step(ruling.outcome, something_left=bool(retake or new))
    if not ruling.left_in_force:
        yield "# Si vous contestez cette décision"
        yield typo(
            f"Vous pouvez déposer un recours depuis la page de votre résultat, {appeal_delay(ruling.appeal_months)} ; "
            "cette page en donne le dernier jour. Il sera instruit par une personne qui n’a rien jugé de votre dossier."
        )
    yield typo(f"Pour le jury,\n{ruling.signatory}")


def _re_examined(former: Reexamined | None) -> Iterator[str]:
    """Why a second letter comes, said before anything else."""
    if former is None:
        return
    day = date_fr(former.held_on)
    if former.upheld:
        yield typo(
            f"Votre recours a été accueilli : la décision du {day} a été réexaminée."
            if former.stands
            else f"Votre recours a été accueilli : la décision que voici remplace celle du {day}."
        )
        return
    yield typo(f"La décision du {day} vous concernant a été réexaminée. En voici la raison :")
    yield _quoted(former.reason)
    if not former.stands:
        yield "La décision que voici la remplace."


def _decided(content: DossierContent, ruling: Ruling) -> Iterator[str]:
    named = [bloc for bloc in content["blocs"] if bloc["number"] in ruling.blocs]
    if ruling.outcome == Outcome.CERTIFIED:
        yield typo("Il vous délivre la certification. Toutes nos félicitations !")
    elif ruling.outcome == Outcome.PARTIAL:
        one = len(named) == 1
        yield typo(
            "Il ne vous délivre pas encore la certification entière. Il valide "
            f"{'le bloc suivant, qui vous reste acquis' if one else 'les blocs suivants, qui vous restent acquis'} :"
        )
        yield "\n".join(f"- Bloc {bloc['number']} – {bloc['title']}" for bloc in named)
    elif ruling.outcome == Outcome.REFUSED:
        yield f"Il ne vous délivre pas la certification cette fois-ci.{_kept(content)}"
    elif ruling.left_in_force:
        yield typo(
            "Il a ajourné sa décision : il ne s’est pas encore prononcé. Celle du "
            f"{date_fr(ruling.left_in_force.held_on)} reste en vigueur jusque-là, avec tout ce qu’elle vous reconnaît."
        )
    else:
        yield typo(
            "Il a ajourné sa décision : il souhaite disposer d’autres éléments avant de se prononcer. Rien de ce que "
            "vous avez acquis n’est remis en cause."
        )


def _kept(content: DossierContent) -> str:
    """What a refusal leaves untouched: nothing is said of what the candidate has not done."""
    judged = [one for bloc in content["blocs"] for one in _competences(bloc)]
    acquired = "ce que vous avez déjà acquis le reste" if any(one["acquired"] for one in judged) else ""
    presented = "le travail que vous avez présenté n’est pas perdu" if any(one["evidence"] for one in judged) else ""
    said = ", et ".join(filter(None, (acquired, presented)))
    return f" {said[0].upper()}{said[1:]}." if said else ""


def _next_step(outcome: Outcome, *, something_left: bool) -> str:
    if outcome == Outcome.CERTIFIED:
        return "Votre parchemin est établi d’après cette décision. Vous n’avez plus rien à présenter."
    if outcome == Outcome.ADJOURNED:
        return typo(
            "Votre dossier sera présenté de nouveau à un jury. Votre certificateur vous dira ce qui est attendu, et à "
            "quelle date."
        )
    if not something_left:
        return "Votre certificateur vous dira comment représenter ce que le jury n’a pas validé."
    return typo(
        "Une nouvelle soutenance portera sur ce qui précède, et sur cela seulement : ce qui est acquis ne se "
        "représente pas. Votre certificateur la planifie avec vous ; « Mon parcours » vous dit à tout moment où "
        "vous en êtes."
    )


def _to_retake(content: DossierContent, ruling: Ruling) -> list[CompetenceContent]:
    """The compétences presented without success, in the référentiel's order."""
    return [] if ruling.outcome == Outcome.CERTIFIED else [one for one in _missing(content, ruling) if one["evidence"]]


def _never_presented(content: DossierContent, ruling: Ruling) -> list[str]:
    """By bloc, the codes of what no soutenance has judged."""
    lines = []
    for bloc in _open_blocs(content, ruling):
        codes = [one["code"] for one in _competences(bloc) if not one["acquired"] and not one["evidence"]]
        if codes:
            lines.append(f"- Bloc {bloc['number']} – {bloc['title']}\u00a0: {', '.join(codes)}")
    return [] if ruling.outcome == Outcome.CERTIFIED else lines


def _missing(content: DossierContent, ruling: Ruling) -> Iterator[CompetenceContent]:
    for bloc in _open_blocs(content, ruling):
        yield from (one for one in _competences(bloc) if not one["acquired"])


def _open_blocs(content: DossierContent, ruling: Ruling) -> list[BlocContent]:
    return [bloc for bloc in content["blocs"] if not bloc["acquired"] and bloc["number"] in ruling.aimed]


def _competences(bloc: BlocContent) -> Iterator[CompetenceContent]:
    for activite in bloc["activites"]:
        yield from activite["competences"]


def _in_full(competences: Iterable[CompetenceContent]) -> Iterator[str]:
    for one in competences:
        lines = [_heading(one)]
        for critere in _failed(one):
            lines.append(f"- {_critere(critere)}")
            if critere["comment"]:
                lines.append(_quoted(critere["comment"]))
        yield "\n".join(lines)


def _without_comments(competences: Iterable[CompetenceContent]) -> Iterator[str]:
    for one in competences:
        yield "\n".join([_heading(one), *(f"- {_critere(critere)}" for critere in _failed(one))])


def _by_number(competences: Iterable[CompetenceContent]) -> Iterator[str]:
    for one in competences:
        numbers = ", ".join(f"CE{critere['number']}" for critere in _failed(one))
        yield f"- {one['code']}\u00a0: {numbers}"


def _failed(competence: CompetenceContent) -> list[CritereContent]:
    return [critere for critere in competence["criteres"] if critere["verdict"] != "acquis"]


def _heading(competence: CompetenceContent) -> str:
    return f"## {competence['code']} – {_on_one_line(competence['statement'])}"


def _critere(critere: CritereContent) -> str:
    return f"CE{critere['number']}\u00a0: {_on_one_line(critere['text'])}"


def _quoted(text: str) -> str:
    """Word for word; a blank line of it stays inside the quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
