"""Accounts and sign-ins as the catalogue keeps them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from database.accounts import (
    Account,
    NewAccount,
    SignIn,
    add_account,
    add_sign_in,
    end_sign_in,
    find_account,
    find_sign_in,
    get_account,
    record_failure,
    set_secret,
)
from database.connecting import Database
from database.errors import UnknownSubjectError
from tests.contract.catalogue_entries import NOW


def make_account(database: Database, name: str = "an.tran", *, is_person: bool = True) -> Account:
    new = NewAccount(
        name=name,
        display_name="Trần Thị An",
        role="operator" if is_person else "dossier_system",
        kind="person" if is_person else "client",
        secret_hash=f"secret of {name}",
    )
    with database.writing() as connection:
        return add_account(connection, new, now=NOW)


def sign_in(database: Database, account: Account, token: str = "t" * 64) -> None:
    new = SignIn(token_sha256=token, account_id=account.id, csrf="c", created_at=NOW, seen_at=NOW)
    with database.writing() as connection:
        add_sign_in(connection, new)


def test_account_is_found_by_its_name(database: Database) -> None:
    made = make_account(database)

    with database.reading() as connection:
        assert find_account(connection, "an.tran") == made
        assert find_account(connection, "AN.TRAN") is None


def test_name_is_given_once(database: Database) -> None:
    make_account(database)

    with pytest.raises(IntegrityError):
        make_account(database)


def test_new_secret_ends_every_sign_in_and_opens_the_lock(database: Database) -> None:
    account = make_account(database)
    sign_in(database, account)
    with database.writing() as connection:
        record_failure(connection, account.id, failures=6, locked_until=NOW + timedelta(hours=1))

    with database.writing() as connection:
        set_secret(connection, account.id, secret_hash="new", must_change=True)  # noqa: S106

    with database.reading() as connection:
        found = get_account(connection, account.id)
        assert find_sign_in(connection, "t" * 64) is None
    assert (found.failures, found.locked_until, found.must_change) == (0, None, True)


def test_sign_in_forgets_earlier_failures(database: Database) -> None:
    account = make_account(database)
    with database.writing() as connection:
        record_failure(connection, account.id, failures=3, locked_until=None)

    sign_in(database, account)

    with database.reading() as connection:
        assert get_account(connection, account.id).failures == 0


def test_ended_sign_in_is_gone(database: Database) -> None:
    sign_in(database, make_account(database))

    with database.writing() as connection:
        end_sign_in(connection, "t" * 64)

    with database.reading() as connection:
        assert find_sign_in(connection, "t" * 64) is None


def test_unknown_account_is_said_to_be_unknown(database: Database) -> None:
    with database.reading() as connection, pytest.raises(UnknownSubjectError):
        get_account(connection, "acc_khong_co")
