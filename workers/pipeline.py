"""The order of the stages; the story of a page is told here and nowhere else.

receive -> open -> inspect -> read ─┐
                      └-> split ────┴-> classify -> (a person, or a policy) confirms
confirm -> assemble -> sign -> archive -> record, index
confirm -> archive -> record, index      for a PDF that arrived signed
correct (after filing)       -> record, index
"""

from collections.abc import Callable

from database.stage_runs import StageRun
from workers.document_stages import classify, split
from workers.filing_stages import archive, assemble, index, sign
from workers.reactions import reacting_to_errors
from workers.reading_stages import inspect_page, open_file, read_page
from workers.recording import record
from workers.services import Services

STAGES: dict[str, Callable[[StageRun, Services], None]] = {
    "open": open_file,
    "inspect": inspect_page,
    "read": read_page,
    "split": split,
    "classify": classify,
    "assemble": assemble,
    "sign": sign,
    "archive": archive,
    "record": record,
    "index": index,
}


def run_stage(run: StageRun, services: Services) -> None:
    """Run one claimed stage; what a failure leads to is written down, never raised."""
    with reacting_to_errors(run, services):
        STAGES[run.stage](run, services)
