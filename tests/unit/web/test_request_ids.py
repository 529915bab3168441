"""Each request has an id in its lines and its answer; a stored event begins its trace."""

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from tests.unit.web.conftest import Door
from tests.unit.web.test_callback_route import callback
from tests.unit.web.test_webhook_route import webhook


def test_line_of_a_stored_event_bears_the_id_by_which_its_message_is_followed(door: Door) -> None:
    with capture_logs([merge_contextvars]) as lines:
        answer = door.callback(callback("e-1"))

    (event,) = door.stored()
    (line,) = lines
    assert (line["event"], line["trace"]) == ("event stored", f"event-{event.id}")
    assert line["request"] == answer.headers["X-Request-Id"]


def test_refusal_can_be_found_by_the_id_in_its_answer(door: Door) -> None:
    with capture_logs([merge_contextvars]) as lines:
        answers = [door.callback(callback(secret="guessed")) for _ in range(2)]
        answers.append(door.webhook(webhook(), secret="guessed"))

    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert [line["request"] for line in lines] == ids
    assert len(set(ids)) == 3
