"""A word, sign or literal of a text, with its terminal and place."""


class Token(str):
    """The characters as written. `type` is the terminal, `start_pos` and `end_pos` are offsets into the text."""

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    start_pos: int
    end_pos: int


def make_token(kind: str, text: str, start: int, end: int) -> Token:
    token = Token(text)
    token.type = kind
    token.start_pos = start
    token.end_pos = end
    return token
