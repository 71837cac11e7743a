"""Structured logs on standard error."""

import json
import subprocess
import sys

_PROGRAM = """
import logging
from configuration.logs import set_up_logging
import structlog
set_up_logging(as_json={as_json})
structlog.contextvars.bind_contextvars(batch_id="bat_1")
structlog.get_logger().warning("stage failed", stage="read")
structlog.get_logger().debug("not shown")
logging.getLogger("PIL").warning("chatter of a library")
"""


def run(*, as_json: bool) -> subprocess.CompletedProcess[str]:
    """Log in a process of its own, since logging is set up for the whole of one."""
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(as_json=as_json)],
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_line_holds_the_event_its_facts_and_what_is_bound() -> None:
    finished = run(as_json=True)

    (line,) = finished.stderr.splitlines()
    logged = json.loads(line)
    assert (logged["event"], logged["stage"]) == ("stage failed", "read")
    assert (logged["batch_id"], logged["level"]) == ("bat_1", "warning")
    assert logged["timestamp"].endswith("Z")


def test_results_and_logs_never_mix() -> None:
    finished = run(as_json=False)

    assert finished.stdout == ""
    assert "stage failed" in finished.stderr
    assert "chatter" not in finished.stderr
    assert "not shown" not in finished.stderr
