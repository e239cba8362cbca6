"""How a soutenance missed, or about to be, is told to its candidate: kindly, and with the next step (R-SCO-1). Pure."""

from dataclasses import dataclass

from assessments.enums import SoutenanceState


@dataclass(frozen=True)
class Wording:
    """``fact`` follows « La soutenance du 12/03/2026 »; ``next_step`` is a sentence of its own."""

    fact: str
    next_step: str


WORDINGS: dict[SoutenanceState, Wording] = {
    SoutenanceState.CANCELLED: Wording(
        "a été annulée.",
        "Vous n’y êtes pour rien, et rien n’a été jugé : une nouvelle date vous sera proposée.",
    ),
    SoutenanceState.ABSENT: Wording(
        "s’est ouverte sans vous.",
        "Ce n’est pas un échec, et rien n’a été jugé. Dites à votre certificateur ce qui vous a retenu : il vous "
        "proposera une nouvelle date.",
    ),
    SoutenanceState.EXCUSED: Wording(
        "n’a pas eu lieu : votre absence est excusée.",
        "Ce n’est pas un échec, et rien n’a été jugé : une nouvelle date vous sera proposée.",
    ),
    SoutenanceState.INTERRUPTED: Wording(
        "a été interrompue par un incident technique.",
        "Ce n’est pas un échec : ce qui avait commencé ne compte pas, et vous reprendrez depuis le début. Une nouvelle "
        "date vous sera proposée.",
    ),
}


PREVENTED = (
    "Écrivez à votre certificateur dès que vous le savez, et dites-lui ce qui vous retient : il vous proposera une "
    "nouvelle date. Une absence n’est pas un échec par elle-même, et rien n’est jugé sans vous."
)
"""What a candidate who cannot come reads beforehand: the same promise, made before anything happens."""


def wording_of(state: str) -> Wording | None:
    """The words for this state; None while the soutenance is planned, running or submitted."""
    return WORDINGS.get(SoutenanceState(state))
