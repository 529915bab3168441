"""The answers that the curator's guide offers can be placed as they are."""

import re

import pytest

from bridge.channels import load_channels
from bridge.config.document import load_document
from bridge.messages import Visibility
from bridge.settings import PROJECT
from bridge.sla.policy import SlaSettings

GUIDE = PROJECT / "docs" / "ru" / "curator-cases.md"
SAMPLE = re.compile(r"(?:^> .*\n)+", re.MULTILINE)


@pytest.mark.reading(13)
@pytest.mark.clause("1.1")
def test_the_sample_for_an_appeal_says_where_to_file_it_and_fits_every_channel() -> None:
    (sample,) = SAMPLE.findall(GUIDE.read_text(encoding="utf-8"))
    text = " ".join(line.removeprefix("> ") for line in sample.splitlines())
    for told in ("№ 59-ФЗ", "направьте обращение", "официальном сайте", "30 дней"):
        assert told in text
    policies = load_document(PROJECT / "config" / "sla.yaml", SlaSettings).by_key
    channels = load_channels(PROJECT / "config" / "channels.yaml", policies)
    limits = [channel.limits.of(each) for channel in channels for each in Visibility]
    assert len(text) < min(limits) / 2
