"""Référentiels over HTTP: versions to read, files to send and to take, differences."""
