"""Local servers that stand in for the outside world: faithful on the wire, faulty on request."""
