"""What can go wrong in confirming."""

from documents.errors import RejectedInputError


class InvalidDecisionError(RejectedInputError):
    """A value that a person entered is not what it should be."""

    code = "invalid_decision"

    def __init__(self, field: str, *, vi: str, en: str) -> None:
        self.field = field
        super().__init__(vi=vi, en=en)
