"""Settings come from the environment; a wrong one is named, and a secret never told."""

from pathlib import Path

import pytest

from bridge.config.document import ConfigError
from bridge.fetching.targets import Origin
from bridge.settings import load_settings

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BRIDGE_SECRETS", "BRIDGE_REDMINE_KEY", "BRIDGE_PORT", "BRIDGE_STORE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("BRIDGE_PORT", "eighty", "valid integer"),
        ("BRIDGE_PORT", "0", "greater than or equal to 1"),
        ("BRIDGE_WORKERS", "1000", "less than or equal to 64"),
        ("BRIDGE_REDMINE_TIMEOUT", "0", "greater than 0"),
    ],
)
def test_a_wrong_variable_is_named_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"{name}: .*{complaint}"):
        load_settings()


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_PORT", "eighty")
    monkeypatch.setenv("BRIDGE_WORKERS", "none")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "environment",
        "BRIDGE_PORT",
        "BRIDGE_WORKERS",
    ]


def test_a_secret_is_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_REDMINE_KEY", SECRET)
    settings = load_settings()
    assert settings.redmine_key.get_secret_value() == SECRET
    assert SECRET not in f"{settings} {settings!r} {settings.model_dump_json()}"
    monkeypatch.setenv("BRIDGE_PORT", "eighty")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_secrets_may_be_files_of_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bridge_redmine_key").write_text(f"{SECRET}\n", encoding="utf-8")
    (tmp_path / "vk_token").write_text("of a channel", encoding="utf-8")
    monkeypatch.setenv("BRIDGE_SECRETS", str(tmp_path))
    assert load_settings().redmine_key.get_secret_value() == SECRET
    monkeypatch.setenv("BRIDGE_REDMINE_KEY", "from the environment")
    assert load_settings().redmine_key.get_secret_value() == "from the environment"


def test_a_folder_of_secrets_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BRIDGE_SECRETS", str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match=r"BRIDGE_SECRETS: .*absent is not a folder"):
        load_settings()


def test_defaults_suit_one_machine(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path)
    assert settings.effective_store_url == f"sqlite:///{tmp_path}/bridge.db"
    assert settings.effective_redis_url == f"unix://{tmp_path}/redis.sock"
    assert settings.effective_public_url == "http://127.0.0.1:8790"


def test_servers_inside_from_which_files_may_come_are_named_by_their_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().fetch_origins == frozenset()
    monkeypatch.setenv("BRIDGE_FETCH_ALLOWED", "http://127.0.0.1:8770 https://files.city.example")
    assert load_settings().fetch_origins == {
        Origin("http", "127.0.0.1", 8770),
        Origin("https", "files.city.example", 443),
    }
    monkeypatch.setenv("BRIDGE_FETCH_ALLOWED", "127.0.0.1:8770 files")
    with pytest.raises(ConfigError, match=r"BRIDGE_FETCH_ALLOWED: .*http://host:port"):
        load_settings()
