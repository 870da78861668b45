"""What can be seen of a company from outside, the same for accounts and for prospects."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from generator.draws import NORMAL, Draws
from generator.latents import Latents
from generator.names import address, company_name
from generator.notation import money, number, percent

TECH = ("Software", "IT services", "Telecom")
INDUSTRIES = (
    ("Software", 0.13), ("IT services", 0.11), ("Telecom", 0.06), ("Manufacturing", 0.15), ("Banking", 0.08),
    ("Healthcare", 0.13), ("Retail", 0.12), ("Logistics", 0.09), ("Education", 0.07), ("Construction", 0.06),
)  # fmt: skip
_MISSPELT = {"Software": "Sofware", "Healthcare": "Heathcare", "Manufacturing": "Manufactoring"}
MODELS = (("b2b", 0.55), ("b2c", 0.30), ("public", 0.15))
COUNTRIES = (
    ("US", 0.34), ("GB", 0.12), ("DE", 0.12), ("FR", 0.09), ("CA", 0.06), ("AU", 0.05), ("BR", 0.05),
    ("PL", 0.04), ("JP", 0.04), ("KZ", 0.03), ("UZ", 0.03), ("AT", 0.02), ("CN", 0.01),
)  # fmt: skip
_TOOLS = (
    "Slack", "Jira", "Confluence", "GitHub", "GitLab", "Salesforce", "HubSpot", "Zendesk", "Snowflake",
    "Tableau", "Okta", "Datadog", "Workday", "NetSuite", "Asana", "Zoom", "Figma", "Notion", "Planwise",
    "TaskHarbor",
)  # fmt: skip

HEADER = (
    "Industry", "Country Code", "Business Model", "Employees", "Headcount Growth", "Annual Revenue",
    "Offices", "Web Visits", "IT Budget", "Remote Share", "Founded", "Awards", "Tools",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What is drawn before the latents, because they depend on it."""

    industry: str
    model: str
    country: str

    @property
    def is_tech(self) -> bool:
        return self.industry in TECH


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    address: str
    country: str
    founded: int
    employees: int
    cells: tuple[str, ...]  # as written under HEADER


def draw_kind(draws: Draws) -> Kind:
    return Kind(draws.weighted(INDUSTRIES), draws.weighted(MODELS), draws.weighted(COUNTRIES))


def draw_companies(draws: Draws, kinds: Sequence[Kind], latents: Latents) -> list[Company]:
    return [_company(draws, kind, latents, place) for place, kind in enumerate(kinds)]


def _company(draws: Draws, kind: Kind, latents: Latents, place: int) -> Company:
    employees = max(1, round(exp(4.9 + 1.5 * latents.size[place])))
    founded = min(max(1880, 1998 + round(14 * latents.age[place])), 2024)
    cells = (
        _blank(draws, 0.06, _industry(draws, kind.industry), "Select"),
        kind.country,
        kind.model,
        _employees(draws, employees),
        _blank(draws, 0.22, percent(draws, round(8 + 15 * latents.hiring[place])), "", "n/a"),
        _blank(
            draws,
            0.28,
            money(draws, round(employees * exp(11.6 + 0.5 * draws.normal()) / 1_000) * 1_000),
            "",
            "n/a",
        ),
        _blank(draws, 0.18, str(max(1, round(exp(1.2 + 0.9 * latents.sprawl[place])))), ""),
        _blank(draws, 0.30, number(draws, round(exp(9.2 + 1.4 * latents.fame[place]))), "", "n/a"),
        _blank(
            draws,
            0.35,
            money(draws, round(exp(11.5 + 1.1 * latents.spending[place]) / 100) * 100),
            "",
            "Select",
        ),
        _blank(draws, 0.16, percent(draws, round(100 * NORMAL.cdf(0.9 * latents.remote[place]))), "n/a"),
        _blank(draws, 0.11, str(founded), ""),
        _blank(draws, 0.25, str(max(0, round(exp(0.7 + 0.8 * latents.awards[place])) - 1)), ""),
        _blank(draws, 0.15, _tools(draws, max(1, round(6 + 2.6 * latents.stack[place]))), "n/a"),
    )
    return Company(
        name=company_name(draws, kind.country, kind.industry),
        address=address(draws, kind.country),
        country=kind.country,
        founded=founded,
        employees=employees,
        cells=cells,
    )


def _blank(draws: Draws, share: float, text: str, *empties: str) -> str:
    """The text, or for the given share one of the ways to leave a cell empty."""
    return draws.pick(empties) if draws.chance(share) else text


def _industry(draws: Draws, industry: str) -> str:
    return _MISSPELT.get(industry, industry) if draws.chance(0.08) else industry


def _employees(draws: Draws, employees: int) -> str:
    if draws.chance(0.005):
        return f"about {employees}"
    return _blank(draws, 0.12, number(draws, employees), "", "n/a", "Select")


def _tools(draws: Draws, count: int) -> str:
    return "|".join(draws.shuffled(_TOOLS)[: min(count, len(_TOOLS))])
