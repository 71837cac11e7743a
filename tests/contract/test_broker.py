"""What every broker promises: it wakes, and when it is gone that is an error we know."""

import secrets
import socket
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr, ValidationError

from configuration.settings import DispatchSettings
from database.outbox import StageMessage
from tests.brokers import dispatch_settings
from workers.broker import Broker, BrokerUnavailableError
from workers.pipeline import STAGES
from workers.queues import QUEUE_OF_STAGE, QUEUES


@pytest.fixture(params=("rabbitmq", "redis"))
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    opened = Broker(dispatch_settings(request.param, prefix=_prefix()))
    yield opened
    opened.empty()
    opened.close()


def test_every_stage_has_one_queue() -> None:
    assert sorted(QUEUE_OF_STAGE) == sorted(STAGES)
    assert sum(map(len, QUEUES.values())) == len(STAGES)


def test_message_waits_in_the_queue_of_its_stage(broker: Broker) -> None:
    broker.send([StageMessage(1, "read"), StageMessage(2, "sign"), StageMessage(3, "read")])

    _wait_until(broker, "reading", 2)
    assert broker.count_waiting("signing") == 1
    assert broker.count_waiting("pages") == broker.count_waiting("indexing") == 0


def test_emptied_broker_has_nothing(broker: Broker) -> None:
    broker.send([StageMessage(number, "open") for number in range(5)])
    _wait_until(broker, "pages", 5)

    assert broker.empty() == 5

    assert broker.count_waiting("pages") == 0


def test_installations_that_share_a_broker_do_not_see_each_other(
    request: pytest.FixtureRequest, broker: Broker
) -> None:
    kind = request.node.callspec.params["broker"]
    other = Broker(dispatch_settings(kind, prefix=_prefix()))

    broker.send([StageMessage(1, "index")])

    _wait_until(broker, "indexing", 1)
    assert other.count_waiting("indexing") == 0
    other.empty()
    other.close()


@pytest.mark.parametrize("scheme", ["amqp://x@127.0.0.1:{port}//", "redis://127.0.0.1:{port}/0"])
def test_broker_that_is_gone_is_an_error_that_keeps_the_work(scheme: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody listens there
        url = scheme.format(port=held.getsockname()[1])
        gone = Broker(DispatchSettings(broker_url=url, password=SecretStr("mat-khau")))

        with pytest.raises(BrokerUnavailableError) as refused:
            gone.send([StageMessage(1, "read")])
        with pytest.raises(BrokerUnavailableError):
            gone.count_waiting("reading")

    assert "mat-khau" not in str(refused.value)
    gone.close()


def test_address_of_the_broker_is_never_shown() -> None:
    settings = DispatchSettings(back_end="celery", password=SecretStr("mat-khau"))

    assert "mat-khau" not in repr(settings)
    assert "mat-khau" not in repr(Broker(settings))


def test_password_in_the_address_is_refused() -> None:
    with pytest.raises(ValidationError):
        DispatchSettings(broker_url="amqp://ai:mat-khau@127.0.0.1//")


def _prefix() -> str:
    return f"t-{secrets.token_hex(6)}"


def _wait_until(broker: Broker, queue: str, count: int) -> None:
    """Wait for a count that the server may tell a little later than it confirmed."""
    until = time.monotonic() + 20
    while broker.count_waiting(queue) != count and time.monotonic() < until:
        time.sleep(0.05)
    assert broker.count_waiting(queue) == count
