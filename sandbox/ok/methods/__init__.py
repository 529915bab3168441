"""The methods of the REST API that the sandbox has, by name."""

from sandbox.ok.methods import discussions, groups, people
from sandbox.ok.methods.call import Method

METHODS: dict[str, Method] = {
    name: method
    for section in (discussions, groups, people)
    for name, method in section.METHODS.items()
}
