"""Names of tools as people write them, brought to one form."""

import re
import unicodedata
from collections.abc import Iterator

# A longer text is no name: it is kept as written.
MAX_NAME = 200

_SIGNS = str.maketrans("", "", "™®©")
_ENDINGS = "com|io|net|org|co|ai|app|dev|so|cloud|me|us|eu|uk|de"
# What isn't the name, and what is left of it.
_SHORTER = tuple(
    (re.compile(pattern), rest)
    for pattern, rest in (
        # https://www.salesforce.com/crm
        (rf"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS}))(?:[/?#]\S*)?$", r"\1"),
        # (self-hosted), [beta]
        (r"\s*[(\[][^()\[\]]*[)\]]?$", ""),
        (r"\s+(?:by|from)\s.*$", ""),
        (r"[\s,]+(?:inc|incorporated|llc|ltd|limited|corp|corporation|gmbh|ag|sa|bv|plc|oy|ab|pty|co|company)\.?$", ""),
        (rf"(?<=\w)\.(?:{_ENDINGS})$", ""),
        # 3.11, v15, 2.x, 14+, 18 LTS, 8/11; straight after the name only where that has two letters, as S3 is a name
        (
            r"(?:[\s_:@/,>=~^-]+(?:v|ver|version|release)?[\s.]*|(?<=[^\W\d]{2}|.[+#])v?)\d+(?:[._](?:\d+|x))*\s*(?:\+|lts)?$",
            "",
        ),
        (r"\s+(?:enterprise|community|professional|pro|premium|standard|edition|plus|business|free|basic)$", ""),
        (r"\s+(?:starter|ultimate|subscription|licen[cs]e|software|lts)$", ""),
    )
)


def fold(name: str) -> str:
    """A name without case, punctuation and white space: `Node.js` and `nodejs` are one; C, C++ and C# stay three.

    A text that has no letter or digit folds to itself.
    """
    plain = unicodedata.normalize("NFKC", name.translate(_SIGNS)).casefold()
    kept = "".join(c for c in plain if c.isalnum() or c in "+#" or unicodedata.category(c).startswith("M"))
    return kept or " ".join(plain.split())


def spellings(name: str) -> Iterator[str]:
    """A name folded, first as written, then ever shorter: without address, version, company form, edition."""
    yield fold(name)
    if len(name) > MAX_NAME:
        return
    text = " ".join(unicodedata.normalize("NFKC", name.translate(_SIGNS)).casefold().split())
    before = ""
    while text != before:
        before = text
        for pattern, rest in _SHORTER:
            shorter = pattern.sub(rest, text).strip(" ,;-")
            if shorter and shorter != text:
                text = shorter
                yield fold(text)
