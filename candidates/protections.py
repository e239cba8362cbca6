"""What an enrolment keeps for good (R-CAN-1)."""

from candidates.models import Enrolment
from core.protection import ALWAYS, Protection

PROTECTIONS = [
    Protection(
        Enrolment,
        once_written=ALWAYS,
        free=("number", "voie_acces", "enrolled_on"),
        message="Une inscription reste sur son candidat et sur la version du référentiel où elle a commencé.",
    )
]
