"""Procedures and their checklists, validity, and the once-only answer."""
