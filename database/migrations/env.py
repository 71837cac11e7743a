"""Alembic's entry: run on the connection that the caller opened."""

from alembic import context

from database.schema import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SCHEMA,
    transaction_per_migration=False,
    render_as_batch=True,
)
# The caller's transaction covers all steps: either all are done or none.
context.run_migrations()
