"""What the code on a slip, a separator sheet or an identity card says, however it was read."""

import json
from dataclasses import dataclass
from typing import Any

from documents.codes import find_dossier_code, find_procedure_code, is_tax_number, parse_personal_id
from documents.errors import RejectedInputError
from documents.identifiers import mint_delivery_id
from workers.errors import NoCodeError
from workers.page_jobs import CodesJob, CodesResult
from workers.services import Services
from workers.work_folder import process_name

_MOST_PIXELS = 20_000_000
_MOST_CHARACTERS = 2_000
_NAME_OF_CARD = 2
"""Place of the name in the code of an identity card: number|old number|name|birth|sex|…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFacts:
    """What a code told; None where it said nothing about it."""

    dossier_code: str | None = None
    procedure: str | None = None
    owner_id: str | None = None
    owner_name: str | None = None


def read_slip(services: Services, frame: bytes) -> SlipFacts:
    """Read the code in a picture that a camera took.

    Raises:
        NoCodeError: there is none in it that we know, or it is no picture.
    """
    # Named like an arrival, so that the sweeper finds it should this process be killed.
    file = services.work.incoming / f"{process_name()}-{mint_delivery_id()}"
    file.write_bytes(frame)
    try:
        job = CodesJob(file=file, most_pixels=_MOST_PIXELS)
        found: CodesResult = services.desk_pool.run("codes", job)
    except RejectedInputError as error:
        raise NoCodeError from error
    finally:
        file.unlink(missing_ok=True)
    return understand_slip("\n".join(found.texts))


def understand_slip(text: str) -> SlipFacts:
    """Return what the text of a code says: plain, divided by bars, or JSON (TT 01/2023).

    Raises:
        NoCodeError: nothing in it that we know.
    """
    parts = _parts_of(text[:_MOST_CHARACTERS].strip())
    joined = " ".join(parts)
    dossier = find_dossier_code(joined)
    procedure = find_procedure_code(joined)
    number = next((part for part in parts if _is_number(part)), None)
    is_card = number is not None and parts[0] == number and len(parts) > _NAME_OF_CARD
    facts = SlipFacts(
        dossier_code=dossier.text if dossier else None,
        procedure=procedure.national if procedure else None,
        owner_id=number,
        owner_name=parts[_NAME_OF_CARD] or None if is_card else None,
    )
    if facts == SlipFacts():
        raise NoCodeError
    return facts


def _is_number(part: str) -> bool:
    return parse_personal_id(part) is not None or is_tax_number(part)


def _parts_of(text: str) -> list[str]:
    try:
        told: Any = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return [str(value).strip() for value in told.values()] or [""]
    return [part.strip() for part in text.replace("\n", "|").split("|")]
