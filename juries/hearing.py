"""At what time a jury hears a candidate: how it is asked, and on which day it may be."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from juries.models import JurySession


class HeardAtField(forms.DateTimeField):
    """Empty, the jury deliberates on the dossier; else the candidate is convoked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Entendu à",
            help_text="Laissez vide si le jury délibère sur dossier. Sinon, le candidat est convoqué.",
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **kwargs,
        )


def not_on_the_day(heard_at: datetime, session: JurySession) -> str:
    """Why a candidate cannot be heard then, in words; "" on the day of the session, in Paris."""
    day = timezone.localdate(session.held_at)
    same = timezone.localdate(heard_at) == day
    return "" if same else f"Le jury entend les candidats le jour de la session, le {day:%d/%m/%Y}."
