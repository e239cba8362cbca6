"""How a published decision is told: kindly, and with the next step (R-JUR-6). Pure."""

from dataclasses import dataclass

from juries.enums import Outcome


@dataclass(frozen=True)
class Wording:
    """A title and a sentence, to the candidate or about them, and what comes next."""

    title: str
    title_about: str
    text: str
    text_about: str
    next_step: str
    next_step_about: str


_WORDINGS: dict[Outcome, Wording] = {
    Outcome.CERTIFIED: Wording(
        title="Le jury vous délivre la certification",
        title_about="Le jury délivre la certification",
        text="Toutes nos félicitations : les blocs qui la composent vous sont tous acquis.",
        text_about="Tous les blocs sont acquis.",
        next_step="Vous n’avez plus rien à présenter.",
        next_step_about="Il n’y a plus rien à présenter.",
    ),
    Outcome.PARTIAL: Wording(
        title="Le jury valide une partie des blocs",
        title_about="Le jury valide une partie des blocs",
        text="Ce que le jury valide vous reste acquis. Il ne manque que le reste pour obtenir la certification.",
        text_about="Ce que le jury valide reste acquis.",
        next_step="Une nouvelle soutenance portera sur ce qui manque, et sur cela seulement. Votre certificateur la "
        "planifie avec vous.",
        next_step_about="Ce qui manque se planifie depuis le parcours du candidat.",
    ),
    Outcome.REFUSED: Wording(
        title="Le jury ne délivre pas la certification cette fois-ci",
        title_about="Le jury ne délivre pas la certification cette fois-ci",
        text="Ce que vous avez déjà acquis le reste. La lettre ci-dessous dit ce qu’il reste à montrer, avec les mots "
        "de vos évaluateurs.",
        text_about="Ce qui est déjà acquis le reste.",
        next_step="Une nouvelle soutenance portera sur ce qui manque, et sur cela seulement. Votre certificateur la "
        "planifie avec vous.",
        next_step_about="Ce qui manque se planifie depuis le parcours du candidat.",
    ),
    Outcome.ADJOURNED: Wording(
        title="Le jury a ajourné sa décision",
        title_about="Le jury a ajourné sa décision",
        text="Il souhaite disposer d’autres éléments avant de se prononcer. Rien de ce que vous avez acquis n’est "
        "remis en cause.",
        text_about="Il souhaite disposer d’autres éléments avant de se prononcer.",
        next_step="Votre dossier sera présenté de nouveau à un jury : votre certificateur vous dira quand.",
        next_step_about="Le dossier est à présenter de nouveau à une session de jury.",
    ),
}

_POSTPONED = Wording(
    title="Le jury a ajourné le réexamen de sa décision",
    title_about="Le jury a ajourné le réexamen de sa décision",
    text="Il ne s’est pas encore prononcé. La décision réexaminée reste en vigueur jusque-là, avec tout ce qu’elle "
    "vous reconnaît.",
    text_about="La décision réexaminée reste en vigueur, avec tout ce qu’elle reconnaît, jusqu’à ce qu’un jury décide.",
    next_step="Votre dossier sera présenté de nouveau à un jury : votre certificateur vous dira quand.",
    next_step_about="La décision réexaminée est à présenter de nouveau à une session de jury.",
)


def wording_of(outcome: str, *, postponing: bool) -> Wording:
    """``postponing`` says that a re-examination was adjourned, which decides nothing (R-JUR-5)."""
    return _POSTPONED if postponing else _WORDINGS[Outcome(outcome)]
