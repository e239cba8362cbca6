"""Who is certified: civil status, enrolment, measures, consent."""

from candidates.models.accommodation import Accommodation, HandicapDisclosure
from candidates.models.candidate import Candidate, DeclaredLink
from candidates.models.enrolment import Enrolment

__all__ = ["Accommodation", "Candidate", "DeclaredLink", "Enrolment", "HandicapDisclosure"]
