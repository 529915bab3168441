"""The sandbox's pages: a person registers a card and sees what was answered."""

import pytest
import requests

from sandbox.exchange import ExchangeSandbox
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.model import TITLES, Answer, System


def page(url: str, path: str) -> str:
    answer = requests.get(f"{url}{path}", timeout=5)
    assert answer.status_code == 200
    return answer.text


def test_first_page_leads_to_both_systems(url: str) -> None:
    html = page(url, "/")
    for system, title in TITLES.items():
        assert f'<a href="/{system}">{title}</a>' in html


@pytest.mark.parametrize("system", list(System))
def test_person_registers_and_changes_a_card_by_the_forms(
    url: str, sandbox: ExchangeSandbox, system: System
) -> None:
    form = {
        "text": "Яма <у дома>",
        "sources": "https://vk.com/wall-1_2?reply=3\nwall-1_5",
        "author": "Анна",
        "private": "yes",
    }
    shown = requests.post(f"{url}/{system}/cards", data=form, timeout=5)
    assert shown.status_code == 200
    (card,) = sandbox.world.cards(system)
    assert card.draft.sources == ("https://vk.com/wall-1_2?reply=3", "wall-1_5")
    assert card.draft.private
    assert "Яма &lt;у дома&gt;" in shown.text
    assert "Ответа пока нет." in shown.text

    changed = requests.post(
        f"{url}/{system}/cards/{card.number}", data=form | {"text": "Две ямы"}, timeout=5
    )
    assert "Две ямы" in changed.text


def test_answer_is_seen_in_the_card_and_open_pages_learn_of_it(
    url: str, desk: SandboxExchange, sandbox: ExchangeSandbox
) -> None:
    number = desk.register(System.MSS, "Яма")
    before = requests.get(f"{url}/version", timeout=5).json()["version"]
    with sandbox.world.lock:
        answer = Answer(number, "Заделали <вчера>", "", "2026-11-24", "k", "http", ("a.jpg",))
        sandbox.world.add_answer(System.MSS, answer)
    assert requests.get(f"{url}/version", timeout=5).json()["version"] > before
    html = page(url, f"/mss/cards/{number}")
    assert "Заделали &lt;вчера&gt;" in html
    assert "получен по HTTP" in html
    assert "Фото: a.jpg" in html


def test_what_is_wrong_is_refused_and_not_a_server_error(url: str, desk: SandboxExchange) -> None:
    number = desk.register(System.INCIDENT, "Яма")
    answers = f"{url}/api/incident/cards/{number}/answers"
    wrong = [
        requests.post(f"{url}/incident/cards", data={"text": " "}, timeout=5),
        requests.get(f"{url}/incident/cards/none", timeout=5),
        requests.get(f"{url}/nowhere", timeout=5),
        requests.post(f"{url}/sandbox/incident/cards", json={"txt": ""}, timeout=5),
        requests.get(f"{url}/sandbox/incident/cards/none/answers", timeout=5),
        requests.get(f"{url}/api/incident/cards", timeout=5),
        requests.post(answers, data=b"{", timeout=5),
    ]
    assert [answer.status_code for answer in wrong] == [400, 404, 404, 400, 404, 401, 401]


def test_keys_are_honoured_where_they_are_to_be() -> None:
    sandbox = ExchangeSandbox()
    with sandbox.world.lock:
        answer = Answer("IM-1", "Да", "", "", "k", "http")
        sandbox.world.add_answer(System.INCIDENT, answer)
        sandbox.world.add_answer(System.INCIDENT, answer)
        assert sandbox.world.answers(System.INCIDENT, "IM-1") == [answer]
