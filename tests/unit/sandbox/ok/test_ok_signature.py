"""The sandbox's OK checks signatures as OK does: by its published example."""

from sandbox.ok.rest import signature

CALL = {"application_key": "ABCDEFGHIGKLMNOPK", "format": "json", "method": "events.get"}
TOKEN = "-s-84W-s3egarWUsbkq-IWTucuedzTKT8VUXIA.s4Xx8IW7"
SECRET = "ABC123DEF456GHI789JKL123"


def test_published_example_has_its_published_signature() -> None:
    assert signature(CALL, TOKEN, SECRET) == "232c8eb921951c4dba9b72606f9ddb4c"


def test_signature_and_token_are_no_part_of_it() -> None:
    sent = {**CALL, "sig": "x", "access_token": TOKEN, "session_key": "y"}

    assert signature(sent, TOKEN, SECRET) == signature(CALL, TOKEN, SECRET)
