"""OK's error codes by what they say of the whole channel.

https://apiok.ru/en/dev/errors
"""

TOKEN_REFUSED = frozenset({9, 10, 101, 102, 103, 104, 200, 210, 451, 453, 514})
"""Nothing will work until a person mends the token, its rights or the application."""

NOT_THERE = frozenset({106, 140, 141, 300, 700, 702})
"""What was asked for does not exist, or no longer."""

FOR_A_WHILE = frozenset({1, 2, 7, 8, 11, 30, 31, 5000, 9999})
"""OK is busy, broken, or has had enough of us: whatever is asked for next may fail, too."""
