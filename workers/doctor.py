"""`sohoa doctor`: checks everything the product needs, and says what to type where it lacks."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from configuration.settings import Settings, load_settings
from database.audit import list_audit
from documents.errors import PipelineError
from workers.cli_output import emit_json, err
from workers.cli_settings import services_of_this_command
from workers.page_jobs import NapJob
from workers.services import Services

_OLDEST_PYTHON = (3, 11)
_LEAST_DISK_BYTES = 2 << 30
# No clock of a machine that runs this release can be earlier.
_RELEASED_AT = datetime(2026, 1, 1, tzinfo=UTC)
_APT = "sudo apt-get install -y --no-install-recommends"
_TESSDATA_FOLDERS = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
)
_FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
_FONT_UBUNTU = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at, whether it is well, and what to type where it is not."""

    name: str
    vi: str
    en: str
    is_well: bool
    remedy: str = ""


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> int:
    """Kiểm tra mọi thứ cần để chạy. / Check everything the product needs."""
    checks = examine(load_settings())
    for check in checks:
        if as_json:
            emit_json(
                {
                    "name": check.name,
                    "ok": check.is_well,
                    "vi": check.vi,
                    "en": check.en,
                    "remedy": check.remedy,
                }
            )
            continue
        mark, style = ("ok ", "green") if check.is_well else ("LỖI", "bold red")
        err.print(f"[{style}]{mark}[/] {check.vi}", highlight=False)
        err.print(f"     {check.en}", style="dim", markup=False)
        if not check.is_well and check.remedy:
            err.print(f"     → {check.remedy}", style="bold", markup=False)
    return 0 if all(check.is_well for check in checks) else 2


def examine(settings: Settings) -> list[Check]:
    """Look at everything; what cannot be looked at is itself a finding."""
    checks = [
        _python(),
        _tessdata(settings),
        _tesseract_program(),
        _font(),
        _disk(settings),
        _permissions(settings),
    ]
    try:
        with services_of_this_command(settings=settings) as services:
            looks: tuple[tuple[str, Callable[[Services], Check]], ...] = (
                ("clock", _clock),
                ("children", _children),
                ("catalogue", _catalogue),
                ("store", _store),
                ("index", _index),
                ("keys", _keys),
            )
            for name, look in looks:
                try:
                    checks.append(look(services))
                except PipelineError as error:
                    checks.append(_failed(name, error))
    except PipelineError as error:
        checks.append(_failed("services", error))
    return checks


def _failed(name: str, error: PipelineError) -> Check:
    return Check(name=name, vi=error.reason.vi, en=error.reason.en, is_well=False)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check(
        name="python",
        vi=f"Python {version}",
        en=f"Python {version}, at least 3.11 is needed",
        is_well=sys.version_info[:2] >= _OLDEST_PYTHON,
        remedy=f"{_APT} python3 python3-venv",
    )


def _tessdata(settings: Settings) -> Check:
    folders = (settings.ocr.tessdata,) if settings.ocr.tessdata else _TESSDATA_FOLDERS
    needed = (settings.ocr.language, "osd")
    found = next(
        (
            folder
            for folder in folders
            if folder and all((folder / f"{name}.traineddata").exists() for name in needed)
        ),
        None,
    )
    where = str(found) if found else "không thấy / not found"
    return Check(
        name="tessdata",
        vi=f"Dữ liệu nhận dạng tiếng Việt của Tesseract: {where}",
        en=f"Tesseract data for Vietnamese: {where}",
        is_well=found is not None,
        remedy=f"{_APT} tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd",
    )


def _tesseract_program() -> Check:
    program = shutil.which("tesseract")
    version = ""
    if program:
        shown = subprocess.run(  # noqa: S603 - a program of the system
            [program, "--version"], capture_output=True, text=True, check=False, timeout=20
        )
        version = (shown.stdout or shown.stderr).splitlines()[0]
    return Check(
        name="tesseract",
        vi=f"Chương trình tesseract (đọc dự phòng): {version or 'không thấy'}",
        en=f"Program tesseract (the isolated second reader): {version or 'not found'}",
        is_well=bool(version),
        remedy=f"{_APT} tesseract-ocr",
    )


def _font() -> Check:
    found = next((font for font in (_FONT, _FONT_UBUNTU) if font.exists()), None)
    return Check(
        name="font",
        vi=f"Phông chữ cho dấu chữ ký: {found or 'không thấy'}",
        en=f"Font for signature stamps: {found or 'not found'}",
        is_well=found is not None,
        remedy=f"{_APT} fonts-liberation2 fonts-dejavu-core",
    )


def _disk(settings: Settings) -> Check:
    place = settings.home if settings.home.exists() else settings.home.parent
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    gib = free / (1 << 30)
    return Check(
        name="disk",
        vi=f"Dung lượng trống tại {place}: {gib:.1f} GiB",
        en=f"Free disk space at {place}: {gib:.1f} GiB, at least 2 GiB is needed",
        is_well=free >= _LEAST_DISK_BYTES,
        remedy="df -h",
    )


def _permissions(settings: Settings) -> Check:
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_private = not stat.S_IMODE(home.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH)
        is_well = is_private and os.access(home, os.W_OK | os.X_OK)
    except OSError:
        is_well = False
    return Check(
        name="permissions",
        vi=f"Quyền trên thư mục dữ liệu {home}: ghi được, người khác không ghi được",
        en=f"Rights on {home}: we can write, others cannot",
        is_well=is_well,
        remedy=f"mkdir -p {home} && chmod 700 {home}",
    )


def _clock(services: Services) -> Check:
    now = services.clock.now()
    newest = list_audit(services.database, limit=1)
    is_behind = bool(newest) and newest[0]["at"] > now
    return Check(
        name="clock",
        vi=f"Đồng hồ máy: {now.isoformat(timespec='seconds')}, không lùi so với nhật ký",
        en=f"Clock: {now.isoformat(timespec='seconds')}, not behind the audit log",
        is_well=now >= _RELEASED_AT and not is_behind,
        remedy="timedatectl set-ntp true",
    )


def _children(services: Services) -> Check:
    services.desk_pool.run("nap", NapJob())
    return Check(
        name="children",
        vi="Tiến trình xử lý trang chạy được trong giới hạn bộ nhớ",
        en="Child processes for page work run within their limits",
        is_well=True,
    )


def _catalogue(services: Services) -> Check:
    with services.database.reading() as connection:
        answer = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return Check(
        name="catalogue",
        vi=f"Cơ sở dữ liệu: {answer}",
        en=f"Catalogue: {answer}",
        is_well=answer == "ok",
        remedy="docs/how-to/restore.md",
    )


def _store(services: Services) -> Check:
    services.storage.prepare()
    place = services.location_of("")
    return Check(
        name="store",
        vi=f"Kho lưu trữ {place} ghi được và không ghi đè",
        en=f"Store {place} can be written and replaces nothing",
        is_well=True,
    )


def _index(services: Services) -> Check:
    count = services.index.count()
    return Check(
        name="index",
        vi=f"Chỉ mục tìm kiếm trả lời: {count} tài liệu",
        en=f"The search index answers: {count} documents",
        is_well=True,
        remedy="sohoa index rebuild",
    )


def _keys(services: Services) -> Check:
    root = services.settings.pki_folder / "root.pem"
    was_made = "đã có" if root.exists() else "sẽ tạo khi ký lần đầu"
    return Check(
        name="keys",
        vi=f"Chứng thư ký thử nghiệm: {was_made}",
        en=f"Test signing certificates: {'present' if root.exists() else 'made at first signing'}",
        is_well=True,
    )
