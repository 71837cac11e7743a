"""What follows from a failure: one table, and what is written into the catalogue."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from configuration.settings import Settings
from database.batches import get_delivery
from database.stage_runs import StageRun
from database.tables import stage_runs
from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    NotFoundError,
    PolicyViolationError,
    RejectedInputError,
)
from ingest.errors import DamagedFileError
from signing.errors import TimestampUnavailableError
from tests.contract.catalogue_entries import (
    NOW,
    claim_surely,
    make_batch,
    make_delivery,
    state_of_stage,
)
from workers.errors import ChildDiedError
from workers.reactions import Reaction, place_of, reacting_to_errors, reaction_to
from workers.services import Services, build_services
from workers.stage_results import LeaseLostError, finishing


class StoppedClock:
    """Tells the same moment each time."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path), clock=StoppedClock())
    yield built
    built.close()


@pytest.fixture
def run(services: Services) -> StageRun:
    """Give the claimed opening of a delivered file."""
    make_delivery(services.database, make_batch(services.database))
    return claim_surely(services.database)


def fail(services: Services, run: StageRun, error: Exception) -> None:
    with reacting_to_errors(run, services):
        raise error


def row_of(services: Services, run: StageRun) -> dict[str, object]:
    with services.database.reading() as connection:
        query = select(stage_runs).where(stage_runs.c.id == run.id)
        return dict(connection.execute(query).mappings().one())


@pytest.mark.parametrize(
    ("error", "reaction"),
    [
        (DamagedFileError(), Reaction.ASK_OPERATOR),
        (RejectedInputError(vi="v", en="e"), Reaction.ASK_OPERATOR),
        (PolicyViolationError(vi="v", en="e"), Reaction.ASK_OPERATOR),
        (TimestampUnavailableError("x"), Reaction.RETRY_LATER),
        (BackEndUnavailableError(vi="v", en="e"), Reaction.RETRY_LATER),
        (ConfigurationError(vi="v", en="e"), Reaction.RETRY_LATER),
        (IntegrityError(vi="v", en="e"), Reaction.HALT_AND_ALERT),
        (NotFoundError(vi="v", en="e"), Reaction.HALT_AND_ALERT),
        (ChildDiedError("memory", job="read"), Reaction.TRY_AGAIN),
        (LeaseLostError(), Reaction.DROP),
        (ZeroDivisionError(), Reaction.HALT_AND_ALERT),
    ],
    ids=lambda value: value.name if isinstance(value, Reaction) else type(value).__name__,
)
def test_reaction_to_each_family(error: Exception, reaction: Reaction) -> None:
    assert reaction_to(error) is reaction


def test_back_end_that_is_down_is_waited_for_without_an_attempt(
    services: Services, run: StageRun
) -> None:
    fail(services, run, TimestampUnavailableError("TimeoutError"))

    row = row_of(services, run)
    assert (row["state"], row["attempt"], row["deaths"]) == ("waiting", 0, 0)
    assert row["reason_code"] == "timestamp_unavailable"
    assert row["not_before"] is not None


def test_child_that_died_counts_and_is_tried_again(services: Services, run: StageRun) -> None:
    fail(services, run, ChildDiedError("died", job="open"))

    row = row_of(services, run)
    assert (row["state"], row["attempt"], row["deaths"]) == ("waiting", 1, 1)


def test_unusable_file_is_set_aside_with_its_reason(services: Services, run: StageRun) -> None:
    fail(services, run, DamagedFileError())

    with services.database.reading() as connection:
        delivery = get_delivery(connection, run.subject)
    assert delivery.state == "set_aside"
    assert delivery.reason == DamagedFileError().reason
    assert row_of(services, run)["state"] == "set_aside"


def test_unexpected_error_halts_and_does_not_tell_its_message(
    services: Services, run: StageRun
) -> None:
    fail(services, run, ValueError("Nguyễn Thị Mẫu An"))

    row = row_of(services, run)
    assert (row["state"], row["reason_code"]) == ("set_aside", "unexpected_error")
    assert "Mẫu An" not in f"{row['reason_vi']}{row['reason_en']}"


def test_place_of_an_error_holds_no_message(services: Services, run: StageRun) -> None:
    error = ValueError("Nguyễn Thị Mẫu An")
    fail(services, run, error)

    place = place_of(error)

    assert place.startswith("reactions.py")
    assert "Mẫu" not in place


def test_failure_of_a_worker_that_lost_its_lease_changes_nothing(
    services: Services, run: StageRun
) -> None:
    late = StageRun(**{**{name: getattr(run, name) for name in run.__slots__}, "worker": "old"})

    fail(services, late, DamagedFileError())

    assert state_of_stage(services.database, run.subject, "open") == "running"


def test_result_of_a_worker_that_lost_its_lease_is_refused(
    services: Services, run: StageRun
) -> None:
    late = StageRun(**{**{name: getattr(run, name) for name in run.__slots__}, "worker": "old"})
    written = []

    with pytest.raises(LeaseLostError), finishing(services, late) as (connection, _):
        written.append(connection)

    assert written == []
    assert state_of_stage(services.database, run.subject, "open") == "running"


def test_result_and_end_of_a_stage_are_written_together(services: Services, run: StageRun) -> None:
    with finishing(services, run):
        pass

    assert state_of_stage(services.database, run.subject, "open") == "done"
