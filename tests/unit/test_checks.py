"""What `bridge check` says of a channel is kept for the page of the channels."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bridge.channels import Channels
from bridge.checks import Checks
from bridge.findings import State
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store import channel_checks
from bridge.store.database import Store
from tests.exchange_channel import exchange_channel

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "state", "words"),
    [
        (date(2026, 12, 31), State.OK, "Ключи действуют до 31.12.2026."),
        (date(2026, 12, 1), State.WARN, "Ключи действуют до 01.12.2026."),
        (date(2026, 11, 22), State.WARN, "Срок ключей истёк 22.11.2026."),
    ],
)
def test_keys_that_end_are_told_of_two_weeks_before(
    store: Store, tmp_path: Path, ends: date, state: State, words: str
) -> None:
    channel = exchange_channel(files={"folder": str(tmp_path)}).model_copy(
        update={"keys_expire": ends}
    )
    office = replace(Office.load(PROJECT / "config"), channels=Channels((channel,)))
    findings = list(Checks(Settings(data=tmp_path), office, store, lambda: NOW).channel(channel))
    (told,) = [each for each in findings if each.name.endswith("срок ключей")]
    assert (told.state, told.text) == (state, words)
    with store.reading() as session:
        kept = channel_checks.last(session, channel.key)
    assert kept
    assert told in kept.findings
