"""Pages for the people and the HTTP API; no rules of the domain."""
