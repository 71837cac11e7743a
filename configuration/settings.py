"""All settings of an installation, read once and frozen."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from documents.errors import ConfigurationError

PREFIX = "SOHOA_"
_MIB = 1 << 20
_HTTP_URL = r"^https?://[^/@?#\s]+/?$"
# No password in it: an address is shown where something is wrong with it.
_POSTGRESQL_URL = r"^postgresql://[^:@/\s]+@[^@/\s]+/[^@/?\s]+(\?[^@\s]*)?$"
_BROKER_URL = r"^(amqps?|rediss?)://([^:@/\s]*@)?[^@/\s]+(/[^@\s]*)?$"
StorageBackEnd = Literal["folder", "minio"]
DatabaseBackEnd = Literal["sqlite", "postgresql"]
PersonRole = Literal["operator", "officer", "archivist", "inspector", "administrator"]


class _Section(BaseModel):
    """A frozen group of settings that knows no other names than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _check_one_secret(value: SecretStr | None, file: Path | None, name: str) -> None:
    if value is not None and file is not None:
        raise ValueError(f"only one of {name} and {name}_file")


def _secret(value: SecretStr | None, file: Path | None) -> str | None:
    """Return a secret from itself or from the first line of its file."""
    if file is None:
        return None if value is None else value.get_secret_value()
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip() or None
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None


class OfficeSettings(_Section):
    """Who we are: shown on pages and printed into signatures."""

    name: str = "Trung tâm Phục vụ hành chính công (bản dùng thử)"
    officer: str = "Cán bộ số hóa (thử nghiệm)"


class DatabaseSettings(_Section):
    """Where the catalogue is kept: in a file, or in a database of PostgreSQL.

    The password comes from `password` or from a file, and is never shown.
    """

    back_end: DatabaseBackEnd = "sqlite"
    url: str = Field(default="postgresql://sohoa@127.0.0.1:5432/sohoa", pattern=_POSTGRESQL_URL)
    password: SecretStr | None = None
    password_file: Path | None = None
    connections: int = Field(default=10, ge=2, le=200)

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        _check_one_secret(self.password, self.password_file, "password")
        return self

    def secret(self) -> str | None:
        """Return the password, wherever it stands; None where it stands nowhere."""
        return _secret(self.password, self.password_file)


class StorageSettings(_Section):
    """Where archived files are kept: in a folder, or in MinIO or any S3 store with object lock.

    The secret comes from `secret_key` or from a file, and is never shown. What has no term is
    locked for `lock_years` at a time.
    """

    back_end: StorageBackEnd = "folder"
    endpoint: str = Field(default="http://127.0.0.1:9000", pattern=_HTTP_URL)
    bucket: str = Field(default="sohoa", pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    ca_cert: Path | None = None
    lock_years: int = Field(default=5, ge=1, le=70)
    timeout_seconds: float = Field(default=20.0, ge=1.0, le=600.0)

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        _check_one_secret(self.secret_key, self.secret_key_file, "secret_key")
        if self.back_end == "minio" and (not self.access_key or self.secret() is None):
            raise ValueError("minio needs access_key, and secret_key or secret_key_file")
        return self

    def secret(self) -> str | None:
        """Return the secret key, wherever it stands; None where it stands nowhere."""
        return _secret(self.secret_key, self.secret_key_file)


class SearchSettings(_Section):
    """Where the search index is kept: in a file, or in Elasticsearch.

    `index` begins the names of what is made there. The password comes from `password` or from a
    file, and is never shown.
    """

    back_end: Literal["sqlite", "elasticsearch"] = "sqlite"
    url: str = Field(default="http://127.0.0.1:9200", pattern=_HTTP_URL)
    index: str = Field(default="sohoa", pattern=r"^[a-z][a-z0-9-]{0,60}$")
    username: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    ca_cert: Path | None = None
    timeout_seconds: float = Field(default=20.0, ge=1.0, le=600.0)

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        _check_one_secret(self.password, self.password_file, "password")
        if self.back_end == "elasticsearch" and bool(self.username) != bool(self.secret()):
            raise ValueError("username goes with password or password_file")
        return self

    def secret(self) -> str | None:
        """Return the password, wherever it stands; None where it stands nowhere."""
        return _secret(self.password, self.password_file)


class DispatchSettings(_Section):
    """How stages are run: by child processes of the server or of a command, or by Celery workers.

    `broker_url` says where RabbitMQ (`amqp://`) or Redis (`redis://`) stands, its password comes
    from `password` or from a file and is never shown; `queue_prefix` keeps installations apart that
    share a broker. `workers` 0 means one for each core. A lease that was not
    renewed for `lease_seconds` is taken back by the sweeper. `stage_seconds` is the longest a
    Celery worker may take over one stage before it is killed.
    """

    back_end: Literal["processes", "celery"] = "processes"
    broker_url: str = Field(default="amqp://sohoa@127.0.0.1:5672//", pattern=_BROKER_URL)
    password: SecretStr | None = None
    password_file: Path | None = None
    queue_prefix: str = Field(default="sohoa", pattern=r"^[a-z0-9-]{1,40}$")
    stage_seconds: int = Field(default=3600, ge=60, le=86_400)
    workers: int = Field(default=0, ge=0, le=64)
    lease_seconds: float = Field(default=30.0, ge=2.0, le=600.0)
    sweep_seconds: float = Field(default=5.0, ge=0.2, le=60.0)

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        _check_one_secret(self.password, self.password_file, "password")
        return self

    def secret(self) -> str | None:
        """Return the password, wherever it stands; None where it stands nowhere."""
        return _secret(self.password, self.password_file)


class LimitSettings(_Section):
    """What one file, page or child process may use at most."""

    child_memory_mib: int = Field(default=1536, ge=512, le=65536)
    child_seconds: float = Field(default=120.0, ge=5.0, le=3600.0)
    child_cpu_seconds: float = Field(default=90.0, ge=5.0, le=3600.0)
    file_mib: int = Field(default=512, ge=1, le=16384)
    page_megapixels: int = Field(default=150, ge=10, le=1000)
    pages: int = Field(default=2000, ge=1, le=100_000)

    @property
    def child_memory_bytes(self) -> int:
        """The most resident memory of one child process, in bytes."""
        return self.child_memory_mib * _MIB

    @property
    def file_bytes(self) -> int:
        """The size of the largest file that is taken, in bytes."""
        return self.file_mib * _MIB


class OcrSettings(_Section):
    """How pages are read. `tessdata` empty means where the system keeps it.

    `second_reader` off means that it is not asked though it is installed.
    `codec` is that of the pages in a PDF which came without loss.
    """

    engine: Literal["tesserocr", "pytesseract"] = "tesserocr"
    tessdata: Path | None = None
    language: str = Field(default="vie", pattern=r"^[a-zA-Z_+]+$")
    second_reader: bool = True
    codec: Literal["jpeg", "jpeg2000"] = "jpeg"


class SigningSettings(_Section):
    """By what documents are signed: the office's own test authority."""

    back_end: Literal["local_authority"] = "local_authority"


class IntakeSettings(_Section):
    """How material comes in: the scanner profile of each station, and of all others.

    A watched file is taken when it has rested for as long as its station's profile says, or for
    `rest_seconds` where that is set.
    """

    rest_seconds: float | None = Field(default=None, ge=0.1, le=600.0)
    profile: str = "default"
    stations: dict[str, str] = {}


class WebSettings(_Section):
    """Where the pages are served, and how much one caller may ask for.

    Without TLS only on the loopback. Sign-ins are counted by address, the rest by account. What
    `trusted_proxies` say of address and scheme of a caller is believed, of nobody else.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    tls_cert: Path | None = None
    tls_key: Path | None = None
    idle_minutes: int = Field(default=15, ge=1, le=720)
    session_hours: int = Field(default=12, ge=1, le=24)
    requests_per_minute: int = Field(default=1200, ge=10, le=1_000_000)
    sign_ins_per_minute: int = Field(default=60, ge=5, le=100_000)
    streams_per_account: int = Field(default=20, ge=1, le=1000)
    uploads_per_account: int = Field(default=20, ge=1, le=10_000)
    upload_hours: int = Field(default=24, ge=1, le=720)
    trusted_proxies: tuple[str, ...] = ()
    second_factor_roles: tuple[PersonRole, ...] = ()

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one)
            except ValueError:  # its message holds the value; "*" would believe whoever comes
                raise ValueError("not an address or a network") from None
        return value


class Settings(BaseSettings):
    """Everything; `home` holds all state of this installation."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__"
    )

    home: Path = Path("var")
    office: OfficeSettings = OfficeSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    search: SearchSettings = SearchSettings()
    dispatch: DispatchSettings = DispatchSettings()
    limits: LimitSettings = LimitSettings()
    ocr: OcrSettings = OcrSettings()
    signing: SigningSettings = SigningSettings()
    intake: IntakeSettings = IntakeSettings()
    web: WebSettings = WebSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is the framework's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over `$SOHOA_HOME/sohoa.toml`."""
        file = _home_from_environment() / "sohoa.toml"
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file))

    @property
    def work_folder(self) -> Path:
        """Where material lies until it is filed."""
        return self.home / "work"

    @property
    def archive_folder(self) -> Path:
        """Where the embedded store keeps its objects."""
        return self.home / "archive"

    @property
    def database_file(self) -> Path:
        """The embedded catalogue."""
        return self.home / "sohoa.db"

    @property
    def index_folder(self) -> Path:
        """The embedded search index; it can be dropped and rebuilt at any time."""
        return self.home / "index"

    @property
    def pki_folder(self) -> Path:
        """The office's own test authority."""
        return self.home / "pki"

    @property
    def secrets_folder(self) -> Path:
        """The keys by which secrets in the catalogue are sealed."""
        return self.home / "secrets"

    @property
    def cache_folder(self) -> Path:
        """Derived things that can be made again."""
        return self.home / "cache"

    @property
    def inbox_folder(self) -> Path:
        """One sub-folder for each watched station."""
        return self.home / "inbox"


def _home_from_environment() -> Path:
    """Return what `SOHOA_HOME` names; else `var` of the checkout, or of the folder we are in."""
    named = os.environ.get(f"{PREFIX}HOME")
    if named:
        return Path(named).absolute()
    checkout = Path(__file__).parents[1]
    return (checkout if (checkout / "Makefile").exists() else Path.cwd()) / "var"


def load_settings() -> Settings:
    """Read the environment and `$SOHOA_HOME/sohoa.toml`; call this in entry points only.

    Raises:
        ConfigurationError: a name is unknown or a value does not fit; all mistakes are listed.
    """
    sections = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX) and name.split("__")[0] not in sections
    )
    if unknown:
        names = ", ".join(unknown)
        raise ConfigurationError(
            vi=f"Biến cấu hình không có trong danh mục: {names}. "
            "Xem docs/reference/settings.md và sửa lại tên.",
            en=f"Unknown settings: {names}. See docs/reference/settings.md and correct the name.",
        )
    try:
        return Settings(home=_home_from_environment())
    except (ValidationError, ValueError) as error:
        raise ConfigurationError(
            vi=f"Cấu hình sai:\n{_mistakes(error)}", en=f"Invalid settings:\n{_mistakes(error)}"
        ) from error


def _mistakes(error: ValueError) -> str:
    """One line for each mistake, without the values, which may be secrets."""
    if not isinstance(error, ValidationError):
        return f"sohoa.toml: {error}"
    return "\n".join(
        f"  {'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    )
