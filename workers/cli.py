"""The command line `sohoa`; stable for scripts.

Exit codes: 0 all done; 1 something was set aside or a check was not ok; 2 usage or configuration;
3 a back end is unavailable; 4 not found; 5 refused; 130 interrupted.
"""

import sys

import structlog
import typer
from typer.exceptions import TyperException

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    NotFoundError,
    PipelineError,
    PolicyViolationError,
    RejectedInputError,
)
from workers.cli_accounts import accounts_app
from workers.cli_digitizing import digitize
from workers.cli_finding import fetch, index_app, search, show, verify
from workers.cli_following import review, status
from workers.cli_migrating import migrate_catalogue, migrate_command
from workers.cli_output import say, say_reason
from workers.cli_reading import identify, read
from workers.cli_rebuilding import rebuild_catalogue_command
from workers.cli_separators import separators
from workers.cli_storing import migrate_store, renew_locks
from workers.cli_working import sweep, worker
from workers.doctor import doctor
from workers.reactions import place_of

app = typer.Typer(
    name="sohoa",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Số Hóa: số hóa giấy tờ, lưu trữ điện tử, dùng lại kết quả. / Digitize, archive, reuse.",
)
for command in (digitize, read, identify, verify, search, show, fetch, status, review):
    app.command()(command)
app.command()(separators)
app.command()(worker)
app.command()(sweep)
app.command()(doctor)
app.command("migrate")(migrate_command)
app.command()(migrate_catalogue)
app.command("rebuild-catalogue")(rebuild_catalogue_command)
app.command()(migrate_store)
app.command()(renew_locks)
app.add_typer(index_app, name="index")
app.add_typer(accounts_app, name="accounts")

EXIT_CODES: dict[type[PipelineError], int] = {
    RejectedInputError: 1,
    IntegrityError: 1,
    ConfigurationError: 2,
    BackEndUnavailableError: 3,
    NotFoundError: 4,
    PolicyViolationError: 5,
}
_USAGE, _INTERRUPTED, _UNEXPECTED = 2, 130, 1


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; no error leaves as a traceback."""
    try:
        result = app(arguments, standalone_mode=False)
    except PipelineError as error:
        say_reason(error.reason)
        return exit_code_of(error)
    except (typer.Abort, KeyboardInterrupt):
        result = _INTERRUPTED
    except TyperException as error:
        _say_usage(error.format_message())
        return _USAGE
    except Exception as error:  # noqa: BLE001 - the one place of the command line
        return _exit_code_of_unexpected(error)
    if result == _INTERRUPTED:  # also what the framework makes of Ctrl-C
        say("Đã dừng theo yêu cầu.", "Interrupted.")
    return result if isinstance(result, int) else 0


def _say_usage(message: str) -> None:
    """Say what was typed wrongly; where nothing was typed, the help has been shown already."""
    if message.strip():
        say(f"Lệnh gõ chưa đúng: {message} Xem: sohoa --help", "See: sohoa --help")


def _exit_code_of_unexpected(error: Exception) -> int:
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        return 0
    structlog.get_logger().error(
        "command failed", error=type(error).__name__, where=place_of(error)
    )
    say(
        "Chương trình gặp lỗi không lường trước. Báo cho quản trị viên kèm dòng ở trên.",
        "The program met an unexpected error. Tell the administrator the line above.",
    )
    return _UNEXPECTED


def exit_code_of(error: PipelineError) -> int:
    """Return the exit code of an error's family."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
