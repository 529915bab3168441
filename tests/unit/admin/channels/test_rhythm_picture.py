"""One sees at a glance when a channel was busy, and when it fell silent."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.admin.channels.rhythm_picture import HEIGHT, draw

PERM = ZoneInfo("Asia/Yekaterinburg")
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
THIS_HOUR = NOW.replace(minute=0)


def test_the_busiest_hour_is_the_highest_bar_and_quiet_hours_have_none() -> None:
    picture = draw({THIS_HOUR: 10, THIS_HOUR - timedelta(hours=5): 5}, NOW, PERM)
    assert [(bar.height, bar.y) for bar in picture.bars] == [(HEIGHT / 2, HEIGHT / 2), (HEIGHT, 0)]
    assert picture.words == "за 7 дней событий: 15, больше всего за час: 10"


def test_days_begin_at_the_offices_midnight() -> None:
    picture = draw({}, NOW, PERM)
    assert [day for _, day in picture.midnights] == [f"{day}.11" for day in range(17, 24)]
    assert picture.bars == ()
