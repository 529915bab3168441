"""What a process is put together of."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge.bootstrap import open_pollings
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from sandbox.ok.seed import ADMINISTRATION, APPLICATION_KEY, APPLICATION_SECRET


class NoHints:
    """Takes hints and gives them to nobody."""

    def events(self, event_ids: object) -> None:
        """Nothing."""


def test_channel_whose_secret_is_missing_does_not_keep_others_from_being_polled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TOKEN": ADMINISTRATION.bot_token,
        "WEBHOOK_KEY": "key",
        "SESSION": ADMINISTRATION.access_token,
    }.items():
        monkeypatch.setenv(f"BRIDGE_OK_ADMINISTRATION_{name}", value)
    monkeypatch.setenv("BRIDGE_OK_APPLICATION_KEY", APPLICATION_KEY)
    monkeypatch.setenv("BRIDGE_OK_APPLICATION_SECRET", APPLICATION_SECRET)
    settings = Settings(data=tmp_path, redmine_webhook_secret=SecretStr("x"))

    pollings = open_pollings(settings, Office.load(PROJECT / "config"), NoHints())

    of_ok = [(one.channel, one.poller.name) for one in pollings if one.channel.startswith("ok-")]
    assert of_ok == [("ok-administration", "subscription"), ("ok-administration", "feed")]
