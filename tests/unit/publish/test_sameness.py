"""An answer is recognised though the network changed what no reader sees."""

import pytest

from bridge.publish.sameness import ends_with_text, same_text


@pytest.mark.parametrize(
    "seen",
    [
        "Здравствуйте!\n\nЯма «5» & снег <2> убраны ❤️",
        "Здравствуйте! Яма «5» & снег <2> убраны ❤️ ",
        "Здравствуйте!\r\nЯма «5» &amp; снег &lt;2&gt; убраны ❤",
        "Здравствуйте!\u00a0Яма «5» &amp; снег &lt;2&gt;\u2060 убраны ❤",
    ],
)
def test_same_to_a_reader(seen: str) -> None:
    assert same_text(seen, "Здравствуйте!\n\nЯма «5» & снег <2> убраны ❤️")


@pytest.mark.parametrize("seen", ["", "Ответ 1", "ответ", "Ответ."])
def test_other_words_are_another_text(seen: str) -> None:
    assert not same_text(seen, "Ответ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Яму заделали.\n\nАдминистрация  города.", True),
        ("Яму заделали.\n\nАдминистрация города", True),
        ("Администрация города яму заделала.", False),
    ],
)
def test_signature_is_recognised_at_the_end(text: str, expected: bool) -> None:
    assert ends_with_text(text, "Администрация города") is expected
