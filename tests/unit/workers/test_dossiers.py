"""Dossiers: opened once, shown with their checklist, also where nobody opened them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from database.audit import list_audit
from database.batches import NewBatch
from database.dossiers import DossierState
from database.errors import UnknownSubjectError
from reuse.checklist import ChecklistLine
from reuse.errors import UnknownProcedureError
from tests.unit.workers.filed_papers import (
    ARCHIVIST,
    DOSSIER_HERE,
    DOSSIER_THERE,
    FREE_OFFICER,
    INSPECTOR,
    OFFICER,
    OTHER_OWNER,
    OWNER,
    WHY,
    enter_paper,
    opened_office,
)
from workers.actors import Actor
from workers.dossiers import (
    close_dossier,
    find_open_dossier,
    list_dossiers,
    open_dossier,
    show_dossier,
)
from workers.errors import (
    DossierCodeError,
    DossierDiffersError,
    OutsideAreaError,
    OwnerNumberError,
    PurposeRequiredError,
)
from workers.intake import begin_batch
from workers.services import Services

pytestmark = pytest.mark.usefixtures("each_catalogue")

PROCEDURE = "1.004884"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


def line(services: Services, component: str) -> ChecklistLine:
    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)
    return next(one for one in view.checklist if one.component.id == component)


def test_dossier_is_opened_with_what_the_slip_says(services: Services) -> None:
    opened = open_dossier(
        services,
        code=f" {DOSSIER_HERE} ",
        procedure="1.004884.000.00.00.H05",
        owner_id="0990 9300 0012",
        owner_name="Nguyễn Thị Ví Dụ",
        actor=OFFICER,
    )

    assert (opened.code, opened.area) == (DOSSIER_HERE, "H99.12.03")
    assert (opened.procedure, opened.owner_id) == (PROCEDURE, OWNER)
    assert (opened.opened_by, opened.closed_at) == ("bình.lê", None)
    assert find_open_dossier(services, DOSSIER_HERE) == opened


def test_opening_twice_is_opening_once(services: Services) -> None:
    first = open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=OFFICER)

    second = open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=ARCHIVIST)

    assert second == first
    assert [row["action"] for row in list_audit(services.database)] == ["dossier_opened"]


def test_what_was_not_known_is_filled_in(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)

    filled = open_dossier(
        services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=ARCHIVIST
    )

    assert (filled.procedure, filled.owner_id, filled.opened_by) == (PROCEDURE, OWNER, "bình.lê")


@pytest.mark.parametrize(
    "other", [{"procedure": "1.000894"}, {"owner_id": OTHER_OWNER}], ids=["procedure", "owner"]
)
def test_dossier_with_another_procedure_or_owner_is_another_dossier(
    services: Services, other: dict[str, str]
) -> None:
    first = open_dossier(
        services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=OFFICER
    )

    with pytest.raises(DossierDiffersError):
        open_dossier(services, code=DOSSIER_HERE, actor=OFFICER, **other)

    assert find_open_dossier(services, DOSSIER_HERE) == first


@pytest.mark.parametrize(
    "code", ["", "H99", "H99.12.03-261399-0001", f"{DOSSIER_HERE}; xóa", "../../etc"]
)
def test_what_is_no_dossier_code_is_refused(services: Services, code: str) -> None:
    with pytest.raises(DossierCodeError):
        open_dossier(services, code=code, actor=OFFICER)


@pytest.mark.parametrize("number", ["12345", "abc", "0100233489"])
def test_what_is_no_number_of_an_owner_is_refused(services: Services, number: str) -> None:
    with pytest.raises(OwnerNumberError):
        open_dossier(services, code=DOSSIER_HERE, owner_id=number, actor=OFFICER)

    assert find_open_dossier(services, DOSSIER_HERE) is None


@pytest.mark.parametrize("procedure", ["9.999999", "1.999999", "khai sinh"])
def test_procedure_that_nobody_knows_is_refused(services: Services, procedure: str) -> None:
    with pytest.raises(UnknownProcedureError):
        open_dossier(services, code=DOSSIER_HERE, procedure=procedure, actor=OFFICER)


def test_dossier_of_another_area_is_opened_there(services: Services) -> None:
    with pytest.raises(OutsideAreaError):
        open_dossier(services, code=DOSSIER_THERE, actor=OFFICER)


def test_closing_twice_is_closing_once(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)

    closed = close_dossier(services, DOSSIER_HERE, result="issued", actor=OFFICER)
    again = close_dossier(services, DOSSIER_HERE, result="issued", actor=ARCHIVIST)

    assert (closed.result, closed.closed_by) == ("issued", "bình.lê")
    assert again == closed


def test_closed_dossier_keeps_its_result(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)
    close_dossier(services, DOSSIER_HERE, result="issued", actor=OFFICER)

    with pytest.raises(DossierDiffersError):
        close_dossier(services, DOSSIER_HERE, result="refused", actor=OFFICER)

    found = find_open_dossier(services, DOSSIER_HERE)
    assert found is not None
    assert found.result == "issued"


def test_dossier_that_stands_on_papers_alone_can_be_closed(services: Services) -> None:
    enter_paper(services, dossier=DOSSIER_HERE, component_type="don")

    assert close_dossier(services, DOSSIER_HERE, result="stopped", actor=OFFICER).closed_at


def test_dossier_of_which_nothing_is_known_is_not_found(services: Services) -> None:
    with pytest.raises(UnknownSubjectError):
        close_dossier(services, DOSSIER_HERE, result="issued", actor=OFFICER)
    with pytest.raises(UnknownSubjectError):
        show_dossier(services, DOSSIER_HERE, actor=OFFICER)


def test_checklist_says_for_each_component_what_there_is(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=OFFICER)

    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    assert view.procedure is not None
    assert [one.component for one in view.checklist] == list(view.procedure.components)
    assert {one.state for one in view.checklist} == {"missing", "only_shown"}
    assert line(services, "to_khai").reason.code == "missing"
    assert line(services, "uy_quyen").reason.code == "missing_perhaps"


def test_paper_of_this_dossier_is_held_here_even_if_it_serves_this_one_alone(
    services: Services,
) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=OFFICER)
    paper = enter_paper(services, dossier=DOSSIER_HERE, component_type="to_khai_ht")

    found = line(services, "to_khai")

    assert (found.state, found.document_id, found.reason.code) == ("held_here", paper, "held_here")


def test_paper_of_the_owner_in_another_dossier_is_held_elsewhere(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=OFFICER)
    paper = enter_paper(
        services, dossier=DOSSIER_THERE, component_type="giay_khai_sinh", owner_id=OWNER
    )
    enter_paper(
        services, dossier=DOSSIER_THERE, component_type="bang_tot_nghiep", owner_id=OTHER_OWNER
    )

    found = line(services, "giay_to_cu")

    assert (found.state, found.document_id) == ("held_elsewhere", paper)


def test_statement_from_another_dossier_is_no_use_here(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=OFFICER)
    enter_paper(services, dossier=DOSSIER_THERE, component_type="giay_cam_doan", owner_id=OWNER)

    assert line(services, "cam_doan").state == "missing"


def test_paper_whose_type_nobody_confirmed_is_doubtful(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=OFFICER)
    enter_paper(services, dossier=DOSSIER_HERE, component_type="giay_cam_doan", is_confirmed=False)

    assert line(services, "cam_doan").state == "doubtful"


def test_paper_that_is_past_its_time_is_expired(services: Services) -> None:
    procedure = next(
        one
        for one in services.procedures.values()
        if any("xn_tthn" in part.accepts and part.kind == "nop" for part in one.components)
    )
    open_dossier(services, code=DOSSIER_HERE, procedure=procedure.code, actor=OFFICER)
    paper = enter_paper(
        services, dossier=DOSSIER_HERE, component_type="xn_tthn", issued_on="2019-01-01"
    )

    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    assert [(one.state, one.document_id) for one in view.checklist if one.document_id] == [
        ("expired", paper)
    ]


@pytest.mark.parametrize("state", ["reading", "awaiting_review", "filing"])
def test_paper_on_its_way_is_told_by_its_proposed_type(services: Services, state: str) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=OFFICER)
    paper = enter_paper(
        services,
        dossier=DOSSIER_HERE,
        state=state,  # type: ignore[arg-type]  # one of the states
        component_type="giay_cam_doan",
        is_confirmed=False,
    )

    found = line(services, "cam_doan")

    assert (found.state, found.document_id) == ("in_progress", paper)


def test_better_state_wins(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, owner_id=OWNER, actor=OFFICER)
    enter_paper(
        services, dossier=DOSSIER_HERE, state="awaiting_review", component_type="giay_khai_sinh"
    )
    held = enter_paper(services, component_type="giay_khai_sinh", owner_id=OWNER)

    assert line(services, "giay_to_cu").document_id == held


def test_dossier_that_was_never_opened_is_shown_by_its_papers(services: Services) -> None:
    paper = enter_paper(
        services,
        dossier=DOSSIER_HERE,
        component_type="giay_cam_doan",
        owner_id=OWNER,
        owner_name="Nguyễn Thị Ví Dụ",
    )

    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    assert (view.dossier.opened_at, view.dossier.owner_id) == (None, OWNER)
    assert (view.procedure, view.checklist) == (None, ())
    assert [one.id for one in view.documents] == [paper]
    assert len(view.batches) == 1


def test_procedure_can_be_set_where_it_was_not_known(services: Services) -> None:
    enter_paper(services, dossier=DOSSIER_HERE, component_type="giay_cam_doan")
    show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    open_dossier(services, code=DOSSIER_HERE, procedure=PROCEDURE, actor=OFFICER)

    assert line(services, "cam_doan").state == "held_here"


def test_batch_alone_makes_a_dossier_known_with_its_procedure(services: Services) -> None:
    new = NewBatch(
        station="quay-01",
        batch_key="lô-sáng",
        answerable="an.tran",
        dossier_code=DOSSIER_HERE,
        procedure=PROCEDURE,
    )
    batch = begin_batch(services, new, actor=OFFICER)

    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    assert [one.id for one in view.batches] == [batch.id]
    assert view.dossier.procedure == PROCEDURE


def test_history_holds_what_was_done_and_looked_at(services: Services) -> None:
    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)
    show_dossier(services, DOSSIER_HERE, actor=ARCHIVIST)

    view = show_dossier(services, DOSSIER_HERE, actor=OFFICER)

    assert [row["action"] for row in view.history] == ["dossier_shown", "dossier_opened"]


def test_dossier_of_a_person_elsewhere_needs_a_purpose(services: Services) -> None:
    enter_paper(services, dossier=DOSSIER_THERE, component_type="giay_khai_sinh", owner_id=OWNER)

    with pytest.raises(PurposeRequiredError):
        show_dossier(services, DOSSIER_THERE, actor=OFFICER)
    for actor in (ARCHIVIST, INSPECTOR, FREE_OFFICER):
        assert show_dossier(services, DOSSIER_THERE, actor=actor).documents
    show_dossier(services, DOSSIER_THERE, actor=OFFICER, purpose=WHY)

    assert list_audit(services.database)[0]["purpose"] == WHY


def test_dossiers_come_newest_first_in_pieces(services: Services) -> None:
    codes = [f"H99.12.03-260316-{number:04d}" for number in range(1, 6)]
    for code in codes:
        open_dossier(services, code=code, actor=OFFICER)

    first = list_dossiers(services, actor=OFFICER, limit=2)
    second = list_dossiers(services, actor=OFFICER, limit=9, after=first[-1].code)

    assert [one.code for one in (*first, *second)] == codes[::-1]


def test_dossiers_of_one_moment_are_listed_once_each(services: Services) -> None:
    class Stopped:
        def now(self) -> object:
            return moment

    moment = services.clock.now()
    object.__setattr__(services, "clock", Stopped())
    codes = [f"H99.12.03-260316-{number:04d}" for number in range(1, 8)]
    for code in codes:
        open_dossier(services, code=code, actor=OFFICER)

    found: list[str] = []
    while piece := list_dossiers(
        services, actor=OFFICER, limit=3, after=found[-1] if found else None
    ):
        found += [one.code for one in piece]

    assert sorted(found) == codes


@pytest.mark.parametrize(("state", "numbers"), [("open", (5, 3, 1)), ("closed", (4, 2))])
def test_dossiers_are_found_by_their_state_in_pieces(
    services: Services, state: DossierState, numbers: tuple[int, ...]
) -> None:
    codes = {number: f"H99.12.03-260316-{number:04d}" for number in range(1, 6)}
    for number, code in codes.items():
        open_dossier(services, code=code, actor=OFFICER)
        if number % 2 == 0:
            close_dossier(services, code, result="issued", actor=OFFICER)

    found: list[str] = []
    while piece := list_dossiers(
        services, actor=OFFICER, state=state, limit=1, after=found[-1] if found else None
    ):
        found += [one.code for one in piece]

    assert found == [codes[number] for number in numbers]


def test_list_is_that_of_ones_area(services: Services) -> None:
    everywhere = Actor("x", "officer")
    open_dossier(services, code=DOSSIER_HERE, actor=everywhere)
    open_dossier(services, code=DOSSIER_THERE, actor=everywhere)
    open_dossier(services, code="H99.1-260316-0001", actor=everywhere)

    assert [one.code for one in list_dossiers(services, actor=OFFICER)] == [DOSSIER_HERE]
    assert len(list_dossiers(services, actor=everywhere)) == 3
