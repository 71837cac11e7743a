"""The tables of second factors: the secret of a person's device, and codes for when it is lost."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text

from database.columns import UtcDateTime, metadata

second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("sealed_secret", Text, nullable=False),  # by a key of the home, see workers/sealing.py
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),  # null: shown, but no code of it was typed yet
    Column("last_step", BigInteger, nullable=False, default=0),  # no code up to it counts again
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("code_sha256", String(64), primary_key=True),
    Column("used_at", UtcDateTime),
)
