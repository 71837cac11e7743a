"""The tables that the API needs for its clients: tokens, keys, unfinished uploads."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from database.columns import UtcDateTime, metadata

# A program's account has one token or, while it changes over, several.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("scopes", Text),  # divided by spaces; null: all that the role may
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index(None, "account_id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_digest", String(64), nullable=False),  # of method, address and body
    Column("state", String(12), nullable=False),  # running | done
    Column("status", Integer),
    Column("headers", Text),
    Column("answer", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("state", String(12), nullable=False),  # open | done
    Column("size_bytes", BigInteger, nullable=False),
    Column("offset_bytes", BigInteger, nullable=False),  # so many are on the disk
    Column("file_name", String(400), nullable=False),
    Column("batch_id", ForeignKey("batches.id")),
    Column("dossier_code", String(60)),
    Column("confirm_policy", String(16), nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "account_id", "state"),
    Index(None, "expires_at"),
)
