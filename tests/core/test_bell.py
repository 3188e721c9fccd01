import pytest
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from mediaexchange.core.bell import wake


@pytest.mark.parametrize(
    "failure",
    [
        OperationalError("no broker"),
        RedisConnectionError("gone"),
        ConnectionResetError("reset"),
        AttributeError("'NoneType' object has no attribute 'client'"),  # kombu, when Redis dies under its channel
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_bell_that_cannot_ring_never_fails_the_deed_that_rang_it(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []

    def send_task(task: str, **options: object) -> None:
        rung.append(task)
        raise failure

    monkeypatch.setattr("mediaexchange.core.bell.current_app.send_task", send_task)
    wake("newsexchange.tasks.render_due_documents")
    assert rung == ["newsexchange.tasks.render_due_documents"]
