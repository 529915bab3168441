"""The acts after the main job: every system once, and every turn that a message may take."""

from collections.abc import Sequence

from sandbox.demo.acts.act import Act, Keepsake, take_turns
from sandbox.demo.acts.obscene import Obscene
from sandbox.demo.acts.one_department import OneDepartment
from sandbox.demo.acts.several_departments import SeveralDepartments
from sandbox.demo.acts.steps import Steps
from sandbox.demo.acts.twice import Twice
from sandbox.demo.acts.with_photo import WithPhoto
from sandbox.demo.casework import Casework
from sandbox.demo.narrator import Narrator
from sandbox.demo.scene import Scene
from sandbox.demo.talks.card import Card
from sandbox.demo.talks.ok_comment import OkComment
from sandbox.demo.talks.ok_message import OkMessage
from sandbox.exchange.model import System
from sandbox.ok.seed import CITIZENS as OK_CITIZENS


def play_programme(scene: Scene, casework: Casework, narrator: Narrator) -> list[Keepsake]:
    """Play all acts together: each waits while others go on. Raises `DemoFailed`."""

    def steps(title: str) -> Steps:
        return Steps(scene, casework, narrator, title)

    acts: Sequence[Act] = (
        Twice(steps("VK and Incident")),
        SeveralDepartments(steps("Three departments")),
        WithPhoto(steps("VK, message, photo")),
        _ok_comment(steps("OK, comment")),
        _ok_message(steps("OK, message")),
        _incident(steps("Incident, file")),
        _mss(steps("MSS, HTTP")),
        Obscene(steps("Obscene")),
    )
    return take_turns(acts)


def _ok_comment(steps: Steps) -> Act:
    citizen = OK_CITIZENS[0]
    return OneDepartment(
        steps,
        opening=f"{citizen.name} writes",
        department="housing",
        text="Батареи ледяные, в квартире 14 градусов: улица Советская, дом 8. Когда будет тепло?",
        answer="В доме 8 по улице Советской отопление включили в полдень.",
        where="under the comment in OK",
        write=lambda text: OkComment.write(steps.scene.ok, citizen, text),
    )


def _ok_message(steps: Steps) -> Act:
    citizen = OK_CITIZENS[1]
    return OneDepartment(
        steps,
        opening=f"{citizen.name} writes",
        department="transport",
        text="Автобус № 68 утром не приходит по расписанию, ждём по сорок минут.",
        answer="С понедельника на маршрут 68 утром выходят ещё два автобуса.",
        where="in the private chat in OK",
        write=lambda text: OkMessage.write(steps.scene.ok, citizen, text),
    )


def _incident(steps: Steps) -> Act:
    return OneDepartment(
        steps,
        opening="A card is registered",
        department="roads",
        text="На улице Попова не работает светофор, второй день. Когда его починят?",
        answer="Светофор на улице Попова работает с девяти часов утра.",
        where="on the card in Incident, taken from the file",
        write=lambda text: Card.register(
            steps.scene.exchange, System.INCIDENT, "Мария Лобанова", text
        ),
    )


def _mss(steps: Steps) -> Act:
    return OneDepartment(
        steps,
        opening="A card is registered",
        department="education",
        text="В школе № 22 с сентября нет учителя математики, дети пропускают уроки.",
        answer="Учитель математики выходит на работу в школу № 22 с понедельника.",
        where="on the card in MSS",
        write=lambda text: Card.register(steps.scene.exchange, System.MSS, "Артём Зырянов", text),
    )
