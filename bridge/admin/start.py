"""The first page: whichever the person sees first in the menu."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.sections import sections_of
from bridge.admin.sessions import person


def routes() -> Blueprint:
    """`/admin/`."""
    pages = Blueprint("start", __name__)

    @pages.get("/")
    @requires(Right.VIEW)
    def show() -> ResponseReturnValue:
        first = next(sections_of(current_app, person()), None)
        return redirect(url_for(first.endpoint)) if first else render_template("start.html")

    return pages
