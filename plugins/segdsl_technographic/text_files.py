"""Reading a file that an option names; what can't be read is refused with the line."""

import json
import re
from pathlib import Path
from typing import Any

from segdsl.plugin import Refused

_HALF_OF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def read_text(path: Path, option: str) -> str:
    """The text of a UTF-8 file, with or without a byte-order mark."""
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        reason = (wrong.strerror or "unknown reason").lower()
        raise Refused(f"`{path.name}` can't be read: {reason}", option, "a file of the project") from wrong
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise Refused(
            f"`{path.name}`, line {line} isn't UTF-8 text", option, help="save the file as UTF-8 text"
        ) from wrong


def read_json(path: Path, option: str) -> Any:
    """What a JSON file holds; all its texts can be written as UTF-8."""
    text = read_text(path, option)
    try:
        content = json.loads(text)
        if _HALF_OF_PAIR.search(text):
            json.dumps(content, ensure_ascii=False).encode("utf-8")
        return content
    except UnicodeEncodeError as wrong:
        raise Refused(f"`{path.name}` holds half of a pair of UTF-16 signs", option, "a JSON file") from wrong
    except json.JSONDecodeError as wrong:
        raise Refused(
            f"`{path.name}`, line {wrong.lineno}, column {wrong.colno} isn't JSON: {wrong.msg.lower()}",
            option,
            "a JSON file",
        ) from wrong
    except RecursionError as wrong:
        raise Refused(f"`{path.name}` holds lists within lists without end", option, "a JSON file") from wrong
    except ValueError as wrong:
        raise Refused(f"`{path.name}` holds a number of thousands of digits", option, "a JSON file") from wrong
