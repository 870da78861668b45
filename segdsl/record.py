"""`dataclass(frozen=True, slots=True)` that costs little to declare.

Start-up is a feature: the standard decorator compiles six methods for each class, 0.6 ms a class, and the language has
two hundred of them, so `check` would spend more time on its own classes than on the spec. Here a class costs a
thirtieth of that, because its methods are closures. To a type checker, and to `dataclasses.replace`, `fields` and
`is_dataclass`, these are dataclasses like any others.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    import dataclasses
    from dataclasses import MISSING, FrozenInstanceError
    from dataclasses import field as field

    _FIELD = dataclasses.Field

    def dataclass(*, frozen: bool, slots: bool) -> Any:
        """The decorator, for frozen and slotted classes without bases."""
        assert frozen and slots
        return _make

    def _make(cls: type) -> type:
        annotations = cls.__dict__.get("__annotations__", {})  # noqa: RUF063  (inspect is slow to import)
        names = tuple(annotations)
        space = {k: v for k, v in cls.__dict__.items() if k not in names and k not in ("__dict__", "__weakref__")}
        defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        compared = tuple(n for n in names if not (isinstance(defaults.get(n), _FIELD) and defaults[n].compare is False))
        space.update(
            __slots__=names,
            __match_args__=names,
            __init__=_init(names, defaults),
            __eq__=_equal,
            __hash__=_hash,
            __repr__=_repr,
            __setattr__=_refuse,
            __delattr__=_refuse,
            __getstate__=_get_state,
            __setstate__=_set_state,
            __dataclass_fields__=_LazyFields(annotations, defaults),
            __dataclass_params__=_PARAMS,
            _values=staticmethod(_getter(compared)),
        )
        return type(cls)(cls.__name__, cls.__bases__, space)

    def _getter(names: tuple[str, ...]) -> Any:
        """A function from a record to the tuple of its compared values."""
        if len(names) > 1:
            return attrgetter(*names)
        return (lambda record: (getattr(record, names[0]),)) if names else (lambda record: ())

    def _init(names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
        """A constructor that puts each argument into its slot; the slots are known by the first call."""
        setters: list[Any] = []

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
            if not setters:
                setters.extend(type(self).__dict__[name].__set__ for name in names)
            if kwargs or len(args) != len(names):
                args = _complete(type(self).__name__, names, defaults, args, kwargs)
            for put, value in zip(setters, args, strict=True):
                put(self, value)

        return __init__

    def _complete(
        cls: str, names: tuple[str, ...], defaults: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, ...]:
        """All values in the order of the fields, from what was given and the defaults."""
        given = dict(zip(names, args, strict=False))
        twice = given.keys() & kwargs.keys()
        unknown = kwargs.keys() - set(names)
        if len(args) > len(names) or twice or unknown:
            raise TypeError(f"{cls}: wrong arguments {sorted(twice | unknown) or len(args)}")
        given.update(kwargs)
        return tuple(given[name] if name in given else _default(cls, name, defaults) for name in names)

    def _default(cls: str, name: str, defaults: dict[str, Any]) -> Any:
        default = defaults.get(name, MISSING)
        if isinstance(default, _FIELD):
            default = default.default if default.default_factory is MISSING else default.default_factory()
        if default is MISSING:
            raise TypeError(f"{cls}: `{name}` is missing")
        return default

    def _equal(self: Any, other: Any) -> Any:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return self._values(self) == self._values(other)

    def _hash(self: Any) -> int:
        return hash((type(self), self._values(self)))

    def _repr(self: Any) -> str:
        shown = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.__slots__ if not n.startswith("_"))
        return f"{type(self).__qualname__}({shown})"

    def _refuse(self: Any, name: str, *value: Any) -> None:
        raise FrozenInstanceError(f"cannot change field {name!r}")

    def _get_state(self: Any) -> list[Any]:
        return [getattr(self, n) for n in self.__slots__]

    def _set_state(self: Any, state: list[Any]) -> None:
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)

    def replace(record: Any, /, **changes: Any) -> Any:
        """The record with some of its values changed, as `dataclasses.replace`, without asking for its fields."""
        cls = type(record)
        values = [changes.pop(name) if name in changes else getattr(record, name) for name in cls.__slots__]
        return cls(*values, **changes)

    def _shareable(default: Any) -> Any:
        """The default as the standard decorator takes it: it refuses what has no hash, though it may be frozen."""
        if isinstance(default, _FIELD) or type(default).__hash__ is not None:
            return default
        return field(default_factory=lambda: default)

    class _LazyFields:
        """The `__dataclass_fields__` of a class, made when someone asks for them."""

        def __init__(self, annotations: dict[str, Any], defaults: dict[str, Any]) -> None:
            self._annotations = annotations
            self._defaults = {name: _shareable(value) for name, value in defaults.items()}

        def __get__(self, instance: Any, owner: type) -> Any:
            twin = dataclasses.dataclass(type("Twin", (), {"__annotations__": self._annotations, **self._defaults}))
            owner.__dataclass_fields__ = twin.__dataclass_fields__
            return owner.__dataclass_fields__

    _PARAMS = dataclasses.dataclass(frozen=True)(type("Twin", (), {})).__dataclass_params__
