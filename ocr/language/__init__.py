"""Correct readings by the language: what is likely in Vietnamese law and office papers."""
