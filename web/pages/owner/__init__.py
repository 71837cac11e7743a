"""Owners: what is held about a person or organisation."""
