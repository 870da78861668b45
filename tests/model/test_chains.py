"""Declarations that build on one another, in long chains and circles."""

from tests.model.checking import check

HEAD = 'source t from "t.csv" { k : text key  n : int }\n'


def fields(count: int, last: str) -> str:
    """Fields of which each is computed from the next, and the last from `last`."""
    steps = [f"x{i} = x{i + 1} + 1" for i in range(count - 1)]
    return HEAD + "derive t { " + "  ".join([*steps, f"x{count - 1} = {last}"]) + " }"


def test_a_long_chain_against_the_order_of_the_text_is_fine() -> None:
    assert check(fields(290, "n")).found == ()


def test_a_long_circle_is_one_finding() -> None:
    found = check(fields(150, "x0")).found
    assert [d.code for d in found] == ["SEG203"]


def test_a_chain_beyond_all_bounds_is_refused() -> None:
    names = [f'population p{i} from p{i + 1} {{ keep "all {i}" when n > 0 }}' for i in range(1_200)]
    found = check(HEAD + "\n".join(names) + '\npopulation p1200 from p0 { keep "x" when n > 0 }').found
    assert "SEG107" in {d.code for d in found}


def test_a_control_character_never_becomes_a_title() -> None:
    found = check(HEAD + 'population p "\\u{1b}[31m" from t { keep "x" when n > 0 }').found
    assert [d.code for d in found] == ["SEG105"]


def test_only_ascii_digits_make_numbers() -> None:
    found = check(HEAD + 'population p from t { keep "x" when n > \u0663 }').found
    assert [d.code for d in found] == ["SEG102"]
