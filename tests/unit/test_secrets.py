"""Secrets are read from where the configuration says, and are never shown."""

from pathlib import Path

import pytest

from bridge.secrets import SecretMissing, SecretReference


def test_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", "abc")
    secret = SecretReference(env="TEST_TOKEN").read("vk.token")

    assert secret.get_secret_value() == "abc"
    assert "abc" not in repr(secret)


def test_secret_comes_from_a_file_without_its_line_break(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("abc\n")

    assert SecretReference(file=path).read("vk.token").get_secret_value() == "abc"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_absent_or_empty_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("TEST_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("TEST_TOKEN", value)

    with pytest.raises(SecretMissing, match=r"^vk\.token: environment variable TEST_TOKEN is "):
        SecretReference(env="TEST_TOKEN").read("vk.token")


@pytest.mark.parametrize("contents", [None, b"", b"\xff\xfe\xff"])
def test_absent_empty_or_unreadable_file_is_named(tmp_path: Path, contents: bytes | None) -> None:
    path = tmp_path / "token"
    if contents is not None:
        path.write_bytes(contents)

    with pytest.raises(SecretMissing, match=rf"^vk\.token: file {path} "):
        SecretReference(file=path).read("vk.token")
