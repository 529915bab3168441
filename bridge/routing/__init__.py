"""Which departments a message concerns: rules over lemmas, and a classifier beside them. Pure."""

from bridge.routing.explanation import (
    explain_alerts_in_russian,
    explain_in_russian,
    explain_rules_in_russian,
)
from bridge.routing.mapping import DepartmentMapping, load_mapping
from bridge.routing.route import Alert, Reason, Route, Routes, RuleKind
from bridge.routing.router import Router

__all__ = [
    "Alert",
    "DepartmentMapping",
    "Reason",
    "Route",
    "Router",
    "Routes",
    "RuleKind",
    "explain_alerts_in_russian",
    "explain_in_russian",
    "explain_rules_in_russian",
    "load_mapping",
]
