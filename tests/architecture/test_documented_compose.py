"""The set-up in containers agrees with the program; no container engine is needed to see that."""

import re
import ssl
import tomllib
from pathlib import Path

import pytest

from configuration.settings import load_settings
from tests.architecture.sources import PROJECT
from tests.architecture.test_documented_settings import settings_of_code
from web.serving import check_address

COMPOSE = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (PROJECT / "deploy/Dockerfile").read_text(encoding="utf-8")
_SETTING = re.compile(r'^ {6}(SOHOA_\w+): "?([^"\n]+)"?$', re.MULTILINE)


def under(key: str, *, indent: int) -> str:
    """Return the lines below a key of the compose file."""
    match = re.search(
        rf"^ {{{indent}}}{re.escape(key)}:.*\n((?:(?: {{{indent + 1},}}.*)?\n)*)",
        COMPOSE,
        re.MULTILINE,
    )
    assert match is not None, key
    return match[1]


def keys(text: str, *, indent: int) -> list[str]:
    return re.findall(rf"^ {{{indent}}}([\w-]+):", text, re.MULTILINE)


def test_there_is_one_service_built_from_our_file() -> None:
    assert keys(under("services", indent=0), indent=2) == ["sohoa"]
    assert "dockerfile: deploy/Dockerfile" in under("build", indent=4)


def test_every_setting_that_is_named_exists_and_the_server_would_start_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = dict(_SETTING.findall(COMPOSE))
    known = {variable for _, variable, _ in settings_of_code()}

    assert named
    assert set(re.findall(r"SOHOA_\w+", COMPOSE + DOCKERFILE)) <= known
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    web = load_settings().web
    check_address(web.host, tls_cert=web.tls_cert, tls_key=web.tls_key)
    assert {f"/run/secrets/{name}" for name in keys(under("secrets", indent=0), indent=2)} == {
        str(web.tls_cert),
        str(web.tls_key),
    }


def test_the_health_check_asks_the_port_that_is_served_and_published() -> None:
    check = under("healthcheck", indent=4)
    port = dict(_SETTING.findall(COMPOSE))["SOHOA_WEB__PORT"]

    assert f"https://127.0.0.1:{port}/health/live" in check
    assert f'- "127.0.0.1:{port}:{port}"' in under("ports", indent=4)
    assert callable(ssl._create_unverified_context)  # noqa: SLF001 - the health check calls it


def test_the_service_can_write_only_where_it_must() -> None:
    service = under("sohoa", indent=2)

    assert "read_only: true" in service
    assert 'cap_drop: ["ALL"]' in service
    assert "home:/var/lib/sohoa" in under("volumes", indent=4)
    assert keys(under("limits", indent=8), indent=10) == ["cpus", "memory", "pids"]
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert 'user: "10001"' in service


def test_the_image_holds_every_package_and_what_the_system_must_bring() -> None:
    packages = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]["packages"]
    needed = re.search(r"packages=\(([^)]*)\)", (PROJECT / "deploy/install.sh").read_text())
    ignored = Path(PROJECT / "deploy/Dockerfile.dockerignore").read_text()

    assert needed is not None
    for package in packages:
        assert f"COPY {package}/ {package}/" in DOCKERFILE
        assert f"!{package}\n" in ignored
    runtime = DOCKERFILE.rpartition("FROM debian:12-slim")[2]
    for name in needed[1].replace('"$fonts"', "fonts-liberation2").split():
        assert name.removesuffix("-venv") in runtime.split()
