"""What runners do for the jury. Each module declares the jobs it handles: importing the package connects them all."""

from juries.tasks import appeals, certificates, convocations, dossiers, minutes, notices

__all__ = ["appeals", "certificates", "convocations", "dossiers", "minutes", "notices"]
