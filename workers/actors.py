"""Who does something: written into the audit log."""

from dataclasses import dataclass

from documents.areas import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a program or a policy, in a role; an empty `area` means everywhere."""

    name: str
    role: str
    area: str = EVERYWHERE


PIPELINE = Actor("pipeline", "system")
"""The stages themselves, when they act on what was decided before."""
