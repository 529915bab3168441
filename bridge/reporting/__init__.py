"""Reports for the head of the office: pure figures from stored facts, and how they are shown."""
