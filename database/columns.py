"""What the tables are made of: their naming, moments in UTC, numbered rows, reasons."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, String, Text
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
        return None if value is None else value.astimezone(UTC)


# SQLite numbers rows itself only for a column that is called INTEGER.
BigKey = BigInteger().with_variant(Integer, "sqlite")


def reason_columns() -> list[Column[str]]:
    """Return the columns of a reason: code, Vietnamese, English."""
    return [
        Column("reason_code", String(64)),
        Column("reason_vi", Text),
        Column("reason_en", Text),
    ]
