"""What runners do for the jury. Each module declares the jobs it handles: importing the package connects them all."""

from juries.tasks import appeals, dossiers, minutes, notices

__all__ = ["appeals", "dossiers", "minutes", "notices"]
