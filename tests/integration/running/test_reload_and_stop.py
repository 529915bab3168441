"""New files, stops and starts while callbacks keep coming: none is lost, none is refused."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import requests

from tests.integration.running.conftest import ANOTHER, CHANNEL, Installation
from tests.town import eventually

WORD = "зюзюка"
"""No word of any mapping."""
MESSAGE = f"Во дворе {WORD}."


@dataclass
class Stream:
    """Callbacks one after another, from several senders at once."""

    installation: Installation
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def send(self) -> None:
        while not self.over.is_set():
            try:
                event_id, answer = self.installation.call_back()
            except requests.ConnectionError as error:
                self.unanswered.append(str(error))
                time.sleep(0.02)
                continue
            if answer.ok:
                self.acknowledged.append(event_id)
                time.sleep(0.02)
            else:
                self.refused.append(answer.status_code)

    def await_more(self) -> None:
        """Return when more was acknowledged than is now."""
        before = len(self.acknowledged)
        eventually(lambda: len(self.acknowledged) > before + 5, "more callbacks acknowledged")


@contextmanager
def stream(installation: Installation) -> Iterator[Stream]:
    callbacks = Stream(installation)
    senders = [threading.Thread(target=callbacks.send) for _ in range(3)]
    for sender in senders:
        sender.start()
    try:
        yield callbacks
    finally:
        callbacks.over.set()
        for sender in senders:
            sender.join()


def test_callbacks_that_are_acknowledged_outlive_a_stop_of_the_web_side(
    installation: Installation,
) -> None:
    first = installation.start("serve")
    installation.await_web()
    with stream(installation) as callbacks:
        callbacks.await_more()
        first.send_signal(signal.SIGTERM)
        assert first.wait(15) == 0
        installation.start("serve")
        installation.await_web()
        callbacks.await_more()

    assert set(callbacks.acknowledged) <= installation.inbox()
    assert callbacks.refused == []
    # Asked to come again by the closed door alone: what was let in got its answer.
    assert callbacks.unanswered
    assert all("refused" in why for why in callbacks.unanswered)


def processes_of(up: int) -> dict[str, psutil.Process]:
    """The bridge's processes, by command."""
    return {
        process.cmdline()[-1]: process
        for process in psutil.Process(up).children()
        if "bridge" in process.cmdline()
    }


def routed_by_the_new_word(installation: Installation) -> bool:
    event_id, _ = installation.call_back(MESSAGE)
    route = eventually(lambda: installation.route_of(event_id), "the message has its ticket")
    return WORD in route


def test_new_files_are_taken_without_losing_a_call_and_broken_ones_are_refused(
    installation: Installation,
) -> None:
    up = installation.start("up")
    installation.await_web()
    assert not routed_by_the_new_word(installation)
    assert installation.call_back(channel=ANOTHER)[1].status_code == 404
    before = processes_of(up.pid)
    assert {"schedule", "poll", "worker"} <= set(before)

    mapping = installation.folder / "config" / "departments.yaml"
    mapping.write_text(mapping.read_text().replace("keywords: [", f"keywords: [{WORD}, ", 1))
    installation.write_channels([installation.channel(key) for key in (CHANNEL, ANOTHER)])
    with stream(installation) as callbacks:
        up.send_signal(signal.SIGHUP)
        eventually(lambda: installation.call_back(channel=ANOTHER)[1].ok, "the new channel is open")
        callbacks.await_more()
    assert callbacks.refused == []
    assert callbacks.unanswered == []
    assert set(callbacks.acknowledged) <= installation.inbox()
    eventually(lambda: routed_by_the_new_word(installation), "the new mapping is in effect", 60)

    mapping.write_text("departments: [")
    up.send_signal(signal.SIGHUP)
    told = '"reload refused, going on as before"'
    eventually(lambda: installation.log().count(told) == 5, "each process refuses", 60)
    assert str(mapping) in installation.log().rpartition(told)[0].splitlines()[-1]
    assert routed_by_the_new_word(installation)
    assert installation.call_back(channel=ANOTHER)[1].ok
    after = processes_of(up.pid)
    assert after == before

    up.send_signal(signal.SIGTERM)
    assert up.wait(30) == 0
    assert not any(process.is_running() for process in after.values())
