"""Structured logs on standard error: fixed phrases, facts as fields, no content."""

import logging
import sys

import structlog


def set_up_logging(*, as_json: bool = False, level: int = logging.INFO) -> None:
    """Send every log line of this process to standard error."""
    renderer = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries speak through logging; their chatter would hold file names and text.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, force=True)
    for name in ("pyhanko", "pyhanko_certvalidator", "pikepdf", "PIL", "fontTools", "alembic"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
