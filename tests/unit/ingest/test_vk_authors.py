"""Authors get their names where VK tells them, and never cost a ticket."""

import pytest
import requests
import responses

from bridge.channels import ChannelSettings
from bridge.ingest.vk_authors import VkAuthors
from bridge.messages import Author

USERS = "http://vk.invalid/method/users.get"
GROUPS = "http://vk.invalid/method/groups.getById"


@responses.activate
def test_user_has_first_and_last_name(channel: ChannelSettings) -> None:
    user = {"id": 501, "first_name": "Анна", "last_name": "Мальцева"}
    responses.post(USERS, json={"response": [user]})

    assert VkAuthors(channel).find("501") == Author("501", "Анна Мальцева", "https://vk.com/id501")


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [{"groups": [{"id": 777, "name": "Библиотека"}], "profiles": []}, [{"name": "Библиотека"}]],
)
def test_community_has_its_name(channel: ChannelSettings, answer: object) -> None:
    responses.post(GROUPS, json={"response": answer})

    assert VkAuthors(channel).find("-777").name == "Библиотека"


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        {"json": {"response": []}},
        {"json": {"response": [{"first_name": 5}]}},
        {"json": {"error": {"error_code": 113, "error_msg": "Invalid user id"}}},
        {"body": requests.ReadTimeout()},
        {"status": 502, "body": "<html>"},
    ],
)
def test_author_without_a_name_is_still_an_author(
    channel: ChannelSettings, failure: dict[str, object]
) -> None:
    responses.post(USERS, **failure)  # type: ignore[arg-type]

    assert VkAuthors(channel).find("501") == Author("501", "", "https://vk.com/id501")
