"""The five servers: what each is started by, when it is ready, and where it then is."""

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from deploy.services.places import Place, give_to, ordinary_user
from deploy.services.processes import Program
from deploy.services.tools import (
    find_elasticsearch,
    find_java,
    find_minio,
    find_program,
)

_HERE = "127.0.0.1"
_ANSWER_SECONDS = 2.0
_INITDB = ("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
_AMQP_HEADER = b"AMQP\x00\x00\x09\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server; `ports` says how many it needs, `companion` what must run before it."""

    ports: int
    prepare: Callable[[Place], Program]
    is_ready: Callable[[Place], bool]
    addresses: Callable[[Place], dict[str, str]]
    companion: Callable[[Place], Program] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 90.0


def _prepare_postgres(place: Place) -> Program:
    folders = "/usr/lib/postgresql/*/bin"
    initdb = find_program("initdb", folders=folders, package="postgresql")
    postgres = find_program("postgres", folders=folders, package="postgresql")
    data = place.data("postgres")
    user = ordinary_user()
    give_to(data, user)
    if not (data / "PG_VERSION").exists():
        password = data.with_name("postgres.password")
        password.touch(mode=0o600)
        password.write_text(place.secret())
        if user is not None:
            shutil.chown(password, user.pw_uid, user.pw_gid)
        _run(
            [str(initdb), "-D", str(data), "-U", "sohoa", *_INITDB, f"--pwfile={password}"],
            place,
        )
        password.unlink()
        # Nothing here need outlive the machine, only the server; measurements set it on again.
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write("fsync = off\n")
    (port,) = place.ports("postgres", 1)
    settings = {
        "listen_addresses": _HERE,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        arguments=[str(postgres), "-D", str(data), *options], environment={}, as_ordinary=True
    )


def _is_postgres_ready(place: Place) -> bool:
    pg_isready = find_program("pg_isready", package="postgresql-client")
    (port,) = place.ports("postgres", 1)
    command = [str(pg_isready), "-q", "-h", _HERE, "-p", str(port), "-t", "2"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - as written above


def _postgres_addresses(place: Place) -> dict[str, str]:
    (port,) = place.ports("postgres", 1)
    return {"TEST_POSTGRES": f"postgresql://sohoa:{place.secret()}@{_HERE}:{port}/postgres"}


def _rabbitmq_environment(place: Place) -> dict[str, str]:
    port, of_nodes, of_names = place.ports("rabbitmq", 3)
    data = place.data("rabbitmq")
    data.mkdir(mode=0o700, exist_ok=True)
    plugins = data / "enabled_plugins"
    plugins.write_text("[].")
    configuration = data / "rabbitmq.conf"
    configuration.write_text(
        f"listeners.tcp.default = {_HERE}:{port}\ndefault_user = sohoa\n"
        f"default_pass = {place.secret()}\n"
    )
    configuration.chmod(0o600)
    return {
        "HOME": str(data),
        "RABBITMQ_NODENAME": f"sohoa-{place.folder.name}@localhost",
        "RABBITMQ_DIST_PORT": str(of_nodes),
        "ERL_EPMD_PORT": str(of_names),
        "ERL_EPMD_ADDRESS": _HERE,
        "RABBITMQ_MNESIA_BASE": str(data / "mnesia"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_LOG_BASE": str(place.logs),
        "RABBITMQ_PID_FILE": str(data / "pid"),
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        # One scheduler that sleeps when there is nothing to do: the cores are for the tests.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
    }


def _prepare_rabbitmq(place: Place) -> Program:
    # Debian's /usr/sbin/rabbitmq-server changes the user; this one stays who we are.
    server = find_program(
        "rabbitmq-server", folders="/usr/lib/rabbitmq/bin", package="rabbitmq-server"
    )
    return Program(arguments=[str(server)], environment=_rabbitmq_environment(place))


def _prepare_name_server(place: Place) -> Program:
    epmd = find_program("epmd", package="rabbitmq-server")
    _, _, port = place.ports("rabbitmq", 3)
    return Program(
        arguments=[str(epmd), "-address", _HERE, "-port", str(port), "-relaxed_command_check"],
        environment={"HOME": str(place.folder)},
    )


def _is_rabbitmq_ready(place: Place) -> bool:
    # The broker answers a greeting with the first frame (type 1, method) of its own.
    return _ask(place.ports("rabbitmq", 3)[0], _AMQP_HEADER).startswith(b"\x01")


def _rabbitmq_addresses(place: Place) -> dict[str, str]:
    port = place.ports("rabbitmq", 3)[0]
    return {"TEST_RABBITMQ": f"amqp://sohoa:{place.secret()}@{_HERE}:{port}//"}


def _prepare_redis(place: Place) -> Program:
    server = find_program("redis-server", package="redis-server")
    (port,) = place.ports("redis", 1)
    data = place.data("redis")
    data.mkdir(mode=0o700, exist_ok=True)
    configuration = data / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind {_HERE}\nport {port}\ndir {data}\nappendonly yes\nrequirepass {place.secret()}\n"
    )
    return Program(arguments=[str(server), str(configuration)], environment={})


def _is_redis_ready(place: Place) -> bool:
    greeting = f"AUTH {place.secret()}\r\nPING\r\n".encode()
    return _ask(place.ports("redis", 1)[0], greeting, lines=2) == b"+OK\r\n+PONG\r\n"


def _redis_addresses(place: Place) -> dict[str, str]:
    (port,) = place.ports("redis", 1)
    return {"TEST_REDIS": f"redis://:{place.secret()}@{_HERE}:{port}/0"}


def _prepare_minio(place: Place) -> Program:
    port, console = place.ports("minio", 2)
    data = place.data("minio")
    data.mkdir(mode=0o700, exist_ok=True)
    return Program(
        arguments=[
            str(find_minio()),
            "server",
            "--address",
            f"{_HERE}:{port}",
            "--console-address",
            f"{_HERE}:{console}",
            str(data),
        ],
        environment={
            "HOME": str(data.parent),
            "MINIO_ROOT_USER": "sohoa",
            "MINIO_ROOT_PASSWORD": place.secret(),
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
        },
    )


def _is_minio_ready(place: Place) -> bool:
    return _answers(place.ports("minio", 2)[0], "/minio/health/ready")


def _minio_addresses(place: Place) -> dict[str, str]:
    port = place.ports("minio", 2)[0]
    return {"TEST_MINIO": f"http://sohoa:{place.secret()}@{_HERE}:{port}"}


def _prepare_elasticsearch(place: Place) -> Program:
    folder = find_elasticsearch()
    http, transport = place.ports("elasticsearch", 2)
    user = ordinary_user()
    base = place.data("elasticsearch")
    for path in (base, base / "data", base / "logs", base / "tmp"):
        give_to(path, user)
    configuration = base / "config"
    if not configuration.exists():
        shutil.copytree(folder / "config", configuration)
    for path in (configuration, *configuration.rglob("*")):
        if user is not None:
            shutil.chown(path, user.pw_uid, user.pw_gid)
    settings = {
        "discovery.type": "single-node",
        "xpack.security.enabled": "false",
        "http.host": _HERE,
        "http.port": str(http),
        "transport.host": _HERE,
        "transport.port": str(transport),
        "path.data": str(base / "data"),
        "path.logs": str(base / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    options = [part for name, value in settings.items() for part in ("-E", f"{name}={value}")]
    memory = os.environ.get("SERVICES_ELASTICSEARCH_MEMORY", "512m")
    return Program(
        arguments=[str(folder / "bin" / "elasticsearch"), *options],
        environment={
            "HOME": str(base),
            "ES_JAVA_HOME": str(find_java()),
            "ES_JAVA_OPTS": f"-Xms{memory} -Xmx{memory}",
            "ES_PATH_CONF": str(configuration),
            "ES_TMPDIR": str(base / "tmp"),
        },
        as_ordinary=True,
    )


def _is_elasticsearch_ready(place: Place) -> bool:
    return _answers(place.ports("elasticsearch", 2)[0], "/_cluster/health")


def _elasticsearch_addresses(place: Place) -> dict[str, str]:
    return {"TEST_ELASTICSEARCH": f"http://{_HERE}:{place.ports('elasticsearch', 2)[0]}"}


SERVERS: dict[str, Server] = {
    "postgres": Server(
        ports=1,
        prepare=_prepare_postgres,
        is_ready=_is_postgres_ready,
        addresses=_postgres_addresses,
        stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to go by itself
    ),
    "rabbitmq": Server(
        ports=3,
        prepare=_prepare_rabbitmq,
        is_ready=_is_rabbitmq_ready,
        addresses=_rabbitmq_addresses,
        companion=_prepare_name_server,
    ),
    "redis": Server(
        ports=1, prepare=_prepare_redis, is_ready=_is_redis_ready, addresses=_redis_addresses
    ),
    "minio": Server(
        ports=2, prepare=_prepare_minio, is_ready=_is_minio_ready, addresses=_minio_addresses
    ),
    "elasticsearch": Server(
        ports=2,
        prepare=_prepare_elasticsearch,
        is_ready=_is_elasticsearch_ready,
        addresses=_elasticsearch_addresses,
        ready_seconds=180.0,
    ),
}


def _run(command: list[str], place: Place) -> None:
    user = ordinary_user()
    subprocess.run(  # noqa: S603 - our own list of programs
        command,
        check=True,
        cwd=place.folder,
        stdout=subprocess.DEVNULL,
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )


def _ask(port: int, greeting: bytes, *, lines: int = 0) -> bytes:
    """Return the first byte that a server answers, or so many lines; nothing if it is not there."""
    try:
        with socket.create_connection((_HERE, port), timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(greeting)
            with connection.makefile("rb") as answer:
                return b"".join(answer.readline() for _ in range(lines)) or answer.read(1)
    except OSError:
        return b""


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://{_HERE}:{port}{path}", timeout=_ANSWER_SECONDS
        ) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - fine, says HTTP
    except (OSError, urllib.error.HTTPError):
        return False
