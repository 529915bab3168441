"""`bridge learn`: the second voice learns from the office's own tickets, now."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from bridge.bootstrap import open_router, system_clock
from bridge.commands.context import Context
from bridge.config.document import ConfigError
from bridge.flow.learning import LEAST_HELD_BACK, Learning, LearningReport, Lesson
from bridge.second_voice import unheard
from bridge.store.database import Store, StoreUnavailable
from bridge.store.schema import is_current

NO_TICKETS = LearningReport(Lesson.TOO_FEW)
"""The store has not been made yet."""

_ENDINGS = {
    Lesson.KEPT: "Новая модель лучше прежней и уже используется.",
    Lesson.NOT_BETTER: "Новая модель не лучше прежней: оставлена прежняя.",
    Lesson.NOTHING_NEW: "С прошлого обучения ничего не изменилось.",
    Lesson.TOO_FEW: (
        "Закрытых карточек пока мало: для сравнения моделей отложено должно быть не меньше "
        f"{LEAST_HELD_BACK}. Используется модель из поставки."
    ),
    Lesson.IMPOSSIBLE: (
        "Не установлено дополнение classifier (scikit-learn): сообщения направляются только по "
        "правилам."
    ),
}


@click.command("learn")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def learn_command(context: Context, as_json: bool) -> None:
    """Teach the routing's second voice the tickets that the office has closed.

    The new model is kept only if it routes more of the tickets held back for comparison as the
    curators had than the present one does. Exit: 0; 1 when nothing can be learnt here.
    """
    settings = context.settings()
    store = Store(settings.effective_store_url)
    office = context.office_in_force(store)
    try:
        router = open_router(settings, office)
        learning = Learning(store, router, system_clock)
        with _watched(as_json, len(office.mapping.departments) + 1) as progress:
            # A new installation has a model after this, whatever its store has to teach.
            router.current(progress)
        with _watched(as_json, len(office.mapping.departments) + 1) as progress:
            report = learning.run(progress) if is_current(learning.store.engine) else NO_TICKETS
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"модель не записана: {error}") from error
    except StoreUnavailable as error:
        raise click.ClickException(f"хранилище недоступно: {error}") from error
    click.echo(json.dumps(asdict(report)) if as_json else "\n".join(_for_people(report)))
    raise SystemExit(1 if report.lesson is Lesson.IMPOSSIBLE else 0)


@contextmanager
def _watched(as_json: bool, labels: int) -> Iterator[Callable[[str], None]]:
    """A bar that fills with each department that was learnt."""
    if as_json:
        yield unheard
        return
    with click.progressbar(length=labels, label="Обучение", file=sys.stderr) as bar:
        yield lambda _label: bar.update(1)


def _for_people(report: LearningReport) -> Iterator[str]:
    yield (
        f"Своих сообщений для обучения: {report.learnt_from}, "
        f"отложено для сравнения: {report.held_back}."
    )
    if report.lesson in (Lesson.KEPT, Lesson.NOT_BETTER):
        yield (
            f"Из отложенных направлены в точности как кураторами: новой моделью {report.exact}, "
            f"прежней {report.former_exact}."
        )
    yield _ENDINGS[report.lesson]
