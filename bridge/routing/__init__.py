"""Which departments a message concerns: rules over lemmas, pure given the mapping."""

from bridge.routing.explanation import explain_in_russian, explain_rules_in_russian
from bridge.routing.mapping import DepartmentMapping, load_mapping
from bridge.routing.route import Alert, Reason, Route, RuleKind
from bridge.routing.router import Router

__all__ = [
    "Alert",
    "DepartmentMapping",
    "Reason",
    "Route",
    "Router",
    "RuleKind",
    "explain_in_russian",
    "explain_rules_in_russian",
    "load_mapping",
]
