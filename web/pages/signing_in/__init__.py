"""Signing in and out, the password, the first page."""
