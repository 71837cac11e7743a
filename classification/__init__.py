"""Propose component type, procedure and fields, each with a confidence."""
