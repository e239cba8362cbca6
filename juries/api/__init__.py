"""Dossiers and decisions over HTTP."""
