"""Links from outside that staff may open: of the web, and of nothing that runs in a browser."""

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 2000

_SITE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)")


def web_link(written: str) -> str:
    """A link as a browser opens it; empty when it is none.

    Redmine makes a link of whatever stands in a field of that format, `javascript://` too.
    """
    link = written if "://" in written or not _SITE.match(written) else f"https://{written}"
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.netloc
    return link if is_web and len(link) <= LONGEST and link.isprintable() else ""
