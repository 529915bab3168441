"""An administrator changes where messages go, sees first what that does, and can take it back."""

from typing import Any

import pytest
from selenium.webdriver.support.ui import Select

from bridge.admin.parts import AdminParts
from bridge.bootstrap import open_office
from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession
from bridge.mapping_keeping import keep_first
from bridge.office import Office
from bridge.store import mapping_versions
from bridge.store.database import Store
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import StaffUser, create_group, rename_group
from tests.admin_site import Visitor
from tests.integration.admin.conftest import NOW
from tests.real_messages import add_corrected, fill_with_messages

PARKS = "Зелёное хозяйство"


@pytest.fixture(scope="module", autouse=True)
def _busy(store: Store, office: Office) -> None:
    keep_first(store, office.mapping, NOW)
    fill_with_messages(store, NOW, 200)
    add_corrected(
        store,
        first=201,
        texts=(
            "Ондатра поселилась в канаве у дороги",
            "На обочине у пруда снова ондатра, дети боятся",
            "Ондатра подрыла обочину, берег осыпается",
        ),
        proposed="roads",
        chosen="ecology",
        rule="keyword: обочина",
    )


@pytest.fixture(scope="module")
def admin(visitor: Visitor, administrator: StaffUser) -> Visitor:
    visitor.log_in(administrator)
    return visitor


def _sees(visitor: Visitor, text: str) -> None:
    """Sooner or later: the page that a button leads to may be on its way still."""
    read = "return document.body ? document.body.innerText : ''"
    visitor.wait_until(lambda: text in visitor.driver.execute_script(read), text)


def _newest(store: Store) -> int:
    with store.reading() as session:
        return mapping_versions.newest_number(session)


def test_a_message_that_is_typed_is_routed_at_once(admin: Visitor) -> None:
    admin.open("/admin/mapping")
    assert len(admin.find_all("tbody tr")) == 21
    admin.type("#text", "В школе № 12 холодно, батареи еле тёплые")
    admin.wait_until(lambda: "Уверенность" in admin.text("#tried"), "a route")
    assert "жилищно-коммунального" in admin.text("#tried")
    admin.assert_well_made()
    admin.screenshot("mapping")
    with admin.on_a_phone():
        admin.assert_fits()
        admin.assert_accessible()
        admin.screenshot("mapping-phone")


def test_a_change_is_drafted_compared_with_real_messages_and_saved(
    admin: Visitor, store: Store
) -> None:
    admin.open("/admin/mapping/department/sport")
    keywords = admin.find("#keywords").get_attribute("value")
    admin.type("#keywords", f"снег!\n{keywords}")
    admin.press("Записать в черновик")
    _sees(admin, "Строка 1: «снег!» — не понятно")
    admin.assert_accessible()
    admin.driver.get_log("browser")  # type: ignore[no-untyped-call]  # the refusal
    admin.screenshot("mapping-mistake")
    admin.type("#keywords", f"{keywords}\nавтобус\nтротуар")
    admin.press("Записать в черновик")
    _sees(admin, "изменения в черновике")
    admin.press("Что изменится для сообщений")
    _sees(admin, "пошли бы иначе, чем по версии 1")
    admin.assert_well_made()
    admin.screenshot("mapping-recent")
    with admin.on_a_phone():
        admin.assert_fits()
        admin.screenshot("mapping-recent-phone")
    admin.press("Посмотреть и сохранить")
    _sees(admin, "Ваш черновик")
    admin.type("#note", "Проверка: автобусы у стадиона")
    admin.assert_well_made()
    admin.screenshot("mapping-draft")
    admin.press("Сохранить версию 2")
    _sees(admin, "Сохранена версия 2")
    assert _newest(store) == 2


def test_a_suggestion_is_taken_by_one_click_and_a_version_is_taken_back(
    admin: Visitor, store: Store
) -> None:
    admin.open("/admin/mapping/suggestions")
    admin.assert_well_made()
    admin.screenshot("mapping-suggestions")
    admin.find("button[aria-label='Добавить в черновик: ондатра']").click()
    _sees(admin, "«ондатра» — в черновике")
    admin.press("Посмотреть и сохранить")
    _sees(admin, "Ваш черновик")
    admin.press("Удалить черновик")
    admin.press("Удалить черновик насовсем")
    _sees(admin, "Черновик удалён")
    admin.open("/admin/mapping/versions/1")
    admin.assert_well_made()
    admin.screenshot("mapping-version")
    admin.press("Вернуть эту версию")
    _sees(admin, "Действует версия 3. Возвращена версия 1.")
    admin.assert_well_made()
    admin.screenshot("mapping-history")
    assert _newest(store) == 3


def test_a_department_with_a_group_made_by_hand_gets_tickets_without_another_set_up(
    admin: Visitor, parts: AdminParts, access: RedmineAccess, layout: dict[str, Any], store: Store
) -> None:
    group = create_group(access, layout, PARKS, "department")
    admin.open("/admin/mapping/new")
    admin.type("#name", "Управление зелёного хозяйства")
    admin.type("#key", "parks")
    Select(admin.find("#group")).select_by_visible_text(PARKS)
    admin.type("#keywords", "борщевик")
    admin.assert_well_made()
    admin.screenshot("mapping-department")
    with admin.on_a_phone():
        admin.assert_fits()
        admin.screenshot("mapping-department-phone")
    admin.press("Добавить в черновик")
    _sees(admin, "изменения в черновике")
    rename_group(access, group, "Другая группа")
    admin.open("/admin/mapping/draft")
    _sees(admin, f"В Redmine нет группы «{PARKS}»")
    rename_group(access, group, PARKS)
    admin.open("/admin/mapping/draft")
    admin.type("#note", "Новое управление")
    admin.press("Сохранить версию 4")
    _sees(admin, "Сохранена версия 4")
    assert _newest(store) == 4

    office = open_office(parts.offices.files, store).current()
    session = RedmineSession(access.url, access.robot_key)
    helpdesk = RedmineHelpdesk(
        session, RedmineDirectory(session, office.layout, office.department_groups)
    )
    draft = TicketDraft(
        external_number="vk:wall-1_2_r777",
        subject="Борщевик",
        description="Борщевик.",
        status="assigned",
        department="parks",
        fields={},
        due_date=None,
    )
    assert helpdesk.read(helpdesk.create(draft).id).department == "parks"
