"""One table says what happens when a stage fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum

import structlog

from database.batches import get_batch, set_batch_state, set_delivery_state
from database.connecting import Transaction
from database.pages import get_page, set_page_state
from database.records import find_document_of_page, set_document_state
from database.replacements import find_replacement
from database.stage_runs import (
    StageRun,
    is_still_mine,
    put_off_stage,
    set_stage_aside,
)
from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    NotFoundError,
    PipelineError,
    PolicyViolationError,
    Reason,
    RejectedInputError,
)
from workers.errors import ChildDiedError, PoisonedError
from workers.services import Services
from workers.stage_results import (
    DocumentChangedError,
    LeaseLostError,
    plan_classify_when_ready,
    plan_split_when_ready,
)

log = structlog.get_logger()

_MOST_DEATHS = 3
_FIRST_PAUSE_SECONDS = 1.0
# What kills children from outside, as a machine short of memory does, ends within seconds; a
# document that kills them itself will do so again at any time.
_PAUSES_AFTER_DEATH_SECONDS = (2.0, 15.0)
_LONGEST_PAUSE_SECONDS = 600.0


class Reaction(Enum):
    """What follows from a failure."""

    RETRY_LATER = "retry later"
    TRY_AGAIN = "try again"
    ASK_OPERATOR = "ask operator"
    HALT_AND_ALERT = "halt and alert"
    AT_ONCE = "at once"
    DROP = "drop"


REACTIONS: dict[type[PipelineError], Reaction] = {
    LeaseLostError: Reaction.DROP,
    DocumentChangedError: Reaction.AT_ONCE,
    ChildDiedError: Reaction.TRY_AGAIN,
    BackEndUnavailableError: Reaction.RETRY_LATER,
    RejectedInputError: Reaction.ASK_OPERATOR,
    PolicyViolationError: Reaction.ASK_OPERATOR,
    NotFoundError: Reaction.HALT_AND_ALERT,
    IntegrityError: Reaction.HALT_AND_ALERT,
    ConfigurationError: Reaction.RETRY_LATER,
}

_UNEXPECTED = Reason(
    code="unexpected_error",
    vi="Chương trình gặp lỗi không lường trước. Báo cho quản trị viên, kèm mã tài liệu.",
    en="The program met an unexpected error. Tell the administrator the document's id.",
)


def reaction_to(error: Exception) -> Reaction:
    """Return what follows from an error; one of no family halts."""
    return next(
        (REACTIONS[kind] for kind in type(error).__mro__ if kind in REACTIONS),
        Reaction.HALT_AND_ALERT,
    )


@contextmanager
def reacting_to_errors(run: StageRun, services: Services) -> Iterator[None]:
    """Write down what follows from an error: try later, ask a person, or halt."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place where stages' errors end
        reaction = reaction_to(error)
        where = place_of(error) if not isinstance(error, PipelineError) else None
        tell = log.warning if where is None else log.error
        tell(
            "stage failed",
            subject=run.subject,
            stage=run.stage,
            attempt=run.attempt,
            reaction=reaction.value,
            error=type(error).__name__,
            code=error.reason.code if isinstance(error, PipelineError) else None,
            where=where,
        )
        if reaction is not Reaction.DROP:
            _write_down(run, services, error, reaction)
        services.wake()


def place_of(error: Exception) -> str:
    """Say where an unexpected error came from, without its message, which may hold content."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-5:])


def _write_down(run: StageRun, services: Services, error: Exception, reaction: Reaction) -> None:
    now = services.clock.now()
    reason = error.reason if isinstance(error, PipelineError) else _UNEXPECTED
    with services.database.writing(batch_id=run.batch_id) as connection:
        if not is_still_mine(connection, run):
            return
        if reaction is Reaction.RETRY_LATER:
            until = now + timedelta(seconds=_pause_seconds(services, connection, run))
            put_off_stage(connection, run, reason=reason, not_before=until, counts=False)
        elif reaction is Reaction.AT_ONCE:
            put_off_stage(connection, run, reason=reason, not_before=now, counts=False)
        elif reaction is Reaction.TRY_AGAIN and run.deaths + 1 < _MOST_DEATHS:
            until = now + timedelta(seconds=_PAUSES_AFTER_DEATH_SECONDS[run.deaths])
            put_off_stage(
                connection, run, reason=reason, not_before=until, counts=True, is_death=True
            )
        else:
            if reaction is Reaction.TRY_AGAIN:
                reason = PoisonedError(reason.en, vi=reason.vi).reason
            set_stage_aside(connection, run, reason=reason, now=now)
            _set_subject_aside(connection, run, services, reason)


def _go_on_without_rescan(connection: Transaction, delivery_id: str, *, now: datetime) -> None:
    """Let a document go on with the page that a file was to replace."""
    wanted = find_replacement(connection, delivery_id)
    document_id = find_document_of_page(connection, wanted.page_id) if wanted else None
    if document_id is not None:
        plan_classify_when_ready(connection, document_id, now=now)


def _pause_seconds(services: Services, connection: Transaction, run: StageRun) -> float:
    """Grow with the time that the batch has been waiting, from a second to ten minutes."""
    opened_at = get_batch(connection, run.batch_id).opened_at
    age = (services.clock.now() - opened_at).total_seconds()
    return min(max(_FIRST_PAUSE_SECONDS, age / 4), _LONGEST_PAUSE_SECONDS)


def _set_subject_aside(
    connection: Transaction, run: StageRun, services: Services, reason: Reason
) -> None:
    """Give the subject its state, and let what does not depend on it go on."""
    now = services.clock.now()
    if run.stage == "open":
        set_delivery_state(connection, run.subject, state="set_aside", reason=reason)
        _go_on_without_rescan(connection, run.subject, now=now)
        plan_split_when_ready(connection, run.batch_id, now=now)
    elif run.stage in ("inspect", "read"):
        page = get_page(connection, run.subject)
        set_page_state(connection, page.id, state="set_aside", reason=reason)
        document_id = find_document_of_page(connection, page.id)
        if document_id is not None:
            plan_classify_when_ready(connection, document_id, now=now)
        plan_split_when_ready(connection, run.batch_id, now=now)
    elif run.stage == "split":
        set_batch_state(connection, run.batch_id, state="set_aside")
    else:
        set_document_state(connection, run.subject, state="set_aside", reason=reason)
