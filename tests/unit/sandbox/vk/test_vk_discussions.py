"""Comments on photos, videos, goods and in discussions, and the events that tell of them."""

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.discussions import Discussions, ItemCommentDraft
from sandbox.vk.errors import VkError
from sandbox.vk.model import Item, ItemKind, JsonObject

OWNER = -1001
PHOTO = Item(ItemKind.PHOTO, OWNER, 9, "Фото")
TOPIC = Item(ItemKind.TOPIC, OWNER, 9, "Обсуждение")
DRAFT = ItemCommentDraft(501, "Красота!")


@pytest.fixture
def discussions(clock: ManualClock, published: list[tuple[str, int, JsonObject]]) -> Discussions:
    return Discussions(clock, lambda *event: published.append(event), [PHOTO, TOPIC])


def test_each_change_is_told_in_the_documented_form(
    discussions: Discussions, published: list[tuple[str, int, JsonObject]]
) -> None:
    comment = discussions.add(PHOTO, DRAFT)
    edited = discussions.edit(comment, "Иначе")
    deleted = discussions.delete(edited, 91)
    discussions.restore(deleted)

    kinds = [kind for kind, _, _ in published]
    assert kinds == [f"photo_comment_{verb}" for verb in ("new", "edit", "delete", "restore")]
    assert published[0][2] == {
        "id": 1,
        "from_id": 501,
        "date": 1795440600,
        "text": "Красота!",
        "parents_stack": [],
        "photo_owner_id": OWNER,
        "photo_id": 9,
    }
    assert published[2][2] == {
        "owner_id": OWNER,
        "id": 1,
        "user_id": 501,
        "deleter_id": 91,
        "photo_id": 9,
    }


def test_deleted_post_of_a_discussion_does_not_tell_who_deleted_it(
    discussions: Discussions, published: list[tuple[str, int, JsonObject]]
) -> None:
    discussions.delete(discussions.add(TOPIC, DRAFT), 91)

    kind, _, told = published[-1]
    assert kind == "board_post_delete"
    assert told == {"topic_owner_id": OWNER, "topic_id": 9, "id": 1}


def test_repeated_guid_returns_the_first_comment(discussions: Discussions) -> None:
    draft = ItemCommentDraft(OWNER, "Ответ", guid="placement-1")

    assert discussions.add(PHOTO, draft) == discussions.add(PHOTO, draft)
    assert len(discussions.comments(PHOTO)) == 1


def test_comment_without_words_is_refused(discussions: Discussions) -> None:
    with pytest.raises(VkError) as raised:
        discussions.add(PHOTO, ItemCommentDraft(501, ""))
    assert raised.value.code == 100


def test_thing_that_is_not_there_is_not_found(discussions: Discussions) -> None:
    with pytest.raises(VkError) as raised:
        discussions.item(ItemKind.VIDEO, OWNER, 9)
    assert raised.value.code == 104
