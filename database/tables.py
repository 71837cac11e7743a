"""The tables of the catalogue; the migrations create them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from database.columns import BigKey, UtcDateTime, metadata, reason_columns

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
    *reason_columns(),
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
    Column("turned_by", String(120)),  # a person's turn; null: as the file says and reading found
    *reason_columns(),
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
    Column("recipe", String(64)),  # digest of all that the reading depends on
    Index(None, "recipe"),
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
    # Equal for papers of one issuer, number, notation and year; null where one is not known.
    Column("duplicate_key", String(32)),
    Column("arranged_by", String(120)),  # who last changed its pages: a person confirms it
    *reason_columns(),
    UniqueConstraint("batch_id", "ordinal"),
    Index(None, "state", "created_at"),
    Index(None, "dossier_code"),
    Index(None, "duplicate_key"),
)

document_pages = Table(
    "document_pages",
    metadata,
    # A page is in exactly one document: the key says so.
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("role", String(12), nullable=False),  # content | blank | separator | dropped
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
    Column("id", BigKey, primary_key=True),
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
    *reason_columns(),
    UniqueConstraint("subject", "stage"),
    Index(None, "state", "priority", "id"),
    Index(None, "state", "stage", "priority", "id"),
    Index(None, "state", "not_before"),
    Index(None, "batch_id", "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("stage_run_id", BigKey, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "stage_run_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigKey, primary_key=True, autoincrement=False),
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
    Index(None, "dossier", "seq"),
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
    Column("area", String(40), nullable=False, server_default=""),  # empty: everywhere
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("agent", String(200), nullable=False, server_default=""),  # what the browser is called
    Index(None, "account_id"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("code", String(60), primary_key=True),
    Column("procedure", String(40)),
    Column("owner_id", String(40)),
    Column("owner_name", Text),
    Column("area", String(40), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", String(120)),
    Column("result", String(16)),  # issued | refused | withdrawn | stopped
    Index(None, "opened_at", "code"),
    Index(None, "owner_id"),
)

# Derived from the tags, so that a person is found by parts of the name among a million papers.
owners = Table(
    "owners",
    metadata,
    Column("key", String(32), primary_key=True),  # for addresses: it says nothing of the person
    Column("owner_id", String(40), nullable=False, unique=True),
    Column("name", Text),
)

owner_words = Table(
    "owner_words",
    metadata,
    Column("word", String(60), primary_key=True),  # folded
    Column("owner_key", ForeignKey("owners.key"), primary_key=True),
    Index(None, "owner_key"),
)

tag_history = Table(
    "tag_history",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("revision", Integer, nullable=False),  # that the document had afterwards
    Column("name", String(40), nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "document_id", "id"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# What people changed in the pages of a batch, each with what is needed to take it back.
page_changes = Table(
    "page_changes",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("before", Text, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_by", String(120)),
    Column("undone_at", UtcDateTime),
    Index(None, "batch_id", "id"),
)

former_readings = Table(
    "former_readings",
    metadata,
    Column("change_id", ForeignKey("page_changes.id"), primary_key=True),
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("reading", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("engine", String(200), nullable=False),
    Index(None, "page_id"),
)

replacements = Table(
    "replacements",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("page_id", ForeignKey("pages.id"), nullable=False),  # whose place it takes
    Column("actor", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("change_id", ForeignKey("page_changes.id")),  # null until its pages are in place
    Index(None, "page_id"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("reserved_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
