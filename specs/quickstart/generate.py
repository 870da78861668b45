"""Writes the data of the quickstart: `python specs/quickstart/generate.py [--seed N] [--out DIR]`.

The same seed gives the same data on every machine. README.md says what is planted in it.
"""

import argparse
from dataclasses import fields
from pathlib import Path

from generator.accounts import write_accounts, write_prospects
from generator.companies import Company, Kind, draw_companies, draw_kind
from generator.customers import Role, draw_standings
from generator.desk import write_tickets
from generator.draws import Draws
from generator.latents import Latents, draw_latents
from generator.leads import write_leads
from generator.ledger import write_invoices, write_products
from generator.people import write_contacts
from generator.survey import write_answers
from generator.usage import write_events

DEFAULT_SEED = 20260630
ACCOUNTS, CONTACTS, INVOICES, TICKETS, EVENTS, PROSPECTS = 2_000, 6_000, 40_000, 25_000, 200_000, 5_000
_ROLES = ((Role.GIANT, 1), (Role.TEST, 14), (Role.NEW, 110), (Role.FREE, 210))


def generate(seed: int, folder: Path) -> None:
    """Writes every file of the data for the seed into the folder, which is made if it isn't there."""
    roles = _draw_roles(Draws(seed, 1))
    companies, latents = _draw_accounts(Draws(seed, 2), roles)
    standings = draw_standings(Draws(seed, 3), roles, companies, latents.quality)
    write_accounts(Draws(seed, 4), folder, companies, standings)
    contacts = write_contacts(Draws(seed, 5), folder, companies, standings, CONTACTS)
    write_products(folder)
    write_invoices(Draws(seed, 6), folder, standings, INVOICES)
    write_tickets(Draws(seed, 7), folder, standings, contacts, TICKETS)
    write_events(Draws(seed, 8), folder, standings, EVENTS)
    write_answers(Draws(seed, 9), folder, standings, latents.promoter)
    write_prospects(Draws(seed, 11), folder, _draw_prospects(Draws(seed, 10)))
    write_leads(Draws(seed, 12), folder)


def _draw_roles(draws: Draws) -> list[Role]:
    special = [role for role, count in _ROLES for _ in range(count)]
    return draws.shuffled(special + [Role.CUSTOMER] * (ACCOUNTS - len(special)))


def _draw_accounts(draws: Draws, roles: list[Role]) -> tuple[list[Company], Latents]:
    """The truths are planted in the customers alone; the other accounts have latents of their own."""
    kinds = [draw_kind(draws) for _ in roles]
    groups = [
        [place for place, role in enumerate(roles) if (role is Role.CUSTOMER) == customers]
        for customers in (True, False)
    ]
    parts = [_latents(draws, [kinds[place] for place in group]) for group in groups]
    latents = _put_back(parts, groups)
    return draw_companies(draws, kinds, latents), latents


def _draw_prospects(draws: Draws) -> list[Company]:
    kinds = [draw_kind(draws) for _ in range(PROSPECTS)]
    return draw_companies(draws, kinds, _latents(draws, kinds))


def _latents(draws: Draws, kinds: list[Kind]) -> Latents:
    return draw_latents(draws, [kind.is_tech for kind in kinds], [kind.model == "b2b" for kind in kinds])


def _put_back(parts: list[Latents], groups: list[list[int]]) -> Latents:
    """The parts' columns, each value at the place its account has in the whole list."""

    def column(name: str) -> list[float]:
        pairs = [
            pair
            for part, group in zip(parts, groups, strict=True)
            for pair in zip(group, getattr(part, name), strict=True)
        ]
        return [value for _, value in sorted(pairs)]

    return Latents(**{field.name: column(field.name) for field in fields(Latents)})


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the data of the quickstart.")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    arguments = parser.parse_args()
    generate(arguments.seed, arguments.out)


if __name__ == "__main__":
    main()
