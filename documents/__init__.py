"""The vocabulary: what travels, identifiers and their validation, error families, ports."""
