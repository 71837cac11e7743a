"""Prepare images, read pages, assemble PDF/A."""
