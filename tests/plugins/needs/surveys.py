"""Survey answers with planted groups, and answers of one population in several shapes."""

from collections.abc import Callable, Mapping

import numpy as np

Answers = np.ndarray
# What four groups want of three kinds of needs: more (1) or less (-1) than the middle of the scale.
WANTS = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [1, 1, 1]])
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def planted(
    seed: int, accounts: int = 300, items: int = 12, apart: float = 1.2, noise: float = 0.8, level: float = 0.0
) -> tuple[Answers, np.ndarray]:
    """Answers from 1 to 5 of four groups of unequal size, and the group of each account.

    `apart` is how far a group's mean answer lies from 3, `noise` the standard deviation within a group and item,
    `level` that of an account's habit to answer everything higher or lower; answers are rounded and cut to the scale.
    """
    random = np.random.default_rng(seed)
    group = random.choice(4, accounts, p=SHARES)
    kind = np.arange(items) * 3 // items
    habit = level * random.standard_normal((accounts, 1))
    answers = 3 + apart * WANTS[group][:, kind] + noise * random.standard_normal((accounts, items)) + habit
    return np.clip(np.round(answers), 1, 5), group


def _latent(random: np.random.Generator, accounts: int, items: int, factors: int) -> Answers:
    """Normal variables of variance 1 that rest on some factors, each on one, with loadings of .6 to .85."""
    loadings = np.zeros((items, factors))
    loadings[np.arange(items), np.arange(items) * factors // items] = random.uniform(0.6, 0.85, items)
    errors = random.standard_normal((accounts, items)) * np.sqrt(1 - (loadings**2).sum(axis=1))
    return random.standard_normal((accounts, factors)) @ loadings.T + errors


def _cut(latent: Answers, *cuts: float) -> Answers:
    return np.searchsorted(cuts, latent) + 1.0


def _even(latent: Answers) -> Answers:
    return _cut(latent, -1.5, -0.5, 0.5, 1.5)


def _each_by_its_own_cuts(latent: Answers, random: np.random.Generator) -> Answers:
    cuts = [np.sort(random.normal(random.normal(0, 0.7), 1, 4)) for _ in latent.T]
    return np.stack([_cut(column, *own) for column, own in zip(latent.T, cuts, strict=True)], axis=1)


Shape = Callable[[Answers, np.random.Generator], Answers]

# One population each, without any groups.
SHAPES: Mapping[str, Shape] = {
    "normal": lambda latent, random: latent,
    "one to five": lambda latent, random: _even(latent),
    "mostly five": lambda latent, random: _cut(latent, -2.5, -1.8, -1.2, -0.3),
    "skewed by item": _each_by_its_own_cuts,
    "yes or no": lambda latent, random: (latent > random.normal(0, 0.5, latent.shape[1])).astype(float),
    "one to three": lambda latent, random: _cut(latent, -0.6, 0.6),
    "nought to ten": lambda latent, random: _cut(latent, *np.linspace(-2, 1.5, 10)) - 1,
    "habit of high answers": lambda latent, random: _even((latent + random.standard_normal((len(latent), 1))) / 2**0.5),
    "habit of extremes": lambda latent, random: _even(latent * np.exp(0.4 * random.standard_normal((len(latent), 1)))),
    "heavy tails": lambda latent, random: latent * np.sqrt(5 / random.chisquare(5, (len(latent), 1))),
    "lognormal": lambda latent, random: np.exp(latent),
    "scales and yes or no": lambda latent, random: np.where(
        np.arange(latent.shape[1]) % 2, _even(latent), latent > 0.3
    ).astype(float),
    "habit of one end": lambda latent, random: _even(3 * latent),
    "independent": lambda latent, random: _even(random.standard_normal(latent.shape)),
}
ACCOUNTS = (80, 200, 500, 2_000)
SIZES = ((12, 3), (8, 2), (20, 4), (6, 1))


def one_population(shape: str, number: int) -> Answers:
    """The answers number so-and-so of a shape: sizes and numbers of items change with it."""
    random = np.random.default_rng([number, list(SHAPES).index(shape)])
    items, factors = SIZES[number // len(ACCOUNTS) % len(SIZES)]
    return SHAPES[shape](_latent(random, ACCOUNTS[number % len(ACCOUNTS)], items, factors), random)
