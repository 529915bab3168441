"""VK's rules for posts and comments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.errors import VkError
from sandbox.vk.model import CommentRules, JsonObject, Post
from sandbox.vk.wall import CommentDraft, Wall

Event = tuple[str, int, JsonObject]
OWNER, CITIZEN, NEIGHBOUR = -7, 501, 502


@pytest.fixture
def wall(clock: ManualClock, published: list[Event]) -> Wall:
    return Wall(clock, lambda *event: published.append(event), guid_window=timedelta(hours=1))


@pytest.fixture
def post(wall: Wall, clock: ManualClock) -> Post:
    return wall.place_post(Post(OWNER, 0, OWNER, clock(), "Чистим снег"))


@pytest.fixture
def draft(post: Post) -> CommentDraft:
    return CommentDraft(OWNER, post.id, CITIZEN, "Не убрано")


def refused(wall: Wall, draft: CommentDraft) -> int:
    with pytest.raises(VkError) as refusal:
        wall.add_comment(draft)
    return refusal.value.code


def test_posts_and_comments_of_a_wall_share_rising_ids(wall: Wall, draft: CommentDraft) -> None:
    comment = wall.add_comment(draft)
    second_post = wall.place_post(Post(OWNER, 0, OWNER, comment.date, "Ещё запись"))

    assert (draft.post_id, comment.id, second_post.id) == (1, 2, 3)


def test_a_reply_to_a_reply_stays_in_the_thread_of_the_first_comment(
    wall: Wall, draft: CommentDraft
) -> None:
    first = wall.add_comment(draft)
    answer = wall.add_comment(replace(draft, from_id=OWNER, reply_to_comment=first.id))
    thanks = wall.add_comment(replace(draft, from_id=NEIGHBOUR, reply_to_comment=answer.id))

    assert answer.parents_stack == thanks.parents_stack == (first.id,)
    assert (thanks.reply_to_comment, thanks.reply_to_user) == (answer.id, OWNER)
    assert wall.replies(first) == [answer, thanks]


def test_a_new_comment_is_published_as_the_documented_object(
    wall: Wall, published: list[Event], draft: CommentDraft, clock: ManualClock
) -> None:
    comment = wall.add_comment(draft)

    assert published == [
        (
            "wall_reply_new",
            OWNER,
            {
                "id": comment.id,
                "from_id": CITIZEN,
                "date": int(clock().timestamp()),
                "text": "Не убрано",
                "post_id": draft.post_id,
                "owner_id": OWNER,
                "parents_stack": [],
                "thread": {"count": 0},
                "post_owner_id": OWNER,
            },
        )
    ]


def test_a_repeated_guid_returns_the_first_comment_and_publishes_nothing(
    wall: Wall, published: list[Event], draft: CommentDraft
) -> None:
    first = wall.add_comment(replace(draft, guid="answer-1"))
    again = wall.add_comment(replace(draft, guid="answer-1", text="Другое"))

    assert again == first
    assert [event_type for event_type, _, _ in published] == ["wall_reply_new"]


def test_a_guid_is_forgotten_after_its_window(
    wall: Wall, clock: ManualClock, draft: CommentDraft
) -> None:
    first = wall.add_comment(replace(draft, guid="answer-1"))
    clock.advance(timedelta(hours=1))

    assert wall.add_comment(replace(draft, guid="answer-1")).id != first.id


def test_a_guid_of_another_author_is_another_guid(wall: Wall, draft: CommentDraft) -> None:
    first = wall.add_comment(replace(draft, guid="answer-1"))

    assert wall.add_comment(replace(draft, guid="answer-1", from_id=OWNER)).id != first.id


def test_comments_that_vk_refuses(wall: Wall, post: Post, draft: CommentDraft) -> None:
    elsewhere = wall.add_comment(draft)
    other_post = wall.place_post(replace(post, id=0))

    assert refused(wall, replace(draft, post_id=404)) == 212
    assert refused(wall, replace(draft, text="")) == 100
    assert refused(wall, replace(draft, reply_to_comment=404)) == 100
    reply_across_posts = replace(draft, post_id=other_post.id, reply_to_comment=elsewhere.id)
    assert refused(wall, reply_across_posts) == 100


def test_post_rules_refuse_comments_with_vks_codes(
    wall: Wall, post: Post, draft: CommentDraft
) -> None:
    wall.set_comment_rules(OWNER, post.id, CommentRules(closed=True))
    assert refused(wall, draft) == 213

    wall.set_comment_rules(OWNER, post.id, CommentRules(links_forbidden=True))
    assert refused(wall, replace(draft, text="Смотрите https://example.org")) == 222

    wall.set_comment_rules(OWNER, post.id, CommentRules(community_replies_limit=0))
    assert refused(wall, replace(draft, from_id=OWNER)) == 223
    assert wall.add_comment(draft).from_id == CITIZEN


def test_a_deleted_comment_stays_visible_only_while_it_has_replies(
    wall: Wall, post: Post, draft: CommentDraft
) -> None:
    first = wall.add_comment(draft)
    reply = wall.add_comment(replace(draft, reply_to_comment=first.id))
    wall.delete_comment(OWNER, first.id, CITIZEN)

    assert [c.id for c in wall.comments(OWNER, post.id)] == [first.id, reply.id]
    wall.delete_comment(OWNER, reply.id, CITIZEN)
    assert wall.comments(OWNER, post.id) == []


def test_edit_delete_and_restore_are_published(
    wall: Wall, published: list[Event], draft: CommentDraft
) -> None:
    comment = wall.add_comment(draft)
    wall.edit_comment(OWNER, comment.id, "Уточняю: у дома 5")
    wall.delete_comment(OWNER, comment.id, NEIGHBOUR)
    restored = wall.restore_comment(OWNER, comment.id)

    assert [event_type for event_type, _, _ in published] == [
        "wall_reply_new",
        "wall_reply_edit",
        "wall_reply_delete",
        "wall_reply_restore",
    ]
    assert published[2][2] == {
        "owner_id": OWNER,
        "id": comment.id,
        "deleter_id": NEIGHBOUR,
        "post_id": draft.post_id,
    }
    assert restored.text == "Уточняю: у дома 5"


def test_what_is_not_deleted_cannot_be_restored(wall: Wall, draft: CommentDraft) -> None:
    comment = wall.add_comment(draft)

    with pytest.raises(VkError, match="211"):
        wall.restore_comment(OWNER, comment.id)


def test_a_published_suggestion_gets_a_new_id_and_its_author_as_signer(
    wall: Wall, post: Post
) -> None:
    suggested = wall.add_post(replace(post, from_id=CITIZEN, post_type="suggest"))
    placed = wall.publish_suggestion(OWNER, suggested.id, signed=True)

    assert placed.id > suggested.id
    assert (placed.from_id, placed.signer_id, placed.post_type) == (OWNER, CITIZEN, "post")
    assert wall.find_post(OWNER, suggested.id) is None


def test_an_ordinary_post_cannot_be_published_as_a_suggestion(wall: Wall, post: Post) -> None:
    with pytest.raises(VkError, match="214"):
        wall.publish_suggestion(OWNER, post.id, signed=False)
