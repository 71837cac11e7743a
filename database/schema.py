"""All tables together, for the migrations and for those who compare."""

from types import ModuleType

from sqlalchemy import MetaData, String, Text

from database import api_tables, description_tables, factor_tables, tables
from database.columns import metadata

TABLE_MODULES: tuple[ModuleType, ...] = (tables, api_tables, factor_tables, description_tables)
"""Where the tables are defined; importing them enters them into the schema."""

SCHEMA: MetaData = metadata

# SQLite takes longer texts than a column says, PostgreSQL would refuse what the other has taken.
for _table in SCHEMA.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String):
            _column.type = _column.type.with_variant(Text(), "postgresql")
