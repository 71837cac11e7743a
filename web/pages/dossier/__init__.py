"""Dossiers: what each holds, lacks and doubts."""
