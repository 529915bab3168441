"""Whatever is done to a ticket is logged with the id of the message that it came by."""

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bridge.flow.reconcile import Trigger
from bridge.store.models import MessageRow
from bridge.tracing import trace_of
from tests.unit.flow.conftest import Bench
from tests.unit.flow.desk import unavailable


def trace(bench: Bench) -> str:
    with bench.store.reading() as session:
        return trace_of(session.get_one(MessageRow, bench.row.message_id).inbox_event_id)


def test_lines_from_creation_to_placement_bear_one_id(bench: Bench) -> None:
    with capture_logs([merge_contextvars]) as lines:
        bench.reconcile(Trigger.MESSAGE)
        bench.approve()
        bench.reconcile()

    events = [line["event"] for line in lines]
    assert events[0] == "ticket created"
    assert "answer placed" in events
    common = {"trace": trace(bench), "ticket": bench.ticket, "issue": bench.issue.id}
    assert [line for line in lines if not common.items() <= line.items()] == []


def test_line_about_a_helpdesk_that_is_down_names_the_message(bench: Bench) -> None:
    bench.desk.before.append(unavailable())

    with capture_logs([merge_contextvars]) as lines:
        bench.reconcile(Trigger.MESSAGE)

    (failed,) = (line for line in lines if line["event"] == "helpdesk failed")
    assert (failed["trace"], failed["ticket"]) == (trace(bench), bench.ticket)
    assert "issue" not in failed
