"""Try every call of the API with right and wrong input for a while, in each role.

A server of its own over a new home with the bundled samples is asked by schemathesis, all checks
on: what is asked follows the description of the API and what earlier answers named. The exit
status is 1 where an answer broke the description or the server failed.

Settings by environment: FUZZ_SECONDS (1200 in all), FUZZ_SEED (1).
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from database.accounts import ROLES

_ROOT = Path(__file__).parents[2]
_BIN = Path(sys.executable).parent
_STATUSES = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "416", "422", "429"]
_SETTINGS = {
    "SOHOA_WEB__REQUESTS_PER_MINUTE": "1000000",
    "SOHOA_WEB__UPLOADS_PER_ACCOUNT": "10000",
}
# Statuses that are right for what is wrong in its content though right in its form, and a body
# that is sent as bytes.
_CONFIGURATION = f"""
[checks.positive_data_acceptance]
expected-statuses = {json.dumps(["2xx", "304", *_STATUSES])}
[checks.negative_data_rejection]
expected-statuses = {json.dumps(_STATUSES)}
"""
_HOOKS = '''
import json
import os
import zlib

import schemathesis

_KNOWN = json.loads(os.environ["FUZZ_KNOWN"])


@schemathesis.serializer("application/offset+octet-stream")
def piece(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Three right requests of four name something that is there: invented names end in 404."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for values in (case.path_parameters, case.query):
        for name, value in (values or {}).items():
            chance = zlib.crc32(str(value).encode())
            if chance % 4 and name in _KNOWN:
                values[name] = _KNOWN[name][chance % len(_KNOWN[name])]
'''
# What an address may name, and where the catalogue holds it.
_NAMED = {
    "document_id": "SELECT id FROM documents",
    "batch_id": "SELECT id FROM batches",
    "delivery_id": "SELECT id FROM deliveries",
    "page_id": "SELECT id FROM pages",
    "owner_id": "SELECT owner_id FROM owners",
    "owner": "SELECT owner_id FROM owners",
    "code": "SELECT dossier_code FROM batches WHERE dossier_code IS NOT NULL",
    "dossier": "SELECT dossier_code FROM batches WHERE dossier_code IS NOT NULL",
}


def main() -> int:
    """Ask in each role in turn; return 1 where one found something."""
    seconds = int(os.environ.get("FUZZ_SECONDS", "1200")) // len(ROLES)
    found = []
    with tempfile.TemporaryDirectory(prefix="sohoa-fuzz-") as name:
        folder = Path(name)
        (folder / "schemathesis.toml").write_text(_CONFIGURATION, "utf-8")
        (folder / "hooks.py").write_text(_HOOKS, "utf-8")
        environment = {**os.environ, **_SETTINGS, "SOHOA_HOME": str(folder / "home")}
        _run(environment, _BIN / "python", _ROOT / "samples" / "digitize_samples.py")
        environment["FUZZ_KNOWN"] = json.dumps(_known(folder / "home" / "sohoa.db"))
        with _serving(environment) as url:
            for role in ROLES:
                print(f"== {role}, {seconds} s", flush=True)  # noqa: T201 - a program
                if _ask(role, url, environment, folder, seconds):
                    found.append(role)
    result = "found something as: " + ", ".join(found) if found else "nothing found in any role"
    print(result)  # noqa: T201 - a program
    return 1 if found else 0


def _known(catalogue: Path) -> dict[str, list[str]]:
    """Return identifiers of what is there, by the names of parameters."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as connection:
        rows = {name: connection.execute(query).fetchall() for name, query in _NAMED.items()}
    return {name: sorted({str(row[0]) for row in found}) for name, found in rows.items() if found}


def _ask(role: str, url: str, environment: dict[str, str], folder: Path, seconds: int) -> bool:
    """Ask as one role; say whether something was found."""
    made = _run(
        environment, _BIN / "sohoa", "accounts", "token", f"{role}.fuzz", "--role", role, "--json"
    )
    token = json.loads(made)["token"]
    command = [
        _BIN / "schemathesis", "--config-file", folder / "schemathesis.toml", "run",
        f"{url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}",
        "--max-time", str(seconds), "--seed", os.environ.get("FUZZ_SEED", "1"),
        "--continue-on-failure", "--suppress-health-check", "all",
    ]  # fmt: skip
    done = subprocess.run(
        [str(part) for part in command],
        env={**environment, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(folder)},
        cwd=folder,
        check=False,
    )
    return done.returncode != 0


def _run(environment: dict[str, str], *command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=_ROOT,
    )
    return done.stdout


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        [str(_BIN / "sohoa"), "serve", "--port", "0", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
