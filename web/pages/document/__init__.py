"""One document with all that is known of it."""
