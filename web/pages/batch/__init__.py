"""A batch on its way."""
