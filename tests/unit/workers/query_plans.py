"""How the catalogue answers a query: by an index, or by looking at everything."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.dialects import sqlite

from workers.services import Services


def plan_of(services: Services, query: Select[Any]) -> list[str]:
    """Return the steps of SQLite's plan; one that begins with SCAN looks at every row."""
    statement = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with services.database.reading() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}".replace(":", r"\:")))
        return [str(row.detail) for row in rows]
