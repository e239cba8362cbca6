"""The words a candidate agrees to, by version: a consent names the text it was given on (R-CAN-2)."""

CURRENT_TEXT_VERSION = "2026-11"

TEXTS: dict[str, tuple[str, ...]] = {
    "2026-11": (
        "Vous pouvez, si vous le souhaitez, faire connaître une situation de handicap. Rien ne vous y oblige, et ne "
        "rien dire ne change rien à votre évaluation.",
        "Vous choisissez ce que votre accord permet : seulement organiser des aménagements (par exemple un "
        "tiers-temps), ou aussi porter une mention à la connaissance du jury final qui examinera votre dossier.",
        "Les évaluateurs voient les aménagements, jamais leur raison. La mention n’est lisible que par vous, par le "
        "référent handicap et, si vous l’avez voulu, par les membres du jury qui vous juge. Chaque lecture est "
        "inscrite au journal et vous pouvez la consulter ici.",
        "La mention est conservée chiffrée. Vous pouvez retirer votre accord à tout moment, sans donner de raison : "
        "elle est alors effacée aussitôt.",
    ),
}

READ_BY_REFERENT = "referent"
"""Purpose of a reading of the mention by the référent; a member of a jury reads for ``jury:<session>``."""


def capacity_of(purpose: str) -> str:
    """As what somebody read the mention, in the words the candidate reads."""
    return "membre de votre jury" if purpose.startswith("jury:") else "référent handicap"
