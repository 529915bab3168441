"""Whoever owns the bridge sees how each channel does, and switches one off and on."""

from datetime import timedelta

import pytest

from bridge.findings import Finding, State
from bridge.store import audit, channel_checks, channel_states, channel_switches
from bridge.store.audit import AuditSearch
from bridge.store.channel_states import ChannelCondition, Hold
from tests.busy_office import add_ticket
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages

CHANNELS = "/admin/channels"
KEY = "vk-administration"


def test_a_channel_shows_when_it_was_heard_and_how_late(pages: Pages) -> None:
    with pages.store.writing() as session:
        ticket = add_ticket(session, NOW - timedelta(minutes=30), "roads", channel=KEY)
    page = pages.as_(LEADER).get(CHANNELS).text
    assert ticket.issue_id
    assert "30 мин назад" in page
    assert "за 7 дней событий: 1" in page


def test_a_channel_that_is_down_says_why_and_what_to_do(pages: Pages) -> None:
    down = Hold(KEY, ChannelCondition.DOWN, NOW, None, "5", "ВКонтакте не принял ключ.")
    with pages.store.writing() as session:
        channel_states.set_hold(session, down)
    page = pages.as_(LEADER).get(CHANNELS).text
    assert "ВКонтакте не принял ключ." in page
    assert "не работает" in page
    assert "очередь продолжится сама" in page


def test_what_a_probe_found_of_the_keys_is_shown_with_its_remedy(pages: Pages) -> None:
    finding = Finding("ключ", State.FAIL, "Ключ не принят.", "Выпустите ключ заново.")
    with pages.store.writing() as session:
        channel_checks.keep(session, KEY, [finding], NOW)
    page = pages.as_(LEADER).get(CHANNELS).text
    assert "Что сделать: Выпустите ключ заново." in page
    assert "проверка не пройдена" in page


def test_an_administrator_switches_a_channel_off_and_on_and_both_are_in_the_audit(
    pages: Pages,
) -> None:
    client = pages.as_(ADMINISTRATOR)
    page = client.post(
        f"{CHANNELS}/{KEY}/off", data={"reason": "Меняем ключи"}, follow_redirects=True
    ).text
    assert "Меняем ключи" in page
    assert "Сроки идут" in page
    client.post(f"{CHANNELS}/{KEY}/on")
    with pages.store.reading() as session:
        assert not channel_switches.switched_off(session)
        rows = audit.page(session, AuditSearch(subject=f"channel:{KEY}"), limit=10)
    assert [(row.action, row.actor) for row in rows] == [
        ("channel_switched_on", "chief"),
        ("channel_switched_off", "chief"),
    ]


def test_pressing_twice_is_one_deed(pages: Pages) -> None:
    client = pages.as_(ADMINISTRATOR)
    for _ in range(2):
        client.post(f"{CHANNELS}/{KEY}/off", data={"reason": "Меняем ключи"})
    with pages.store.reading() as session:
        assert len(audit.page(session, AuditSearch(), limit=10)) == 1


def test_without_a_reason_nothing_is_switched_off(pages: Pages) -> None:
    page = pages.as_(ADMINISTRATOR).post(
        f"{CHANNELS}/{KEY}/off", data={"reason": "  "}, follow_redirects=True
    )
    assert "Канал не выключен: напишите, почему." in page.text
    with pages.store.reading() as session:
        assert not channel_switches.switched_off(session)


@pytest.mark.parametrize("account", [CURATOR, LEADER])
def test_only_administrators_switch_and_test(pages: Pages, account: object) -> None:
    client = pages.as_(account)  # type: ignore[arg-type]
    for deed in ("off", "on", "check"):
        assert client.post(f"{CHANNELS}/{KEY}/{deed}").status_code == 403
    assert "Выключить" not in client.get(CHANNELS).text


def test_a_channel_that_is_not_there_is_not_found(pages: Pages) -> None:
    assert pages.as_(ADMINISTRATOR).post(f"{CHANNELS}/nobody/off").status_code == 404
