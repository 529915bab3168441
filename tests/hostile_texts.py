"""What somebody might write to break out of a text: into markup, HTML, formulas, requests.

The same texts at each run. Whatever calls `RUNS`, loads from `ELSEWHERE` or shows `FORMULA`'s value
has got out.
"""

from collections.abc import Iterator
from random import Random

RUNS = "alert(666)"
ELSEWHERE = "evil.example"
FORMULA = f'=HYPERLINK("https://{ELSEWHERE}","x")'

_PIECES = (
    "яма",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u2028",
    "\x0b",
    "\x00",
    "\ud83d",
    "\ufeff",
    "\u2060",
    # Redmine
    "{{",
    "}}",
    "\n}}\n",
    "{{include(Secret)}}",
    "{{toc}}",
    "{{collapse(x)\n",
    "{{macro(0)}}",
    "!{{child_pages}}",
    "{{thumbnail(a.png)}}",
    "#1",
    "##1",
    "r1",
    "commit:ab",
    "attachment:a.png",
    "@admin",
    "user:admin",
    "[[Wiki|x]]",
    "document:1",
    "<redpre#0>",
    "<redpre#1>",
    # Textile
    f"!https://{ELSEWHERE}/a.png!",
    f'"x":https://{ELSEWHERE}/',
    '"x":javascript://%0aalert(666)',
    "p(((. ",
    "bq. ",
    "h1. ",
    "==",
    "@",
    "|_. a |",
    "</pre>",
    "<pre>",
    "</PRE\n>",
    "</pre",
    '<code class="ruby">',
    "</code>",
    "</kbd>",
    "<notextile>",
    "</notextile>",
    "%{color:red}x%",
    "%{background:url(//evil.example)}x%",
    # CommonMark
    "`",
    "```",
    "\n```\n",
    "\n````````\n",
    "~~~",
    f"![x](https://{ELSEWHERE}/b.png)",
    "[x](javascript:alert(666))",
    "> ",
    "---",
    "\\",
    "<https://evil.example>",
    # HTML
    "<b>",
    "</div></div>",
    f"<script>{RUNS}</script>",
    f"<img src=https://{ELSEWHERE}/c.png onerror={RUNS}>",
    f"<svg/onload={RUNS}>",
    f"<iframe src=//{ELSEWHERE}>",
    "<!--",
    "-->",
    "]]>",
    "<?php",
    "&lt;b&gt;",
    "&#60;script&#62;",
    "&amp;",
    f'" onmouseover="{RUNS}',
    f"' onmouseover='{RUNS}",
    f"javascript:{RUNS}",
    # Workbooks and templates
    FORMULA,
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "{% raw %}",
    "${7*7}",
)


def hostile_texts(count: int) -> Iterator[str]:
    """Each piece by itself, then mixtures of them, up to so many."""
    yield from _PIECES[:count]
    random = Random(666)  # noqa: S311 - nothing depends on it being unknown
    for _ in range(count - len(_PIECES)):
        yield "".join(random.choices(_PIECES, k=random.randint(2, 9)))
