"""Enrolments over HTTP."""
