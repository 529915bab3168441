"""Sessions outlive a restart, and several machines can share them."""

from pathlib import Path

from pydantic import SecretStr

from bridge.admin.session_key import session_key
from bridge.settings import Settings


def test_a_machine_makes_its_key_once_and_only_its_account_can_read_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    key = session_key(settings)
    assert len(key) == 64
    assert session_key(settings) == key
    assert (tmp_path / "admin_session_key").stat().st_mode & 0o777 == 0o600


def test_a_configured_key_is_used_as_it_is(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, admin_secret=SecretStr("shared"))
    assert session_key(settings) == "shared"
    assert not list(tmp_path.iterdir())
