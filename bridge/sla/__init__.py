"""The regulation's time and rules: pure, no I/O, no reading of the clock."""
