"""From proposals to tags: a person or a policy decides."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classification.classifying import classify_document
from classification.confirming import Decision, confirm_by_policy, confirm_tags, propose_tags
from classification.errors import InvalidDecisionError
from documents.catalogue import OTHER, load_component_types
from documents.model import Box, ClassifiedDocument, Proposal, Tag
from tests.unit.classification.papers import decision

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BOX = Box(10, 20, 110, 50)


def tag(name: str, value: str, *, confidence: float = 0.95, doubtful: bool = False) -> Tag:
    return Tag(
        name=name,
        value=value,
        state="proposed",
        confidence=confidence,
        page=1,
        box=BOX,
        doubtful=doubtful,
        proposed_value=value,
    )


SURE = (tag("component_type", "quyet_dinh"), tag("number", "1/QĐ-UBND"), tag("title", "Giao đất"))


def decide(
    tags: tuple[Tag, ...], component_type: str = "quyet_dinh", **values: str
) -> dict[str, Tag]:
    confirmed = confirm_tags(tags, decision=Decision(component_type, values), by="an.tran", at=AT)
    return {one.name: one for one in confirmed}


def test_every_proposal_becomes_a_tag_that_is_only_proposed() -> None:
    classified = classify_document([decision()], component_types=load_component_types())

    tags = propose_tags(classified)

    assert [one.name for one in tags][:2] == ["component_type", "number"]
    assert {one.state for one in tags} == {"proposed"}
    assert all(one.proposed_value == one.value and one.decided_by is None for one in tags)


def test_what_was_not_determined_gives_no_tag() -> None:
    assert propose_tags(ClassifiedDocument(component_type=None)) == ()


def test_a_proposal_keeps_its_doubt_and_place_as_a_tag() -> None:
    proposal = Proposal(
        name="number", value="1/QĐ-UBND", confidence=0.5, page=2, box=BOX, doubtful=True
    )

    (tag_,) = propose_tags(ClassifiedDocument(component_type=None, fields=(proposal,)))

    assert (tag_.confidence, tag_.page, tag_.box, tag_.doubtful) == (0.5, 2, BOX, True)


def test_what_a_person_accepts_is_confirmed_with_who_and_when() -> None:
    tags = decide(SURE)

    assert {one.state for one in tags.values()} == {"confirmed"}
    assert {(one.decided_by, one.decided_at) for one in tags.values()} == {("an.tran", AT)}
    assert tags["number"].box == BOX


def test_a_correction_keeps_the_original_proposal_and_loses_its_place() -> None:
    number = decide(SURE, number="7/QĐ-UBND")["number"]

    assert (number.value, number.proposed_value) == ("7/QĐ-UBND", "1/QĐ-UBND")
    assert (number.page, number.box, number.doubtful) == (None, None, False)


def test_an_empty_value_clears_what_was_proposed_and_remembers_it() -> None:
    title = decide(SURE, title="  ")["title"]

    assert (title.value, title.proposed_value, title.state) == (None, "Giao đất", "confirmed")


def test_an_empty_value_of_what_was_never_proposed_leaves_no_trace() -> None:
    assert "signer" not in decide(SURE, signer="")


def test_a_person_adds_what_was_not_read_in_stored_form() -> None:
    signer = decide(SURE, signer=" Lê Va\u0306n Thử ")["signer"]

    assert (signer.value, signer.proposed_value) == ("Lê Văn Thử", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issued_on", "18/02/2025"),
        ("issued_on", "2025-02-30"),
        ("valid_until", "mai"),
        ("owner_id", "12345678901x"),
        ("dossier_code", "H05.01.02-251303-0012"),
        ("title", "a" * 501),
    ],
)
def test_a_value_that_is_not_what_it_should_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidDecisionError) as caught:
        decide(SURE, **{name: value})

    assert caught.value.field == name
    assert value not in caught.value.reason.vi


def test_a_component_type_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidDecisionError) as caught:
        decide(SURE, component_type="giay_la")

    assert caught.value.field == "component_type"


@pytest.mark.parametrize("value", ["2025", "2025-02", "2025-02-18", ""])
def test_a_day_that_is_not_known_may_stay_open(value: str) -> None:
    decide(SURE, issued_on=value)


def test_the_policy_for_sure_values_takes_what_is_beyond_doubt() -> None:
    tags = confirm_by_policy(SURE, policy="sure", by="an.tran", at=AT)

    assert tags is not None
    assert {one.state for one in tags} == {"confirmed"}
    assert {one.decided_by for one in tags} == {"policy:sure (an.tran)"}


@pytest.mark.parametrize(
    "tags",
    [
        (),
        (tag("number", "1/QĐ-UBND"),),
        (tag("component_type", "quyet_dinh", confidence=0.89),),
        (tag("component_type", "quyet_dinh", doubtful=True),),
        (*SURE, tag("issued_on", "2025-02-18", doubtful=True)),
        (SURE[0], tag("number", "1/QĐ-UBND", doubtful=True)),
    ],
)
def test_the_policy_for_sure_values_leaves_all_else_to_a_person(tags: tuple[Tag, ...]) -> None:
    assert confirm_by_policy(tags, policy="sure", by="an.tran", at=AT) is None


def test_the_policy_for_old_papers_takes_all_and_an_unknown_type_as_other() -> None:
    tags = confirm_by_policy((), policy="backfile", by="an.tran", at=AT)

    assert tags is not None
    assert [(one.name, one.value, one.state) for one in tags] == [
        ("component_type", OTHER, "confirmed")
    ]


names = st.sampled_from(["component_type", "number", "issued_on", "title", "owner_id"])
tag_lists = st.lists(
    st.builds(
        tag,
        names,
        st.sampled_from(["quyet_dinh", "2025"]),
        confidence=st.floats(0, 1),
        doubtful=st.booleans(),
    ),
    unique_by=lambda one: one.name,
).map(tuple)


@given(tag_lists, st.sampled_from(["sure", "backfile"]))
def test_no_policy_ever_confirms_a_doubtful_value_but_the_type(
    tags: tuple[Tag, ...], policy: str
) -> None:
    decided = confirm_by_policy(tags, policy=policy, by="a", at=AT)  # type: ignore[arg-type]

    before = {one.name: one for one in tags}
    for one in decided or ():
        if one.name != "component_type" and before[one.name].doubtful:
            assert one == before[one.name]


@given(tag_lists)
def test_the_policy_for_old_papers_never_leaves_a_document_without_a_type(
    tags: tuple[Tag, ...],
) -> None:
    decided = confirm_by_policy(tags, policy="backfile", by="a", at=AT)

    assert decided is not None
    assert decided[0].name == "component_type"
    assert decided[0].state == "confirmed"
    assert len(decided) == len(tags) + ("component_type" not in {one.name for one in tags})
