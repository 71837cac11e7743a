"""Reads scanner profiles from TOML files."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from documents.errors import ConfigurationError
from scanner_profiles.profile import ScannerProfile

_OWN_FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# NĐ 30/2020 Phụ lục I: at least 200 dpi; beyond 600 only the files grow.
_DPI = range(200, 601)
_REST_SECONDS = (0.0, 3_600.0)
_TYPE_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def load_profiles(folder: Path = _OWN_FOLDER) -> Mapping[str, ScannerProfile]:
    """Return all profiles of a folder by name; without an argument, the ones that ship.

    Raises:
        ConfigurationError: names the file and the key that is wrong.
    """
    profiles = [load_profile(file) for file in sorted(folder.glob("*.toml"))]
    return MappingProxyType({profile.name: profile for profile in profiles})


def load_profile(file: Path) -> ScannerProfile:
    """Return the profile in a file; its name is the file's.

    Raises:
        ConfigurationError: names the file and the key that is wrong.
    """
    if not _NAME.fullmatch(file.stem):
        raise _wrong(file, "name", "lower-case letters, digits and _ in the file's name")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(file, "*", f"a readable TOML file ({error})") from error
    _check_keys(file, content)
    types = get_type_hints(ScannerProfile)
    values = {key: _checked(file, key, value, types[key]) for key, value in content.items()}
    profile = ScannerProfile(name=file.stem, **values)
    _check_ranges(file, profile)
    return profile


def _check_keys(file: Path, content: Mapping[str, Any]) -> None:
    known = {found.name: found for found in fields(ScannerProfile) if found.name != "name"}
    for key in content:
        if key not in known:
            raise _wrong(file, key, f"one of the known keys: {', '.join(sorted(known))}")
    for key, found in known.items():
        if found.default is MISSING and key not in content:
            raise _wrong(file, key, "to be there")


def _checked(file: Path, key: str, value: Any, wanted: Any) -> Any:
    if get_origin(wanted) is Literal:
        choices = get_args(wanted)
        if value not in choices:
            raise _wrong(file, key, f"one of {', '.join(choices)}")
        return value
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise _wrong(file, key, _TYPE_NAMES[wanted])
    return value


def _check_ranges(file: Path, profile: ScannerProfile) -> None:
    if profile.dpi not in _DPI:
        raise _wrong(file, "dpi", f"between {_DPI.start} and {_DPI.stop - 1}")
    if not _REST_SECONDS[0] <= profile.rest_seconds <= _REST_SECONDS[1]:
        raise _wrong(file, "rest_seconds", "between 0 and 3600")
    if profile.is_duplex and profile.source == "flatbed":
        raise _wrong(file, "is_duplex", "false for a flatbed, which sees one side")
    for key in ("description_vi", "description_en"):
        if not getattr(profile, key).strip():
            raise _wrong(file, key, "a text that is not empty")


def _wrong(file: Path, key: str, wanted: str) -> ConfigurationError:
    return ConfigurationError(
        vi=f"Cấu hình máy quét {file.name}: khóa “{key}” sai, cần: {wanted}. "
        "Sửa tệp rồi khởi động lại.",
        en=f"Scanner profile {file.name}: the key “{key}” is wrong, it must be {wanted}. "
        "Correct the file and start again.",
    )
