"""What the API keeps for its clients: tokens, idempotency keys, unfinished uploads."""

from alembic import op
from sqlalchemy import insert, select, update

from database.api_tables import tokens
from database.migration_steps import create_missing_tables
from database.tables import accounts

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables; the one token that a program's account held becomes a row of its own."""
    create_missing_tables("tokens", "idempotency_keys", "uploads")
    connection = op.get_bind()
    known = select(tokens.c.account_id)
    columns = (accounts.c.id, accounts.c.secret_hash, accounts.c.created_at, accounts.c.expires_at)
    held = select(*columns).where(accounts.c.kind == "client", accounts.c.id.not_in(known))
    for account in connection.execute(held).all():
        connection.execute(
            insert(tokens).values(
                id=f"tok{account.id.removeprefix('acc')}",
                account_id=account.id,
                token_sha256=account.secret_hash,
                created_at=account.created_at,
                expires_at=account.expires_at,
            )
        )
        connection.execute(
            update(accounts)
            .where(accounts.c.id == account.id)
            .values(secret_hash="", expires_at=None)
        )
