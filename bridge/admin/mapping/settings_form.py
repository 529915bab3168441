"""The settings that belong to no department, as a form, and back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.admin.mapping.word_lists import check_pattern, read_lines
from bridge.routing import DepartmentMapping

_PERCENT: Final = re.compile(r"\d{1,3}([.,]\d{1,2})?")
_WHOLE: Final = 100
_SEVERAL: Final = ("split", "curator")


@dataclass(frozen=True)
class SettingsForm:
    """What stands in the form, and what is wrong with it, by field."""

    values: Mapping[str, str]
    errors: Mapping[str, tuple[str, ...]]


def filled_in(mapping: DepartmentMapping) -> SettingsForm:
    """The form of the mapping's settings."""
    defaults = {f"default.{key}": value for key, value in mapping.default_departments.items()}
    important = {f"important.{each.key}": "\n".join(each.phrases) for each in mapping.importance}
    return SettingsForm(
        {
            "threshold": f"{mapping.confidence_threshold * _WHOLE:g}".replace(".", ","),
            "several": mapping.several,
            "exclusions": "\n".join(mapping.exclusions),
            "territory_matters": "\n".join(mapping.territory_matters),
            **defaults,
            **important,
        },
        {},
    )


def read_settings(
    typed: Mapping[str, str], mapping: DepartmentMapping, channels: Iterable[str]
) -> DepartmentMapping | SettingsForm:
    """The mapping with the settings as typed; or the form again, with what is wrong."""
    errors: dict[str, tuple[str, ...]] = {}
    values: dict[str, Any] = {
        "confidence_threshold": _threshold(typed, errors),
        "several": _several(typed, errors),
        "exclusions": _words(typed, "exclusions", errors),
        "territory_matters": _words(typed, "territory_matters", errors),
        "default_departments": _defaults(typed, mapping, tuple(channels), errors),
        "importance": tuple(
            rule.model_copy(update={"phrases": _words(typed, f"important.{rule.key}", errors)})
            for rule in mapping.importance
        ),
    }
    if errors:
        return SettingsForm({**typed}, errors)
    return DepartmentMapping.model_validate({**dict(mapping), **values})


def _threshold(typed: Mapping[str, str], errors: dict[str, tuple[str, ...]]) -> float:
    text = typed.get("threshold", "").strip().removesuffix("%").strip()
    value = float(text.replace(",", ".")) if _PERCENT.fullmatch(text) else -1.0
    if not 0 <= value <= _WHOLE:
        errors["threshold"] = ("Нужно число от 0 до 100, например 60.",)
    return round(value / _WHOLE, 4)


def _several(typed: Mapping[str, str], errors: dict[str, tuple[str, ...]]) -> str:
    chosen = typed.get("several", "")
    if chosen not in _SEVERAL:
        errors["several"] = ("Выберите одно из двух.",)
    return chosen


def _words(
    typed: Mapping[str, str], name: str, errors: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    words, mistakes = read_lines(typed.get(name, ""), check_pattern)
    if mistakes:
        errors[name] = mistakes
    return words


def _defaults(
    typed: Mapping[str, str],
    mapping: DepartmentMapping,
    channels: tuple[str, ...],
    errors: dict[str, tuple[str, ...]],
) -> dict[str, str]:
    """Those of channels that are not configured here stay as they are."""
    keys = {each.key for each in mapping.departments}
    defaults = {
        channel: key
        for channel, key in mapping.default_departments.items()
        if channel not in channels
    }
    for channel in channels:
        key = typed.get(f"default.{channel}", "")
        if key in keys:
            defaults[channel] = key
        elif key:
            errors[f"default.{channel}"] = ("Такого подразделения нет: выберите из списка.",)
    return defaults
