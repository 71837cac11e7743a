"""How to work here."""
