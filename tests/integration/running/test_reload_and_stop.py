"""New files, stops and starts while callbacks keep coming: none is lost, none is refused.

A call that gets no answer is sent again, as every network and the reverse proxy do: whoever closes
an HTTP connection cannot know that a request is on its way.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import requests

from tests.integration.running.conftest import ANOTHER, CHANNEL, Event, Installation
from tests.town import eventually

WORD = "зюзюка"
"""No word of any lexicon."""
MOST_CUT_OFF = 3
"""Of all calls during a reload: one for each sender."""
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
            event = self.installation.event()
            while not self._is_acknowledged(event) and not self.over.is_set():
                time.sleep(0.02)

    def _is_acknowledged(self, event: Event) -> bool:
        try:
            answer = self.installation.send(event)
        except requests.ConnectionError as error:
            self.unanswered.append(str(error))
            return False
        if answer.ok:
            self.acknowledged.append(event["event_id"])
        else:
            self.refused.append(answer.status_code)
        return answer.ok

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


def flagged_by_the_new_word(installation: Installation) -> bool:
    event_id, _ = installation.call_back(MESSAGE)
    route = eventually(lambda: installation.route_of(event_id), "the message has its ticket")
    return "moderation" in route


def test_new_files_are_taken_without_losing_a_call_and_broken_ones_are_refused(
    installation: Installation,
) -> None:
    up = installation.start("up")
    installation.await_web()
    assert not flagged_by_the_new_word(installation)
    assert installation.call_back(channel=ANOTHER)[1].status_code == 404
    before = processes_of(up.pid)
    assert {"schedule", "poll", "worker"} <= set(before)

    lexicon = installation.folder / "config" / "moderation.yaml"
    lexicon.write_text(lexicon.read_text().replace("  words: [", f"  words: [{WORD}, ", 1))
    installation.write_channels([installation.channel(key) for key in (CHANNEL, ANOTHER)])
    with stream(installation) as callbacks:
        up.send_signal(signal.SIGHUP)
        eventually(lambda: installation.call_back(channel=ANOTHER)[1].ok, "the new channel is open")
        callbacks.await_more()
    assert callbacks.refused == []
    assert not any("refused" in why for why in callbacks.unanswered)
    assert len(callbacks.unanswered) <= MOST_CUT_OFF
    assert set(callbacks.acknowledged) <= installation.inbox()
    eventually(lambda: flagged_by_the_new_word(installation), "the new lexicon is in effect", 60)

    lexicon.write_text("obscene: [")
    up.send_signal(signal.SIGHUP)
    told = '"reload refused, going on as before"'
    eventually(lambda: installation.log().count(told) == 5, "each process refuses", 60)
    assert str(lexicon) in installation.log().rpartition(told)[0].splitlines()[-1]
    assert flagged_by_the_new_word(installation)
    assert installation.call_back(channel=ANOTHER)[1].ok
    after = processes_of(up.pid)
    assert after == before

    up.send_signal(signal.SIGTERM)
    assert up.wait(30) == 0
    assert not any(process.is_running() for process in after.values())
