"""The table of what was, or is about to be, written beside the stored versions of a document."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from database.columns import UtcDateTime, metadata

# The bytes are made in the transaction of the change, so that every attempt stores the same ones.
description_records = Table(
    "description_records",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("object_key", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("content", Text),  # null as soon as the store holds it
    Column("made_at", UtcDateTime, nullable=False),
    Column("stored_at", UtcDateTime),
)
