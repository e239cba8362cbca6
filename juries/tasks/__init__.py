"""What runners do for the jury. Each module declares the jobs it handles: importing the package connects them all."""

from juries.tasks import certificates, dossiers, minutes

__all__ = ["certificates", "dossiers", "minutes"]
