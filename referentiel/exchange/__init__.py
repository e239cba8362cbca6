"""Référentiels in and out of files: JSON, XLSX, CSV, 1EdTech CASE 1.0, and the fiche of the RNCP.

Every reader gives the canonical content, or raises :class:`~referentiel.exchange.faults.Unreadable` with each place and
each reason. Readers and writers know nothing of the database.
"""
