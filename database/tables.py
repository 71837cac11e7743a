"""The tables of the catalogue; the migrations create them."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; text that sorts by time where the database has no such type."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))  # type: ignore[arg-type]  # text here
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return moment.isoformat(timespec="microseconds")
        return moment

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        assert value is None or isinstance(value, datetime), dialect.name  # noqa: S101 - for types
        return value


# SQLite numbers rows itself only for a column that is called INTEGER.
_BigKey = BigInteger().with_variant(Integer, "sqlite")


def _reason_columns() -> list[Column[str]]:
    return [
        Column("reason_code", String(64)),
        Column("reason_vi", Text),
        Column("reason_en", Text),
    ]


batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("station", String(120), nullable=False),
    Column("batch_key", String(200), nullable=False),
    Column("state", String(16), nullable=False),  # open | closed | split | discarded
    Column("profile", String(60), nullable=False),
    Column("dossier_code", String(60)),
    Column("procedure", String(40)),
    Column("owner_id", String(40)),
    Column("expected_pages", Integer),
    Column("confirm_policy", String(16), nullable=False),  # none | sure | backfile
    Column("answerable", String(120), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("station", "batch_key"),
    Index(None, "state"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("file_name", String(400), nullable=False),
    Column("source", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # received | opened | set_aside | filed (its bytes have left the work folder)
    Column("state", String(16), nullable=False),
    Column("media_type", String(80)),
    Column("is_signed", Boolean, nullable=False, default=False),
    Column("is_born_digital", Boolean, nullable=False, default=False),
    Column("findings", Text),
    Column("signatures", Text),
    Column("password", Text),
    *_reason_columns(),
    UniqueConstraint("batch_id", "sha256"),
    UniqueConstraint("batch_id", "ordinal"),
    Index(None, "sha256"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("ordinal_in_file", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),  # delivery ordinal * 1e6 + ordinal in file
    # opened | inspected | read | set_aside
    Column("state", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("image", Text, nullable=False),
    Column("is_blank", Boolean, nullable=False, default=False),
    Column("separator", Text),
    Column("findings", Text),
    Column("codes", Text),
    Column("fingerprint", String(16)),
    Column("reading_copy", Text),
    *_reason_columns(),
    UniqueConstraint("delivery_id", "ordinal_in_file"),
    Index(None, "batch_id", "position"),
)

readings = Table(
    "readings",
    metadata,
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("reading", LargeBinary, nullable=False),  # deflated JSON of a RecognizedPage
    Column("text", Text, nullable=False),
    Column("engine", String(200), nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("received_delivery_id", ForeignKey("deliveries.id")),  # arrived signed: its bytes stay
    Column("dossier_code", String(60)),
    Column("revision", Integer, nullable=False, default=1),
    Column("current_version_id", String(32)),
    Column("alternatives", Text),
    Column("findings", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
    *_reason_columns(),
    UniqueConstraint("batch_id", "ordinal"),
    Index(None, "state", "created_at"),
    Index(None, "dossier_code"),
)

document_pages = Table(
    "document_pages",
    metadata,
    # A page is in exactly one document: the key says so.
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("role", String(12), nullable=False),  # content | blank | separator
    Index(None, "document_id", "ordinal"),
)

tags = Table(
    "tags",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", Text),
    Column("state", String(12), nullable=False),
    Column("confidence", Float, nullable=False, default=0.0),
    Column("page", Integer),
    Column("box", String(60)),
    Column("doubtful", Boolean, nullable=False, default=False),
    Column("proposed_value", Text),
    Column("decided_by", String(120)),
    Column("decided_at", UtcDateTime),
    Index(None, "name", "value"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),  # made | stored
    Column("object_key", String(200), nullable=False),
    Column("work_file", Text),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("level", String(8)),
    Column("pdfa", Text),
    Column("signatures", Text),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("stored_at", UtcDateTime),
    Column("retain_until", String(10)),
    UniqueConstraint("document_id", "kind", "sha256"),
)

stage_runs = Table(
    "stage_runs",
    metadata,
    Column("id", _BigKey, primary_key=True),
    Column("subject", String(32), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("state", String(12), nullable=False),  # ready | running | waiting | done | set_aside
    Column("priority", Integer, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0),
    Column("worker", String(120)),
    Column("lease_until", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    *_reason_columns(),
    UniqueConstraint("subject", "stage"),
    Index(None, "state", "priority", "id"),
    Index(None, "batch_id", "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _BigKey, primary_key=True),
    Column("stage_run_id", _BigKey, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", _BigKey, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(120)),
    Column("dossier", String(60)),
    Column("purpose", Text),
    Column("document", String(32)),
    Column("digest", String(64)),
    Column("detail", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "document"),
    Index(None, "actor", "seq"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("kind", String(10), nullable=False),  # person | client
    Column("secret_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("is_disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)
