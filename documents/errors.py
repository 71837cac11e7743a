"""The five error families; the family decides what happens next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something waits, was refused or was set aside, for people and for programs.

    `code` is stable (`snake_case`); `vi` and `en` say what was found and what to do next. Neither
    ever holds text of a document, a person's name or a secret.
    """

    code: str
    vi: str
    en: str


class PipelineError(Exception):
    """Something that the pipeline expects to meet; never raised as such.

    A concrete class sets `code` and passes both messages. An error is a value: `reason` is what
    is stored and shown.
    """

    code = "pipeline_error"

    def __init__(self, *, vi: str, en: str) -> None:
        self.reason = Reason(code=self.code, vi=vi, en=en)
        super().__init__(en)


class RejectedInputError(PipelineError):
    """The material is unusable as it is: set aside, ask the operator."""

    code = "rejected_input"


class PolicyViolationError(PipelineError):
    """A rule forbids it: refuse; in the pipeline, ask the operator."""

    code = "policy_violation"


class BackEndUnavailableError(PipelineError):
    """It may work later: wait with growing delays; waiting is no attempt."""

    code = "back_end_unavailable"


class IntegrityError(PipelineError):
    """Bytes or signatures are wrong: halt this document and alert."""

    code = "integrity"


class ConfigurationError(PipelineError):
    """The installation is wrong: do not start; exit code 2."""

    code = "configuration"


class NotFoundError(PipelineError):
    """Nothing is known under that identifier; exit code 4, HTTP 404."""

    code = "not_found"
