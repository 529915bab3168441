"""A citizen's name for a file leads nowhere and hides nothing."""

import pytest

from bridge.fetching.file_names import LONGEST, safe_file_name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Яма у дома 5.jpeg", "Яма у дома 5.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Windows\\фото.exe", "фото.jpg"),
        ("счёт\u202egpj.exe", "счёт gpj.jpg"),
        ("a\x00b\r\nc\x1b.png", "a b c.jpg"),
        ("Акт № 12 (копия).v2.docx", "Акт № 12 (копия).v2.jpg"),
        ("<b>фото</b>?*|\"'.gif", "b.jpg"),
        ("😡", "файл.jpg"),
        ("", "файл.jpg"),
        ("...", "файл.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("{{macro}} #1 [[wiki]] !x!", "macro 1 wiki x.jpg"),
    ],
)
def test_names_are_made_safe(wanted: str, name: str) -> None:
    assert safe_file_name(wanted, ".jpg") == name


def test_a_long_name_is_cut_and_keeps_its_end() -> None:
    name = safe_file_name("я" * 1000 + ".exe", ".jpg")
    assert name == "я" * LONGEST + ".jpg"
