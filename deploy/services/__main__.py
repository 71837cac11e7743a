"""`python -m deploy.services start|stop|status [SERVER ...]`, or `run -- COMMAND`."""

import sys

from deploy.services.places import open_place
from deploy.services.processes import is_running
from deploy.services.running import addresses, run_with_servers, start, stop
from deploy.services.servers import SERVERS

_USAGE = "python -m deploy.services start|stop|status [SERVER ...] | run [SERVER ...] -- COMMAND"


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit status."""
    what, *rest = arguments or ["help"]
    names = rest[: rest.index("--")] if "--" in rest else rest
    unknown = [name for name in names if name not in SERVERS]
    if unknown or what not in ("start", "stop", "status", "run"):
        print(_USAGE, file=sys.stderr)
        print(f"SERVER: {' '.join(SERVERS)}", file=sys.stderr)
        return 2
    place = open_place()
    chosen = names or list(SERVERS)
    if what == "run":
        return run_with_servers(place, chosen, rest[rest.index("--") + 1 :])
    failures = start(place, chosen) if what == "start" else {}
    if what == "stop":
        stop(place, chosen)
    for name in chosen:
        state = "đang chạy / running" if is_running(place, name) else "đã dừng / stopped"
        print(f"{name:15} {failures.get(name, state)}")
    if addresses(place):
        print(f"Địa chỉ / addresses: {place.env_file}\nset -a; . {place.env_file}; set +a")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
