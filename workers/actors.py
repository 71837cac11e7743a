"""Who does something: written into the audit log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a program or a policy, in a role."""

    name: str
    role: str


PIPELINE = Actor("pipeline", "system")
"""The stages themselves, when they act on what was decided before."""
