"""The second factor: set up by a first code, asked for at signing in, each code once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from database.accounts import find_account
from database.audit import list_audit
from database.second_factors import find_factor
from tests.end_to_end.stepping import ShiftedClock, opened_home
from tests.unit.web.site import PASSWORD, Site
from workers.account_errors import (
    CodeNeededError,
    FactorStateError,
    SealingKeyError,
    SecondStepExpiredError,
    WrongCodeError,
)
from workers.actors import Actor
from workers.errors import SignInRefusedError
from workers.one_time_codes import STEP_SECONDS, code_at
from workers.second_factor import (
    begin_second_factor,
    clear_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    show_factor,
)
from workers.services import Services
from workers.sessions import SignedIn
from workers.signing_in import change_password, reset_account, sign_in, sign_in_by_code

pytestmark = pytest.mark.xdist_group("second-factor")
ADMINISTRATOR = Actor("quan.tri", "administrator")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def services(site: Site) -> Services:
    return site.services


class Phone:
    """The phone of somebody with a second factor, and what they wrote down."""

    def __init__(self, services: Services, name: str) -> None:
        self.services, self.name = services, name
        with services.database.reading() as connection:
            account = find_account(connection, name)
        assert account is not None
        self.account_id = account.id
        begin_second_factor(services, account.id, password=PASSWORD)
        self.secret = show_factor(services, account.id).secret
        self.codes: list[str] = []

    def confirm(self) -> "Phone":
        """Put the second factor in force."""
        self.codes = confirm_second_factor(self.services, self.account_id, code=self.code())
        return self

    def code(self) -> str:
        """Return what the phone shows."""
        return code_at(self.secret, int(self.services.clock.now().timestamp()) // STEP_SECONDS)

    def next_code(self) -> str:
        """Wait for the next code."""
        clock = self.services.clock
        assert isinstance(clock, ShiftedClock)
        clock.advance(STEP_SECONDS)
        return self.code()

    def ticket(self) -> str:
        """Type the password."""
        with pytest.raises(CodeNeededError) as needed:
            sign_in(self.services, name=self.name, password=PASSWORD)
        return needed.value.ticket

    def sign_in(self, code: str) -> SignedIn:
        """Sign in in both steps."""
        return sign_in_by_code(self.services, self.ticket(), code=code)


@pytest.fixture
def phone(site: Site, request: pytest.FixtureRequest) -> Phone:
    name = f"p{abs(hash(request.node.nodeid)) % 10**12}"
    site.add_person(name, "officer")
    return Phone(site.services, name).confirm()


def failures_of(services: Services, name: str) -> int:
    with services.database.reading() as connection:
        account = find_account(connection, name)
    assert account is not None
    return account.failures


def test_password_alone_does_not_sign_in(services: Services, phone: Phone) -> None:
    with pytest.raises(CodeNeededError):
        sign_in(services, name=phone.name, password=PASSWORD)


def test_password_and_code_sign_in(phone: Phone) -> None:
    assert phone.sign_in(phone.next_code()).account.name == phone.name


def test_second_factor_is_not_in_force_before_a_first_code(site: Site) -> None:
    site.add_person("moi.bat.dau", "officer")
    begun = Phone(site.services, "moi.bat.dau")

    with pytest.raises(WrongCodeError):
        confirm_second_factor(site.services, begun.account_id, code="000000")

    assert sign_in(site.services, name="moi.bat.dau", password=PASSWORD).token


def test_code_by_which_it_was_put_in_force_does_not_sign_in(phone: Phone) -> None:
    with pytest.raises(WrongCodeError):
        phone.sign_in(phone.code())


def test_code_counts_once(phone: Phone) -> None:
    code = phone.next_code()
    phone.sign_in(code)

    with pytest.raises(WrongCodeError):
        phone.sign_in(code)


def test_code_that_is_sent_twice_at_the_same_moment_counts_once(phone: Phone) -> None:
    ticket, code = phone.ticket(), phone.next_code()
    start = Barrier(4)

    def try_once() -> bool:
        start.wait()
        try:
            sign_in_by_code(phone.services, ticket, code=code)
        except WrongCodeError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        tries = [one.result() for one in [pool.submit(try_once) for _ in range(4)]]

    assert sorted(tries) == [False, False, False, True]


def test_wrong_codes_lock_the_account_as_wrong_passwords_do(
    services: Services, phone: Phone
) -> None:
    ticket = phone.ticket()
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            sign_in_by_code(services, ticket, code="000000")

    with pytest.raises(SecondStepExpiredError):
        sign_in_by_code(services, ticket, code=phone.code())
    with pytest.raises(SignInRefusedError):
        sign_in(services, name=phone.name, password=PASSWORD)
    assert failures_of(services, phone.name) == 5


def test_right_password_forgets_no_wrong_codes(services: Services, phone: Phone) -> None:
    for _ in range(4):
        with pytest.raises(WrongCodeError):
            phone.sign_in("000000")

    phone.ticket()

    assert failures_of(services, phone.name) == 4


def test_second_step_must_follow_soon(site: Site, phone: Phone) -> None:
    ticket = phone.ticket()

    site.advance(301)

    with pytest.raises(SecondStepExpiredError):
        sign_in_by_code(site.services, ticket, code=phone.code())


@pytest.mark.parametrize("ticket", ["", "doan-mo", "gAAAAA" + "A" * 80])
def test_invented_ticket_opens_no_second_step(
    services: Services, phone: Phone, ticket: str
) -> None:
    with pytest.raises(SecondStepExpiredError):
        sign_in_by_code(services, ticket, code=phone.next_code())


def test_ticket_ends_with_the_password_for_which_it_was_given(
    services: Services, phone: Phone
) -> None:
    ticket = phone.ticket()

    change_password(services, phone.account_id, old=PASSWORD, new="hoa-sen-trang-no-muon")

    with pytest.raises(SecondStepExpiredError):
        sign_in_by_code(services, ticket, code=phone.next_code())


def test_recovery_code_stands_for_a_lost_phone_once(phone: Phone) -> None:
    # 24 letters of base32 are 120 bits.
    assert len(set(phone.codes)) == 10
    assert {len(one.replace("-", "")) for one in phone.codes} == {24}
    written = phone.codes[3].lower().replace("-", " ")

    assert phone.sign_in(written).token
    with pytest.raises(WrongCodeError):
        phone.sign_in(written)
    assert show_factor(phone.services, phone.account_id).recovery_left == 9


def test_new_recovery_codes_end_the_old_ones(services: Services, phone: Phone) -> None:
    new = renew_recovery_codes(services, phone.account_id, password=PASSWORD)

    with pytest.raises(WrongCodeError):
        phone.sign_in(phone.codes[0])
    assert phone.sign_in(new[0]).token


def test_secret_and_recovery_codes_are_kept_nowhere_as_they_are(
    services: Services, phone: Phone
) -> None:
    for file in services.settings.home.glob("sohoa.db*"):
        content = file.read_bytes()
        for word in (phone.secret, *phone.codes):
            assert word.encode() not in content, file.name


def test_secret_is_shown_only_until_it_is_in_force(services: Services, phone: Phone) -> None:
    seen = show_factor(services, phone.account_id)

    assert (seen.state, seen.secret, seen.address) == ("in_force", "", "")


def test_key_of_the_home_is_for_its_owner_alone(services: Services, phone: Phone) -> None:
    file = services.settings.secrets_folder / "accounts.key"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    file.chmod(0o640)
    try:
        with pytest.raises(SealingKeyError):
            sign_in(services, name=phone.name, password=PASSWORD)
    finally:
        file.chmod(0o600)


def test_own_second_factor_is_removed_and_renewed_with_the_password_alone(
    services: Services, phone: Phone
) -> None:
    for change in (remove_second_factor, renew_recovery_codes, begin_second_factor):
        with pytest.raises(SignInRefusedError):
            change(services, phone.account_id, password="sai")  # noqa: S106 - wrong on purpose

    remove_second_factor(services, phone.account_id, password=PASSWORD)

    assert sign_in(services, name=phone.name, password=PASSWORD).token


def test_second_factor_in_force_is_not_begun_again(services: Services, phone: Phone) -> None:
    with pytest.raises(FactorStateError):
        begin_second_factor(services, phone.account_id, password=PASSWORD)
    with pytest.raises(FactorStateError):
        confirm_second_factor(services, phone.account_id, code=phone.next_code())


def test_administrator_takes_the_second_factor_of_a_lost_phone_away(
    services: Services, phone: Phone
) -> None:
    clear_second_factor(services, phone.name, actor=ADMINISTRATOR)

    assert sign_in(services, name=phone.name, password=PASSWORD).token
    (row,) = [
        one for one in list_audit(services.database) if one["action"] == "second_factor_cleared"
    ]
    assert (row["actor"], row["subject"]) == ("quan.tri", phone.name)


def test_reset_of_an_account_clears_its_second_factor(services: Services, phone: Phone) -> None:
    first = reset_account(services, phone.name)

    assert sign_in(services, name=phone.name, password=first).token
    with services.database.reading() as connection:
        assert find_factor(connection, phone.account_id) is None
