"""Check digits of many registration numbers at once, for the kinds that are met most.

What makes a number right is taken from python-stdnum, which the tests hold every rule against. Each rule is asked about
a matrix with a row for each number and its digits as columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np

from segdsl_firmographic.batches import Bools, Ints
from segdsl_firmographic.registrations import ein_prefixes

Holds: TypeAlias = Callable[[Ints], Bools]


class Rules(NamedTuple):
    """What makes a number of digits alone right, by how many it has; others are wrong.

    A number with letters is wrong too, unless it begins with `letters`; then only the library can tell.
    """

    by_length: Mapping[int, Holds]
    letters: tuple[str, ...] = ()


def is_lei(signs: Ints) -> Bools:
    """ISO 17442: 20 letters and digits (as bytes) whose value modulo 97 is 1, letters counting as 10 to 35."""
    rest = np.zeros(len(signs), np.int64)
    for column in signs.T:
        rest = np.where(column > ord("9"), rest * 100 + column - ord("A") + 10, rest * 10 + column - ord("0")) % 97
    return np.asarray(rest == 1, np.bool_)


def _luhn(digits: Ints) -> Bools:
    doubled = 2 * digits[:, -2::-2]
    return np.asarray((digits[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)) % 10 == 0, np.bool_)


def _mod_11_10(digits: Ints) -> Bools:
    """ISO 7064."""
    check = np.full(len(digits), 5)
    for column in digits.T:
        check = (np.where(check == 0, 10, check) * 2 % 11 + column) % 10
    return np.asarray(check == 1, np.bool_)


def _sum(digits: Ints, weights: Sequence[int]) -> Ints:
    total: Ints = digits[:, : len(weights)] @ np.array(weights)
    return total


def _value(digits: Ints) -> Ints:
    return _sum(digits, [10**place for place in range(digits.shape[1] - 1, -1, -1)])


def _weighted(modulus: int, *weights: int) -> Holds:
    """Numbers whose digits, each times its weight, add up to a multiple of the modulus."""
    return lambda digits: _sum(digits, weights) % modulus == 0


def _german_vat(digits: Ints) -> Bools:
    return np.asarray((digits[:, 0] != 0) & _mod_11_10(digits), np.bool_)


def _danish_vat(digits: Ints) -> Bools:
    return np.asarray((digits[:, 0] != 0) & _weighted(11, 2, 7, 6, 5, 4, 3, 2, 1)(digits), np.bool_)


def _french_vat(digits: Ints) -> Bools:
    """The key is of the SIREN after it; numbers of Monaco have three zeros there and no SIREN."""
    of_monaco = (digits[:, 2:5] == 0).all(axis=1)
    key = (_value(digits[:, 2:]) * 100 + 12) % 97
    return np.asarray((of_monaco | _luhn(digits[:, 2:])) & (_value(digits[:, :2]) == key), np.bool_)


def _siret(digits: Ints) -> Bools:
    """Branches of La Poste are told by the sum of their digits."""
    number = _value(digits)
    of_post = (number // 100_000 == 356_000_000) & (number != 35_600_000_000_048)
    return np.asarray(np.where(of_post, digits.sum(axis=1) % 5 == 0, _luhn(digits)) & _luhn(digits[:, :9]), np.bool_)


def _italian_vat(digits: Ints) -> Bools:
    office = _value(digits[:, 7:10])
    of_office = ((office >= 1) & (office <= 100)) | np.isin(office, (120, 121, 888, 999))
    return np.asarray(digits[:, :7].any(axis=1) & of_office & _luhn(digits), np.bool_)


def _british_vat(digits: Ints) -> Bools:
    rest = _sum(digits, (8, 7, 6, 5, 4, 3, 2, 10, 1)) % 97
    return np.asarray(np.where(digits[:, 0] > 0, np.isin(rest, (0, 42, 55)), rest == 0), np.bool_)


def _company_inn(digits: Ints) -> Bools:
    return np.asarray(_sum(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == digits[:, 9], np.bool_)


def _personal_inn(digits: Ints) -> Bools:
    first = _sum(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = _sum(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return np.asarray((first == digits[:, 10]) & (second == digits[:, 11]), np.bool_)


def _abn(digits: Ints) -> Bools:
    check = 11 + (-_sum(digits[:, 2:], (3, 5, 7, 9, 11, 13, 15, 17, 19)) - 1) % 89
    return np.asarray(check == _value(digits[:, :2]), np.bool_)


def _business_of_israel(digits: Ints) -> Bools:
    return np.asarray((digits[:, 0] == 5) & _luhn(digits), np.bool_)


def _register_code_of_estonia(digits: Ints) -> Bools:
    first = _sum(digits, (1, 2, 3, 4, 5, 6, 7)) % 11
    check = np.where(first == 10, _sum(digits, (3, 4, 5, 6, 7, 8, 9)) % 11, first) % 10
    return np.asarray(np.isin(digits[:, 0], (1, 7, 8, 9)) & (check == digits[:, 7]), np.bool_)


def _vat_of_luxembourg(digits: Ints) -> Bools:
    return np.asarray(_value(digits[:, :6]) % 89 == _value(digits[:, 6:]), np.bool_)


def _company_number_of_australia(digits: Ints) -> Bools:
    return np.asarray(-_sum(digits, (8, 7, 6, 5, 4, 3, 2, 1)) % 10 == digits[:, 8], np.bool_)


def _ogrn(digits: Ints) -> Bools:
    return np.asarray((digits[:, 0] != 0) & (_value(digits[:, :12]) % 11 % 10 == digits[:, 12]), np.bool_)


def _personal_ogrn(digits: Ints) -> Bools:
    """The remainder by 13 may have two digits; no number with such a one is right."""
    of_person = np.isin(digits[:, 0], (3, 4))
    return np.asarray(of_person & (_value(digits[:, :14]) % 13 == digits[:, 14]), np.bool_)


def _utr(digits: Ints) -> Bools:
    check = np.array([int(sign) for sign in "21987654321"])[_sum(digits[:, 1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11]
    return np.asarray(digits[:, 0] == check, np.bool_)


def _any(digits: Ints) -> Bools:
    return np.ones(len(digits), np.bool_)


def _ein(digits: Ints) -> Bools:
    return np.asarray(np.isin(_value(digits[:, :2]), _ein_numbers()), np.bool_)


@cache
def _ein_numbers() -> Ints:
    return np.array(sorted(map(int, ein_prefixes())))


# By the library's module. The letters are those that it takes off or lets a number begin with.
RULES: Mapping[str, Rules] = {
    "at.uid": Rules({}, ("AT", "U")),
    "au.abn": Rules({11: _abn}),
    "au.acn": Rules({9: _company_number_of_australia}),
    "ch.vat": Rules({}, ("CHE",)),
    "de.vat": Rules({9: _german_vat}, ("DE",)),
    "dk.cvr": Rules({8: _danish_vat}, ("DK",)),
    "ee.kmkr": Rules({9: _weighted(10, 3, 7, 1, 3, 7, 1, 3, 7, 1)}, ("EE",)),
    "ee.registrikood": Rules({8: _register_code_of_estonia}),
    "eg.tn": Rules({9: _any}),
    "fi.alv": Rules({8: _weighted(11, 7, 9, 10, 5, 8, 4, 2, 1)}, ("FI",)),
    "fr.siren": Rules({9: _luhn}),
    "fr.siret": Rules({14: _siret}),
    "fr.tva": Rules({11: _french_vat}, ("",)),
    "gb.utr": Rules({10: _utr}, ("K",)),
    "gb.vat": Rules({9: _british_vat, 12: _british_vat}, ("GB", "XI", "GD", "HA")),
    "hr.oib": Rules({11: _mod_11_10}, ("HR",)),
    "il.hp": Rules({9: _business_of_israel}),
    "it.iva": Rules({11: _italian_vat}, ("IT",)),
    "lu.tva": Rules({8: _vat_of_luxembourg}, ("LU",)),
    "no.orgnr": Rules({9: _weighted(11, 3, 2, 7, 6, 5, 4, 3, 2, 1)}),
    "pl.nip": Rules({10: _weighted(11, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1)}, ("PL",)),
    "ru.inn": Rules({10: _company_inn, 12: _personal_inn}),
    "ru.ogrn": Rules({13: _ogrn, 15: _personal_ogrn}),
    "se.orgnr": Rules({10: _luhn}),
    "us.ein": Rules({9: _ein}),
}
