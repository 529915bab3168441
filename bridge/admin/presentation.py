"""How pages write instants, durations and numbers: filters for the templates."""

from datetime import date, datetime, timedelta

from flask import Flask, url_for
from markupsafe import Markup

from bridge.office import Office
from bridge.sla.wording import amount, cited, counted, local_moment

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def install_filters(app: Flask, office: Office) -> None:
    """Filters `moment`, `time_tag`, `day`, `rounded`, `remaining`, `since`, `clause`; globals."""
    zone = office.calendar.zone

    def moment(instant: datetime | None) -> str:
        return local_moment(instant, zone) if instant else "—"

    def time_tag(instant: datetime | None) -> Markup | str:
        if instant is None:
            return "—"
        local = instant.astimezone(zone)
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), moment(instant))

    app.add_template_filter(moment)
    app.add_template_filter(time_tag)
    app.add_template_filter(day)
    app.add_template_filter(rounded)
    app.add_template_filter(remaining)
    app.add_template_filter(since)
    app.add_template_filter(cited, "clause")
    app.jinja_env.globals.update(counted=counted, zone=zone, page_of=_page_of)


def day(value: date) -> str:
    """«26.11.2026»."""
    return f"{value:%d.%m.%Y}"


def rounded(duration: timedelta) -> str:
    """As exact as a person needs it: «40 с», «25 мин», «3 ч 10 мин», «2 дня 4 ч»."""
    if duration < _MINUTE:
        return f"{max(0, int(duration.total_seconds()))} с"
    if duration < _DAY:
        return amount(duration - duration % _MINUTE)
    days, rest = divmod(duration, _DAY)
    hours = rest // _HOUR
    written = counted(days, "день", "дня", "дней")
    return f"{written} {hours} ч" if hours else written


def remaining(due: datetime, now: datetime) -> str:
    """«осталось 2 ч 5 мин», «просрочено на 40 мин»."""
    if due >= now:
        return f"осталось {rounded(due - now)}"
    return f"просрочено на {rounded(now - due)}"


def since(instant: datetime, now: datetime) -> str:
    """«5 мин назад»."""
    return f"{rounded(now - instant)} назад"


def _page_of(endpoint: str, **values: object) -> str:
    """A page's address without what is empty."""
    return url_for(endpoint, **{key: value for key, value in values.items() if value})  # type: ignore[arg-type]
