"""The plugin announces every change at once, signed, and never at Redmine's expense."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk, StaffUser, create_user

Tickets = Callable[..., int]
Receiver = Any
DELIVERY_TIMEOUT = 5.0
"""How long the plugin waits for the bridge's answer, in seconds."""


def about(ticket: int, kind: str = "issue.updated") -> Callable[[dict[str, Any]], bool]:
    return lambda event: (event["type"], event["data"].get("issue", {}).get("id")) == (kind, ticket)


def test_a_new_ticket_is_announced_with_a_valid_signature(
    access: RedmineAccess, receiver: Receiver, roads_ticket: Tickets, layout: dict[str, Any]
) -> None:
    ticket = roads_ticket("assigned", external_number="vk:1")
    delivery = receiver.wait_for(about(ticket, "issue.created"))
    assert delivery.signed_with(access.webhook_secret)
    assert not delivery.signed_with("another secret")
    issue = delivery.event["data"]["issue"]
    assert issue["status"]["id"] == layout["statuses"]["assigned"]["id"]


def test_the_announced_ticket_reads_as_over_rest(
    robot: RedmineDesk, receiver: Receiver, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned", external_number="vk:2")
    announced = receiver.wait_for(about(ticket, "issue.created")).event["data"]["issue"]
    over_rest = robot.call("GET", f"/issues/{ticket}.json").json()["issue"]
    shared = announced.keys() & over_rest.keys()
    assert {"id", "project", "tracker", "status", "author", "assigned_to"} <= shared
    assert {key: announced[key] for key in shared - {"created_on", "updated_on"}} == {
        key: over_rest[key] for key in shared - {"created_on", "updated_on"}
    }


def test_a_single_edit_is_announced_with_its_journal(
    robot: RedmineDesk, roads: RedmineDesk, receiver: Receiver, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    roads.move(ticket, "in_progress", notes="Выезжаем.")
    event = receiver.wait_for(about(ticket)).event
    written = robot.call("GET", f"/issues/{ticket}.json?include=journals").json()["issue"]
    assert event["data"]["journal"]["id"] == written["journals"][0]["id"]
    assert event["data"]["journal"]["notes"] == "Выезжаем."
    assert event["data"]["journal"]["details"][0]["prop_key"] == "status_id"


def test_a_private_note_is_announced(
    robot: RedmineDesk, receiver: Receiver, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    robot.update(ticket, notes="Только для своих.", private_notes=True)
    event = receiver.wait_for(about(ticket)).event
    assert event["data"]["journal"]["notes"] == "Только для своих."


@pytest.mark.scenario(20)
def test_every_ticket_of_a_bulk_edit_is_announced(
    access: RedmineAccess,
    curator_user: StaffUser,
    receiver: Receiver,
    roads_ticket: Tickets,
    layout: dict[str, Any],
) -> None:
    tickets = [roads_ticket("assigned") for _ in range(3)]
    with requests.Session() as browser:
        log_in(browser, access.url, curator_user)
        bulk_edit(browser, access.url, tickets, layout["statuses"]["withdrawn"]["id"])
    for ticket in tickets:
        event = receiver.wait_for(about(ticket)).event
        assert event["data"]["issue"]["status"]["name"] == "Снято"


def test_a_deleted_ticket_is_announced(
    access: RedmineAccess, layout: dict[str, Any], receiver: Receiver, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("new")
    administrator = RedmineDesk(access.url, access.admin_key, layout)
    assert administrator.call("DELETE", f"/issues/{ticket}.json").ok
    receiver.wait_for(about(ticket, "issue.deleted"))


def test_other_projects_are_not_announced(
    access: RedmineAccess,
    layout: dict[str, Any],
    receiver: Receiver,
    roads_ticket: Tickets,
) -> None:
    administrator = RedmineDesk(access.url, access.admin_key, layout)
    project = {"name": "Другой", "identifier": "another", "tracker_ids": [1]}
    administrator.call("POST", "/projects.json", {"project": project}).raise_for_status()
    issue = {"project_id": "another", "tracker_id": 1, "subject": "Чужая задача"}
    administrator.call("POST", "/issues.json", {"issue": issue}).raise_for_status()
    receiver.wait_for(about(roads_ticket("new"), "issue.created"))
    assert "Чужая задача" not in str([seen.event for seen in receiver.deliveries])


def test_a_bridge_that_does_not_answer_makes_nobody_wait(
    robot: RedmineDesk, receiver: Receiver, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    receiver.may_answer.clear()
    try:
        began = time.monotonic()
        for number in range(5):
            assert robot.update(ticket, notes=f"Заметка {number}").ok
        assert time.monotonic() - began < DELIVERY_TIMEOUT
    finally:
        receiver.may_answer.set()
    receiver.wait_for(
        lambda event: about(ticket)(event) and event["data"]["journal"]["notes"] == "Заметка 4"
    )


@pytest.mark.scenario(21)
def test_a_test_delivery_arrives_signed_with_the_token_asked_for(
    access: RedmineAccess, robot: RedmineDesk, receiver: Receiver
) -> None:
    assert robot.call("POST", "/bridge/webhook_test.json", {"token": "t-42"}).status_code == 202
    delivery = receiver.wait_for(
        lambda event: event["type"] == "bridge.test" and event["data"] == {"token": "t-42"}
    )
    assert delivery.signed_with(access.webhook_secret)


def test_only_the_robot_may_ask_for_a_test_delivery(curator: RedmineDesk) -> None:
    refusal = curator.call("POST", "/bridge/webhook_test.json", {"token": "t-43"})
    assert refusal.status_code == 403


def test_an_administrator_sets_the_webhook_on_the_settings_page(
    access: RedmineAccess, layout: dict[str, Any], robot: RedmineDesk
) -> None:
    group = layout["groups"]["curators"]["name"]
    user = create_user(access, "administrator", "Ада", "Министрова", group)
    administrator = RedmineDesk(access.url, access.admin_key, layout)
    administrator.call("PUT", f"/users/{user.id}.json", {"user": {"admin": True}})
    page_url = f"{access.url}/settings/plugin/bridge"
    with requests.Session() as browser:
        log_in(browser, access.url, user)
        page = browser.get(page_url, timeout=30)
        assert "Адрес вебхука" in page.text
        form = {
            "authenticity_token": token_of(page),
            "settings[webhook_url]": "http://bridge.example/hooks/redmine",
            "settings[webhook_secret]": "a secret",
        }
        browser.post(page_url, data=form, timeout=30).raise_for_status()
        assert "http://bridge.example/hooks/redmine" in browser.get(page_url, timeout=30).text
    layout_now = robot.call("GET", "/bridge/layout.json").json()["layout"]
    assert layout_now["statuses"] == layout["statuses"]


def log_in(browser: requests.Session, url: str, user: StaffUser) -> None:
    form = {
        "authenticity_token": token_of(browser.get(f"{url}/login", timeout=30)),
        "username": user.login,
        "password": user.password,
    }
    page = browser.post(f"{url}/login", data=form, timeout=30)
    assert f">{user.login}<" in page.text


def bulk_edit(browser: requests.Session, url: str, tickets: list[int], status: int) -> None:
    page = browser.get(f"{url}/issues/bulk_edit", params={"ids[]": tickets}, timeout=30)
    form = {
        "authenticity_token": token_of(page),
        "ids[]": tickets,
        "issue[status_id]": status,
    }
    browser.post(f"{url}/issues/bulk_update", data=form, timeout=30).raise_for_status()


def token_of(page: requests.Response) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]
