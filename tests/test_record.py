"""Records behave as the standard library's frozen, slotted dataclasses do."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from segdsl.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: int
    y: int = 5
    label: str = field(default="", compare=False)
    tags: list[str] = field(default_factory=list, compare=False)

    @property
    def total(self) -> int:
        return self.x + self.y


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    x: int
    y: int = 5
    label: str = dataclasses.field(default="", compare=False)
    tags: list[str] = dataclasses.field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Single:
    value: object


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Hidden:
    shown: int
    _kept: int = field(default=0, repr=False, compare=False)


WAYS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, 2), {}),
    ((1, 2, "a"), {}),
    ((1, 2, "a", ["b"]), {}),
    ((), {"x": 1}),
    ((1,), {"label": "a"}),
    ((), {"y": 2, "x": 1}),
]


@pytest.mark.parametrize(("args", "kwargs"), WAYS)
def test_records_are_made_as_dataclasses_are(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    record, standard = Point(*args, **kwargs), Standard(*args, **kwargs)
    for name in ("x", "y", "label", "tags"):
        assert getattr(record, name) == getattr(standard, name)
    assert repr(record) == repr(standard).replace("Standard", "Point")


@pytest.mark.parametrize(
    ("args", "kwargs"), [((), {}), ((1, 2, "a", [], 5), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 2})]
)
def test_wrong_arguments_are_refused(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    for kind in (Point, Standard):
        with pytest.raises(TypeError):
            kind(*args, **kwargs)


def test_a_default_that_is_made_is_made_for_each_record() -> None:
    one, other = Point(1), Point(1)
    one.tags.append("a")
    assert other.tags == []


def test_records_are_equal_by_their_compared_values_and_their_class() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b")
    assert Point(1, 2) != Point(2, 2)
    assert Point(1, 5) != Standard(1, 5)
    assert Single(1) != 1
    assert Empty() == Empty()
    assert Single(Empty()) != Single(Single(Empty()))


def test_equal_records_hash_alike_and_classes_apart() -> None:
    assert hash(Point(1, 2, "a")) == hash(Point(1, 2, "b"))
    assert len({Point(1, 2), Point(1, 2, "b"), Point(2, 2)}) == 2
    assert len({Single(1), Empty(), Single(1)}) == 2
    with pytest.raises(TypeError):
        hash(Single([]))


def test_records_cannot_be_changed() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        point.z = 2  # type: ignore[attr-defined]
    assert point == Point(1)


def test_records_are_slotted() -> None:
    assert not hasattr(Point(1), "__dict__")
    assert Point.__slots__ == ("x", "y", "label", "tags")


def test_records_are_matched_by_place_and_by_name() -> None:
    match Point(1, 2):
        case Point(x, y=2):
            assert x == 1
        case _:
            pytest.fail("not matched")


def test_records_are_dataclasses_to_the_standard_library() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [f.name for f in dataclasses.fields(Point)] == [f.name for f in dataclasses.fields(Standard)]
    assert [f.compare for f in dataclasses.fields(Point)] == [f.compare for f in dataclasses.fields(Standard)]
    changed = dataclasses.replace(Point(1, 2, "a"), y=3)
    assert (changed.x, changed.y, changed.label) == (1, 3, "a")
    assert dataclasses.asdict(Point(1)) == dataclasses.asdict(Standard(1))


def test_methods_properties_and_docstrings_stay() -> None:
    assert Point(1, 2).total == 3
    assert Point.__doc__ == "A place."
    assert Point.__name__ == "Point"
    assert Point.__module__ == __name__


def test_records_are_copied_and_sent_to_other_processes() -> None:
    point = Point(1, 2, "a", ["b"])
    for twin in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):  # noqa: S301
        assert (twin.x, twin.y, twin.label, twin.tags) == (1, 2, "a", ["b"])


def test_a_name_that_begins_with_an_underscore_is_not_shown() -> None:
    assert repr(Hidden(5)) == "Hidden(shown=5)"
    assert repr(Empty()) == "Empty()"
