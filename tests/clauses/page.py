"""Renders `docs/ru/regulation.md`: the regulation number by number, with what carries it out."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.clauses.cited_settings import Setting
from tests.clauses.evidence import CLAUSE, READING, SCENARIO, Evidence
from tests.clauses.marked_tests import MarkedTest
from tests.clauses.regulation import Demand

PAGE = Path("docs") / "ru" / "regulation.md"

_HEAD = """\
# Регламент по пунктам

<!-- Страницу составляет scripts/clauses. Не правьте её руками. -->

Какая настройка, какой код и какие тесты отвечают за каждый пункт регламента (постановление
администрации города Перми от 23.12.2022 № 1344). Страница составлена по самим файлам настройки,
коду и тестам; проверка перед каждым изменением программы не пропускает ни пункта без теста, ни
устаревшей страницы.

Настройка названа файлом из папки `config` и ключом в нём. У тестов указано, сколько их в файле:
сначала быстрые, на чистых правилах, затем — на настоящем Redmine. «Позже» стоит там, где чего-то
ещё нет.

## Пункты

| пункт | о чём | настройка | код | заметки сотрудникам | тесты | тесты в Redmine |
|---|---|---|---|---|---|---|
"""

_READINGS = """
## Как прочитаны пункты, которые допускают разное

Каждое прочтение — значение настройки по умолчанию; другой город меняет настройку, не программу.

| № | прочтение | настройка | по умолчанию | тесты |
|---|---|---|---|---|
"""

_SCENARIOS = """
## На чём ошибались другие системы

Случаи из открытых обсуждений подобных систем и тесты, которые показывают, что здесь так не бывает.

| № | как должно быть | тесты |
|---|---|---|
"""


def render(evidence: Evidence) -> str:
    """The whole page; the same tree always gives the same text."""
    page = _Page(evidence)
    regulation = evidence.regulation
    clauses = (page.clause(number, demand) for number, demand in regulation.clauses.items())
    readings = (page.reading(number, demand) for number, demand in regulation.readings.items())
    scenarios = (page.scenario(number, demand) for number, demand in regulation.scenarios.items())
    return "".join([_HEAD, *clauses, _READINGS, *readings, _SCENARIOS, *scenarios])


class _Page:
    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def clause(self, number: str, demand: Demand) -> str:
        if not demand.rule:
            return _row(f"**{number}**", f"**{demand.text}**", *[""] * 5)
        tests = list(self._evidence.tests_of(CLAUSE, number))
        unit = [test for test in tests if self._evidence.is_unit(test)]
        in_redmine = [test for test in tests if not self._evidence.is_unit(test)]
        return _row(
            number,
            demand.text,
            _settings(self._evidence.settings_of(number)) or _none(demand.no_setting),
            _listed(self._code(number)),
            _listed(self._link(path, path.stem) for path in self._evidence.notes_of(number)),
            _listed(self._counted(unit)),
            _listed(self._counted(in_redmine)) or _none(demand.no_redmine),
        )

    def reading(self, number: int, demand: Demand) -> str:
        settings = list(self._evidence.settings_of_reading(number))
        values = _listed(f"`{setting.value}`" for setting in settings if setting.value)
        return _row(
            str(number),
            demand.text,
            _settings(settings) or _none(demand.no_setting),
            values or "—",
            self._named(READING, number, demand),
        )

    def scenario(self, number: int, demand: Demand) -> str:
        return _row(str(number), demand.text, self._named(SCENARIO, number, demand))

    def _named(self, marker: str, number: int, demand: Demand) -> str:
        tests = sorted(self._evidence.tests_of(marker, number), key=lambda test: test.path)
        by_file = groupby(tests, key=lambda test: test.path)
        named = (f"{self._file(path)}: {_names(group)}" for path, group in by_file)
        return _listed(named) or f"позже: {demand.later}"

    def _code(self, number: str) -> Iterator[str]:
        places = groupby(self._evidence.code_of(number), key=lambda place: place.path)
        for path, group in places:
            names = ", ".join(f"`{place.name}`" for place in group if place.name)
            link = self._link(path, self._shown(path))
            yield f"{link}: {names}" if names else link

    def _counted(self, tests: Iterable[MarkedTest]) -> Iterator[str]:
        for path, number in sorted(Counter(test.path for test in tests).items()):
            yield f"{self._file(path)} ({number})"

    def _file(self, path: Path) -> str:
        return self._link(path, path.name)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._evidence.project / "bridge").as_posix()

    def _link(self, path: Path, text: str) -> str:
        return f"[{text}]({os.path.relpath(path, (self._evidence.project / PAGE).parent)})"


def _settings(settings: Iterable[Setting]) -> str:
    return _listed(_setting(setting) for setting in settings)


def _setting(setting: Setting) -> str:
    if not setting.key:
        return setting.file
    term = f" `{setting.term}`" if setting.term else ""
    return f"{setting.file}: `{setting.key}`{term}"


def _names(tests: Iterable[MarkedTest]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(test.name for test in tests))


def _none(reason: str) -> str:
    return f"нет: {reason}" if reason else ""


def _listed(items: Iterable[str]) -> str:
    return "<br>".join(items)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell or '—' for cell in cells)} |\n"
