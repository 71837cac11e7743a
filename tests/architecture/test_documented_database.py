"""The page on the database lists every table and column."""

from database.schema import SCHEMA
from tests.architecture.documented_pages import codes, reference, rows, sections

PAGE = reference("database.md")


def test_every_table_and_column_stands_on_the_page_and_none_besides() -> None:
    told = {
        heading: [codes(row[0])[0] for row in rows(text)]
        for heading, text in sections(PAGE).items()
    }

    assert told == {name: table.columns.keys() for name, table in SCHEMA.tables.items()}


def test_keys_stand_on_the_page() -> None:
    for heading, text in sections(PAGE).items():
        for row in rows(text):
            column = SCHEMA.tables[heading].columns[codes(row[0])[0]]
            targets = [key.target_fullname.split(".")[0] for key in column.foreign_keys]
            expected = (["primary"] if column.primary_key else []) + [f"→ {t}" for t in targets]

            assert row[2] == ", ".join(expected), (heading, row)
            assert row[3], (heading, row)
