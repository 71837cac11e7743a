"""All tables together, for the migrations and for those who compare."""

from types import ModuleType

from sqlalchemy import MetaData

from database import api_tables, description_tables, factor_tables, tables
from database.columns import metadata

TABLE_MODULES: tuple[ModuleType, ...] = (tables, api_tables, factor_tables, description_tables)
"""Where the tables are defined; importing them enters them into the schema."""

SCHEMA: MetaData = metadata
