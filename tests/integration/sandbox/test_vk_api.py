"""The API on the wire: envelopes, tokens, limits, and the methods that the bridge relies on."""

from datetime import timedelta

import pytest
import requests

from sandbox.clock import ManualClock
from sandbox.vk import VkSandbox
from sandbox.vk.client import SandboxVk
from sandbox.vk.methods import METHODS
from sandbox.vk.seed import ADMINISTRATION, CITIZENS, HEAD

OWNER = ADMINISTRATION.owner_id
COMMUNITY_TOKEN = ADMINISTRATION.community_token
ADMIN_TOKEN = ADMINISTRATION.admin_token
SERVICE_TOKEN = ADMINISTRATION.service_token
CITIZEN = CITIZENS[0]


def error_of(envelope: dict) -> tuple[int, str]:
    return envelope["error"]["error_code"], envelope["error"]["error_msg"]


def answered(envelope: dict) -> dict:
    assert "error" not in envelope
    return envelope["response"]


def test_an_error_names_the_parameters_but_never_the_token(url: str) -> None:
    answer = requests.get(
        f"{url}/method/wall.getComments",
        params={"owner_id": OWNER, "v": "5.199", "access_token": COMMUNITY_TOKEN},
        timeout=5,
    )

    assert answer.status_code == 200
    assert answer.json() == {
        "error": {
            "error_code": 27,
            "error_msg": "Group authorization failed: method is unavailable with group auth.",
            "request_params": [
                {"key": "owner_id", "value": str(OWNER)},
                {"key": "v", "value": "5.199"},
                {"key": "method", "value": "wall.getComments"},
                {"key": "oauth", "value": "1"},
            ],
        }
    }


@pytest.mark.parametrize(
    ("method", "sent", "code", "text"),
    [
        (
            "users.get",
            {"access_token": ADMIN_TOKEN},
            8,
            "Invalid request: v (version) is required",
        ),
        ("users.get", {"v": "5.80"}, 8, "Invalid request: versions below 5.81 are deprecated"),
        ("users.get", {"v": "5.199"}, 5, "User authorization failed: no access_token passed."),
        (
            "users.get",
            {"v": "5.199", "access_token": "wrong"},
            5,
            "User authorization failed: invalid access_token (4).",
        ),
        ("users.Get", {"v": "5.199", "access_token": ADMIN_TOKEN}, 3, "Unknown method passed"),
    ],
)
def test_calls_that_never_reach_a_method(
    url: str, method: str, sent: dict[str, str], code: int, text: str
) -> None:
    answer = requests.post(f"{url}/method/{method}", data=sent, timeout=5).json()

    assert error_of(answer) == (code, text)


def test_the_token_may_come_in_the_header(url: str) -> None:
    answer = requests.post(
        f"{url}/method/users.get",
        data={"v": "5.199"},
        headers={"Authorization": f"Bearer {ADMIN_TOKEN}"},
        timeout=5,
    ).json()

    assert answer["response"][0]["id"] == ADMINISTRATION.admin.id


def test_parameters_may_be_multipart_but_not_json(url: str) -> None:
    sent = {"v": "5.199", "access_token": ADMIN_TOKEN}
    multipart = {name: (None, value) for name, value in sent.items()}

    assert "response" in requests.post(f"{url}/method/users.get", files=multipart, timeout=5).json()
    as_json = requests.post(f"{url}/method/users.get", json=sent, timeout=5).json()
    assert as_json["error"]["error_code"] == 8


@pytest.mark.parametrize(
    ("method", "allowed"),
    [
        ("wall.createComment", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
        ("wall.getComments", {ADMIN_TOKEN, SERVICE_TOKEN}),
        ("wall.get", {ADMIN_TOKEN, SERVICE_TOKEN}),
        ("wall.getById", {ADMIN_TOKEN, SERVICE_TOKEN}),
        ("wall.getComment", {ADMIN_TOKEN}),
        ("wall.editComment", {ADMIN_TOKEN}),
        ("wall.deleteComment", {ADMIN_TOKEN}),
        ("wall.post", {ADMIN_TOKEN}),
        ("messages.send", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
        ("messages.getHistory", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
        ("messages.getById", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
        ("messages.isMessagesFromGroupAllowed", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
        ("users.get", {ADMIN_TOKEN, COMMUNITY_TOKEN, SERVICE_TOKEN}),
        ("groups.getById", {ADMIN_TOKEN, COMMUNITY_TOKEN, SERVICE_TOKEN}),
        ("groups.getTokenPermissions", {COMMUNITY_TOKEN}),
        ("groups.addCallbackServer", {ADMIN_TOKEN, COMMUNITY_TOKEN}),
    ],
)
def test_each_method_takes_its_kinds_of_token(
    vk: SandboxVk, method: str, allowed: set[str]
) -> None:
    assert method in METHODS
    wrong_type = {27, 28, 5}
    for token in (ADMIN_TOKEN, COMMUNITY_TOKEN, SERVICE_TOKEN):
        envelope = vk.call(method, token)
        refused = "error" in envelope and envelope["error"]["error_code"] in wrong_type
        assert refused == (token not in allowed)


def test_a_token_used_too_often_is_error_6_until_a_second_has_passed(
    url: str, clock: ManualClock
) -> None:
    hurried = SandboxVk(url)
    outcomes = [hurried.call("users.get", ADMIN_TOKEN) for _ in range(4)]

    assert ["error" in outcome for outcome in outcomes] == [False, False, False, True]
    assert error_of(outcomes[3]) == (6, "Too many requests per second")
    clock.advance(timedelta(seconds=1))
    assert answered(hurried.call("users.get", ADMIN_TOKEN))


def test_a_community_answers_a_comment_once_whatever_is_repeated(vk: SandboxVk) -> None:
    comment_id = vk.comment(OWNER, 1, CITIZEN.id, "Когда починят светофор?")
    answer = {
        "owner_id": OWNER,
        "post_id": 1,
        "from_group": ADMINISTRATION.id,
        "message": "Здравствуйте! Светофор починят завтра.",
        "reply_to_comment": comment_id,
        "guid": "placement-1",
    }

    first = answered(vk.call("wall.createComment", COMMUNITY_TOKEN, **answer))
    again = answered(vk.call("wall.createComment", COMMUNITY_TOKEN, **answer))

    assert again == first
    assert first["parents_stack"] == [comment_id]
    (item,) = answered(
        vk.call("wall.getComments", SERVICE_TOKEN, owner_id=OWNER, post_id=1, thread_items_count=5)
    )["items"]
    (placed,) = item["thread"]["items"]
    assert (placed["from_id"], placed["text"]) == (OWNER, answer["message"])
    assert (placed["reply_to_comment"], placed["reply_to_user"]) == (comment_id, CITIZEN.id)


def test_comments_are_read_by_level_page_and_order(vk: SandboxVk) -> None:
    top = [vk.comment(OWNER, 1, CITIZEN.id, f"Вопрос {n}") for n in range(3)]
    replies = [vk.comment(OWNER, 1, CITIZEN.id, f"Реплика {n}", top[0]) for n in range(2)]

    def read(**parameters: str | int) -> dict:
        return answered(
            vk.call("wall.getComments", SERVICE_TOKEN, owner_id=OWNER, post_id=1, **parameters)
        )

    def ids(**parameters: str | int) -> list[int]:
        return [item["id"] for item in read(**parameters)["items"]]

    assert ids() == top
    assert ids(sort="desc") == top[::-1]
    assert ids(count=1, offset=1) == [top[1]]
    assert ids(start_comment_id=top[1]) == top[1:]
    assert ids(comment_id=top[0]) == replies
    assert (read()["count"], read()["current_level_count"]) == (5, 3)
    assert read()["items"][0]["thread"] == {
        "count": 2,
        "items": [],
        "can_post": True,
        "groups_can_post": True,
        "show_reply_button": True,
    }
    assert len(read(thread_items_count=1)["items"][0]["thread"]["items"]) == 1
    assert read(preview_length=3)["items"][0]["text"] == "Воп…"
    assert [profile["id"] for profile in read(extended=1)["profiles"]] == [CITIZEN.id]


@pytest.mark.parametrize(
    "parameters",
    [{"count": 101}, {"thread_items_count": 11}, {"sort": "new"}, {"comment_id": 404}],
)
def test_wrong_ways_to_read_comments_are_error_100(
    vk: SandboxVk, parameters: dict[str, str | int]
) -> None:
    vk.comment(OWNER, 1, CITIZEN.id, "Вопрос")
    envelope = vk.call("wall.getComments", SERVICE_TOKEN, owner_id=OWNER, post_id=1, **parameters)

    assert envelope["error"]["error_code"] == 100


def test_a_community_token_cannot_comment_elsewhere(vk: SandboxVk) -> None:
    text = {"post_id": 1, "message": "Здравствуйте!"}

    elsewhere = vk.call("wall.createComment", COMMUNITY_TOKEN, owner_id=HEAD.owner_id, **text)
    as_other = vk.call(
        "wall.createComment", COMMUNITY_TOKEN, owner_id=OWNER, from_group=HEAD.id, **text
    )

    assert error_of(elsewhere)[0] == error_of(as_other)[0] == 15


def test_an_administrator_reads_edits_and_deletes_the_communitys_comment(vk: SandboxVk) -> None:
    placed = answered(
        vk.call("wall.createComment", COMMUNITY_TOKEN, owner_id=OWNER, post_id=1, message="Ответ")
    )
    named = {"owner_id": OWNER, "comment_id": placed["comment_id"]}

    assert answered(vk.call("wall.editComment", ADMIN_TOKEN, **named, message="Ответ, исправлен"))
    (item,) = answered(vk.call("wall.getComment", ADMIN_TOKEN, **named))["items"]
    assert item["text"] == "Ответ, исправлен"
    assert answered(vk.call("wall.deleteComment", ADMIN_TOKEN, **named))
    assert error_of(vk.call("wall.getComment", ADMIN_TOKEN, **named))[0] == 211


def test_an_administrator_comments_as_the_community_or_as_a_person(vk: SandboxVk) -> None:
    where = {"owner_id": OWNER, "post_id": 1, "message": "Здравствуйте!"}
    vk.call("wall.createComment", ADMIN_TOKEN, **where, from_group=ADMINISTRATION.id)
    vk.call("wall.createComment", ADMIN_TOKEN, **where)
    foreign = vk.call("wall.createComment", ADMIN_TOKEN, **where, from_group=HEAD.id)
    unknown = vk.call("wall.createComment", ADMIN_TOKEN, **where, from_group=404)
    items = answered(vk.call("wall.getComments", ADMIN_TOKEN, owner_id=OWNER, post_id=1))["items"]

    assert [item["from_id"] for item in items] == [OWNER, ADMINISTRATION.admin.id]
    assert (error_of(foreign)[0], error_of(unknown)[0]) == (203, 100)


def test_an_administrator_deletes_a_citizens_comment_only_on_the_own_wall(vk: SandboxVk) -> None:
    own = vk.comment(OWNER, 1, CITIZEN.id, "Спам")
    elsewhere = vk.comment(HEAD.owner_id, 1, CITIZEN.id, "Спам")

    def delete(owner_id: int, comment_id: int) -> dict:
        named = {"owner_id": owner_id, "comment_id": comment_id}
        return vk.call("wall.deleteComment", ADMIN_TOKEN, **named)

    assert answered(delete(OWNER, own)) == 1
    assert error_of(delete(HEAD.owner_id, elsewhere))[0] == 211


def test_a_deleted_comment_is_read_back_restored(vk: SandboxVk) -> None:
    comment_id = vk.comment(OWNER, 1, CITIZEN.id, "Передумал")
    vk.control("POST", f"comments/{OWNER}/{comment_id}/delete")
    assert vk.control("GET", f"comments/{OWNER}/{comment_id}")["deleted"] is True

    restored = vk.control("POST", f"comments/{OWNER}/{comment_id}/restore")
    assert restored["text"] == "Передумал"


def test_nobody_edits_another_persons_comment(vk: SandboxVk) -> None:
    comment_id = vk.comment(OWNER, 1, CITIZEN.id, "Вопрос")
    envelope = vk.call(
        "wall.editComment", ADMIN_TOKEN, owner_id=OWNER, comment_id=comment_id, message="Подмена"
    )

    assert error_of(envelope)[0] == 211


def test_a_closed_post_refuses_comments(vk: SandboxVk) -> None:
    vk.control("PUT", f"posts/{OWNER}/1/rules", {"closed": True})
    envelope = vk.call(
        "wall.createComment", COMMUNITY_TOKEN, owner_id=OWNER, post_id=1, message="Ответ"
    )

    assert error_of(envelope) == (213, "Access to status replies denied")


def test_posts_are_published_and_read(vk: SandboxVk) -> None:
    published = answered(
        vk.call("wall.post", ADMIN_TOKEN, owner_id=OWNER, from_group=1, message="Новость")
    )
    newest = answered(vk.call("wall.get", SERVICE_TOKEN, owner_id=OWNER, count=1))
    by_id = answered(
        vk.call("wall.getById", SERVICE_TOKEN, posts=f"{OWNER}_{published['post_id']},{OWNER}_404")
    )

    assert newest["count"] == len(ADMINISTRATION.posts) + 1
    assert newest["items"] == by_id["items"]
    assert by_id["items"][0]["text"] == "Новость"


def test_a_wall_is_read_by_its_authors(vk: SandboxVk) -> None:
    vk.control("POST", "posts", {"owner_id": OWNER, "from_id": CITIZEN.id, "text": "Спасибо!"})

    def count(**parameters: str | int) -> int:
        return answered(vk.call("wall.get", SERVICE_TOKEN, **parameters))["count"]

    assert count(domain=ADMINISTRATION.community.screen_name) == len(ADMINISTRATION.posts) + 1
    assert count(owner_id=OWNER, filter="owner") == len(ADMINISTRATION.posts)
    assert count(owner_id=OWNER, filter="others") == 1
    assert count(owner_id=OWNER, filter="postponed") == 0


@pytest.mark.parametrize(
    ("method", "parameters", "code"),
    [
        ("wall.get", {}, 100),
        ("wall.get", {"owner_id": -404}, 15),
        ("wall.getById", {"posts": "first"}, 100),
        ("wall.getComments", {"owner_id": OWNER, "post_id": 404}, 212),
        ("users.get", {"user_ids": "anna"}, 100),
        ("groups.getById", {}, 100),
        ("groups.getCallbackServers", {}, 100),
        ("groups.getCallbackServers", {"group_id": 404}, 125),
        ("messages.send", {"group_id": ADMINISTRATION.id, "random_id": 1}, 100),
        ("messages.send", {"group_id": ADMINISTRATION.id, "random_id": 1, "user_id": 404}, 100),
    ],
)
def test_calls_that_name_nothing_or_nobody(
    vk: SandboxVk, method: str, parameters: dict[str, str | int], code: int
) -> None:
    assert error_of(vk.call(method, ADMIN_TOKEN, **parameters))[0] == code


def test_a_suggested_post_is_published_under_a_new_id(vk: SandboxVk) -> None:
    suggestion = {"owner_id": OWNER, "from_id": CITIZEN.id, "text": "Яма", "post_type": "suggest"}
    suggested = vk.control("POST", "posts", suggestion)
    waiting = answered(vk.call("wall.get", ADMIN_TOKEN, owner_id=OWNER, filter="suggests"))
    published = answered(
        vk.call("wall.post", ADMIN_TOKEN, owner_id=OWNER, post_id=suggested["id"], signed=1)
    )

    assert [post["id"] for post in waiting["items"]] == [suggested["id"]]
    assert published["post_id"] > suggested["id"]


def test_a_private_message_is_answered_once_with_one_random_id(vk: SandboxVk) -> None:
    body = {"group_id": ADMINISTRATION.id, "from_id": CITIZEN.id, "text": "Где мой автобус?"}
    vk.control("POST", "messages", body)
    answer = {"peer_id": CITIZEN.id, "message": "Здравствуйте! Уточняем.", "random_id": 77}

    first = answered(vk.call("messages.send", COMMUNITY_TOKEN, **answer))
    again = answered(vk.call("messages.send", COMMUNITY_TOKEN, **answer))
    history = answered(vk.call("messages.getHistory", COMMUNITY_TOKEN, peer_id=CITIZEN.id))
    by_id = answered(vk.call("messages.getById", COMMUNITY_TOKEN, message_ids=first))

    assert again == first
    assert [(m["text"], m["out"]) for m in history["items"]] == [
        (answer["message"], 1),
        (body["text"], 0),
    ]
    assert by_id["items"] == history["items"][:1]


def test_errors_of_single_recipients_hide_in_their_entries(vk: SandboxVk) -> None:
    silent = CITIZENS[1]
    body = {"group_id": ADMINISTRATION.id, "from_id": CITIZEN.id, "text": "Здравствуйте"}
    vk.control("POST", "messages", body)

    sent, refused = answered(
        vk.call(
            "messages.send",
            COMMUNITY_TOKEN,
            peer_ids=f"{CITIZEN.id},{silent.id}",
            message="Ответ",
            random_id=5,
        )
    )

    assert sent["message_id"] > 0
    assert refused["error"]["code"] == 901


def test_messages_need_a_random_id_and_permission(vk: SandboxVk) -> None:
    to_citizen = {"peer_id": CITIZEN.id, "message": "Ответ"}

    without = vk.call("messages.send", COMMUNITY_TOKEN, **to_citizen)
    uninvited = vk.call("messages.send", COMMUNITY_TOKEN, **to_citizen, random_id=1)
    asked = {"group_id": ADMINISTRATION.id, "user_id": CITIZEN.id}
    before = vk.call("messages.isMessagesFromGroupAllowed", COMMUNITY_TOKEN, **asked)
    vk.control("PUT", "messages/permission", {**asked, "permission": "allowed"})
    after = vk.call("messages.isMessagesFromGroupAllowed", COMMUNITY_TOKEN, **asked)

    assert error_of(without)[1].endswith("random_id is a required parameter")
    assert error_of(uninvited)[0] == 901
    assert (answered(before), answered(after)) == ({"is_allowed": 0}, {"is_allowed": 1})


def test_people_and_communities_are_found(vk: SandboxVk) -> None:
    users = answered(vk.call("users.get", COMMUNITY_TOKEN, user_ids=f"{CITIZEN.id},404"))
    own = answered(vk.call("groups.getById", COMMUNITY_TOKEN))
    permissions = answered(vk.call("groups.getTokenPermissions", COMMUNITY_TOKEN))

    assert [user["first_name"] for user in users] == [CITIZEN.first_name]
    assert [group["id"] for group in own["groups"]] == [ADMINISTRATION.id]
    assert {permission["name"] for permission in permissions["permissions"]} >= {"wall", "messages"}


def test_calls_are_logged_without_tokens(vk: SandboxVk, sandbox: VkSandbox) -> None:
    vk.call("users.get", ADMIN_TOKEN)
    vk.call("wall.getComment", COMMUNITY_TOKEN, owner_id=OWNER)

    seen = vk.control("GET", "calls")["calls"]

    assert [(c["method"], c["token_type"], c["outcome"]) for c in seen] == [
        ("users.get", "user", "response"),
        ("wall.getComment", "community", "error 27"),
    ]
    assert COMMUNITY_TOKEN not in str(seen)
    assert len(sandbox.calls.all()) == len(seen)


@pytest.mark.parametrize(
    "method",
    [
        *(f"{section}.createComment" for section in ("photos", "video", "market", "board")),
        *(f"{section}.deleteComment" for section in ("photos", "video", "market", "board")),
        "photos.getWallUploadServer",
        "photos.saveWallPhoto",
        "wall.deleteComment",
    ],
)
def test_what_only_a_person_may_do_is_refused_to_a_community(vk: SandboxVk, method: str) -> None:
    code, text = error_of(vk.call(method, COMMUNITY_TOKEN, owner_id=OWNER, group_id=-OWNER))

    assert code == 27
    assert "group auth" in text


def test_dialogs_are_listed_with_their_newest_message_and_deleted_ones_are_gone(
    vk: SandboxVk,
) -> None:
    for citizen in CITIZENS[:2]:
        body = {"group_id": -OWNER, "from_id": citizen.id, "text": f"Пишет {citizen.first_name}"}
        vk.control("POST", "messages", body)
    listed = answered(vk.call("messages.getConversations", COMMUNITY_TOKEN, group_id=-OWNER))
    first = listed["items"][0]

    assert listed["count"] == 2
    assert first["conversation"]["peer"]["id"] == CITIZENS[1].id
    assert first["last_message"]["text"].startswith("Пишет")
    number = first["last_message"]["id"]
    gone = {"message_ids": number, "group_id": -OWNER, "delete_for_all": 1}
    assert answered(vk.call("messages.delete", COMMUNITY_TOKEN, **gone)) == {str(number): 1}
    assert answered(vk.call("messages.delete", COMMUNITY_TOKEN, **gone)) == {str(number): 0}


def test_shortened_message_is_whole_when_asked_for(vk: SandboxVk) -> None:
    text = "Очень длинное обращение. " * 10
    body = {"group_id": -OWNER, "from_id": CITIZEN.id, "text": text, "cropped": True}
    told = vk.control("POST", "messages", body)
    number = told["conversation_message_id"]

    whole = answered(
        vk.call(
            "messages.getByConversationMessageId",
            COMMUNITY_TOKEN,
            peer_id=CITIZEN.id,
            conversation_message_ids=number,
        )
    )

    assert told["is_cropped"]
    assert len(told["text"]) < len(text)
    assert whole["items"][0]["text"] == text
