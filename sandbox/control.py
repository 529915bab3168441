"""The part of the `/sandbox/` API that every network has: faults, calls, clear refusals."""

from typing import TypeVar

from flask import Blueprint, Flask, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError

from sandbox.calls import CallLog
from sandbox.faults import Fault, FaultBook

Request = TypeVar("Request", bound=BaseModel)


class ControlRequest(BaseModel):
    """Base of every request body of the `/sandbox/` API: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoSuchThing(LookupError):
    """A control request names something that the sandbox does not have."""


def read_body(model: type[Request]) -> Request:
    """The JSON body of the present request as `model`.

    Raises pydantic's `ValidationError`, answered with 400, which says what is wrong and where.
    """
    return model.model_validate_json(request.get_data() or b"{}")


def answer_refusals(app: Flask) -> None:
    """Let bad control requests be answered with a 4xx and a reason instead of a 500."""

    @app.errorhandler(ValidationError)
    def _invalid(error: ValidationError) -> tuple[Response, int]:
        mistakes = error.errors(include_url=False, include_context=False, include_input=False)
        return jsonify(errors=[{"where": m["loc"], "problem": m["msg"]} for m in mistakes]), 400

    @app.errorhandler(NoSuchThing)
    def _missing(error: NoSuchThing) -> tuple[Response, int]:
        return jsonify(errors=[{"where": [], "problem": str(error)}]), 404


def fault_routes(faults: FaultBook, calls: CallLog) -> Blueprint:
    """`/sandbox/faults` (POST, GET, DELETE) and `/sandbox/calls` (GET)."""
    routes = Blueprint("sandbox_faults", __name__, url_prefix="/sandbox")

    @routes.post("/faults")
    def _add_fault() -> tuple[Response, int]:
        fault = read_body(Fault)
        faults.add(fault)
        return jsonify(fault.model_dump(mode="json")), 201

    @routes.get("/faults")
    def _pending_faults() -> Response:
        pending = [
            fault.model_dump(mode="json") | {"left": left} for fault, left in faults.pending()
        ]
        return jsonify(faults=pending)

    @routes.delete("/faults")
    def _clear_faults() -> tuple[str, int]:
        faults.clear()
        return "", 204

    @routes.get("/calls")
    def _calls() -> Response:
        method = request.args.get("method")
        seen = [call.as_json() for call in calls.all() if method in (None, call.method)]
        return jsonify(calls=seen)

    return routes
