"""The Flask application of the administrator's pages, below `/admin/`.

A process of its own: however long a page takes, callbacks of the networks do not wait for it.
"""

import gc
from typing import Final

from flask import Flask, Response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bridge.admin import inbox, login, placement, reports, start
from bridge.admin.attempts import make_limiter
from bridge.admin.board import page as board
from bridge.admin.channels import page as channels
from bridge.admin.journal import page as journal
from bridge.admin.mapping import page as mapping
from bridge.admin.parts import AdminParts
from bridge.admin.policies import page as policies
from bridge.admin.presentation import install_filters
from bridge.admin.sections import sections_of
from bridge.admin.session_key import session_key
from bridge.admin.sessions import install_sessions
from bridge.bootstrap import (
    connect_redis,
    count_calls,
    open_accounts,
    open_office,
    open_reports,
    system_clock,
)
from bridge.checks import Checks
from bridge.flow.queue import WorkQueue
from bridge.log_lines import configure_logging
from bridge.office import Office
from bridge.settings import Settings, load_settings
from bridge.store.database import Store, StoreUnavailable
from bridge.web.request_ids import give_request_ids

PREFIX: Final = "/admin"
LARGEST_FORM: Final = 4 * 1024 * 1024
"""A mapping of many departments, several times over."""

_CONTENT_SECURITY: Final = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def make() -> Flask:
    """The application of this installation. Raises `ConfigError`."""
    settings = load_settings()
    configure_logging(settings.log_level)
    count_calls()
    office = Office.load(settings.config)
    store = Store(settings.effective_store_url)
    app = make_app(
        AdminParts(
            settings=settings,
            offices=open_office(office, store),
            store=store,
            hints=WorkQueue(connect_redis(settings)),
            accounts=open_accounts(settings, office),
            now=system_clock,
        )
    )
    gc.freeze()
    return app


def make_app(parts: AdminParts) -> Flask:
    """The application over these parts."""
    app = Flask("bridge.admin", static_url_path=f"{PREFIX}/static")
    _configure(app, parts.settings)
    give_request_ids(app)
    CSRFProtect(app)
    install_sessions(app, parts)
    install_filters(app, parts.offices.files)
    app.register_blueprint(
        login.routes(parts, make_limiter(app, parts.settings)), url_prefix=PREFIX
    )
    checks = Checks(parts.settings, parts.offices.files, parts.store, parts.now)
    for pages in (
        start.routes(),
        reports.routes(parts, lambda: open_reports(parts.settings, parts.office, parts.store)),
        board.routes(parts),
        policies.routes(parts),
        channels.routes(parts, checks),
        mapping.routes(parts),
        journal.routes(parts),
        placement.routes(parts),
        inbox.routes(parts),
    ):
        app.register_blueprint(pages, url_prefix=PREFIX)
    _frame(app, parts)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=session_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME="bridge_admin",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.effective_admin_url.startswith("https:"),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=0, x_host=0
        )


def _frame(app: Flask, parts: AdminParts) -> None:
    """What all pages have round them: menu, headers, errors."""

    @app.context_processor
    def common() -> dict[str, object]:
        menu = list(sections_of(app, current_user)) if current_user.is_authenticated else []
        address = parts.settings.effective_redmine_public_url
        return {"menu": menu, "now": parts.now(), "redmine": address}

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[str, int]:
        return render_template("error.html", **_explanation(error)), error.code or 500

    @app.errorhandler(StoreUnavailable)
    def store_is_down(_error: StoreUnavailable) -> tuple[str, int]:
        return render_template(
            "error.html",
            title="Хранилище не отвечает",
            text="Обновите страницу через минуту. Если не поможет, проверьте базу данных.",
        ), 503


def _explanation(error: HTTPException) -> dict[str, str]:
    if isinstance(error, CSRFError):
        text = "Страница была открыта слишком давно. Вернитесь, обновите её и повторите."
        return {"title": "Действие не выполнено", "text": text}
    title, text = _ERRORS.get(error.code or 500, _ERRORS[500])
    return {"title": title, "text": text}


_ERRORS: Final = {
    400: ("Запрос не понят", "Вернитесь на страницу, обновите её и повторите."),
    403: ("Нет доступа", "Для этой страницы у вашей учётной записи нет нужной роли в Redmine."),
    404: ("Такой страницы нет", "Проверьте адрес или выберите раздел в меню."),
    405: ("Так нельзя", "Откройте страницу из меню и нажмите кнопку на ней."),
    413: ("Слишком много данных", "Файл или форма больше допустимого размера."),
    429: ("Слишком много попыток", "Подождите 15 минут и попробуйте снова."),
    500: ("Ошибка", "Что-то пошло не так. Подробности — в журнале программы."),
}
