"""Tokens of programs: made, changed over, ended, and those of an older catalogue."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from database.connecting import open_sqlite
from database.errors import UnknownSubjectError
from database.migrating import migrate
from tests.end_to_end.stepping import opened_home
from workers.actors import Actor
from workers.api_tokens import (
    digest_of_secret,
    list_shown_tokens,
    revoke,
    rotate_token,
    whose_token,
)
from workers.services import Services
from workers.signing_in import make_account, make_token

ADMINISTRATOR = Actor("quan.tri", "administrator")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_home(tmp_path / "home") as opened:
        yield opened


def test_secret_of_a_token_is_not_kept(services: Services) -> None:
    secret = make_token(services, name="dvc", display_name="dvc")

    content = services.settings.database_file.read_bytes()
    wal = services.settings.database_file.with_name("sohoa.db-wal")

    assert secret.encode() not in content + (wal.read_bytes() if wal.exists() else b"")
    assert list_shown_tokens(services)[0].token.token_sha256 == digest_of_secret(secret)


def test_new_token_takes_the_scopes_of_the_old_one(services: Services) -> None:
    make_token(services, name="dvc", display_name="dvc", scopes=["read", "search"])

    rotate_token(services, "dvc", actor=ADMINISTRATOR)
    rotate_token(services, "dvc", actor=ADMINISTRATOR, scopes=["search"])

    scopes = [one.token.scopes for one in list_shown_tokens(services, name="dvc")]
    assert [sorted(one or ()) for one in scopes] == [["read", "search"]] * 2 + [["search"]]


def test_overlap_never_lengthens_the_life_of_a_token(services: Services) -> None:
    make_token(services, name="dvc", display_name="dvc", days=1)
    before = list_shown_tokens(services)[0].token.expires_at

    rotate_token(services, "dvc", actor=ADMINISTRATOR, overlap_days=7)

    assert list_shown_tokens(services)[0].token.expires_at == before


def test_only_programs_have_tokens(services: Services) -> None:
    make_account(services, name="an.tran", display_name="An", role="operator")

    with pytest.raises(UnknownSubjectError):
        rotate_token(services, "an.tran", actor=ADMINISTRATOR)
    with pytest.raises(UnknownSubjectError):
        list_shown_tokens(services, name="khong.ai")
    with pytest.raises(UnknownSubjectError):
        revoke(services, "tok_0", actor=ADMINISTRATOR)


def test_token_of_an_older_catalogue_still_opens_what_its_role_may(services: Services) -> None:
    secret = make_token(services, name="cu", display_name="cu")
    end = services.clock.now() + timedelta(days=3)
    older = open_sqlite(services.settings.database_file)
    with older.writing() as connection:
        # As it was: one token, in the row of its account.
        connection.execute(text("DELETE FROM tokens"))
        connection.execute(
            text("UPDATE accounts SET secret_hash = :digest, expires_at = :end"),
            {"digest": digest_of_secret(secret), "end": end.isoformat(timespec="microseconds")},
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))

    migrate(older)
    older.close()

    found = whose_token(services, secret)
    assert found is not None
    assert (found[1].scopes, found[1].expires_at) == (None, end)
    assert found[0].expires_at is None
    assert rotate_token(services, "cu", actor=ADMINISTRATOR).startswith("soh_")
