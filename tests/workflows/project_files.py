"""A small project for tests of verbs: eight accounts, a spec that imports another, and a list in a file."""

from pathlib import Path

SPEC = """\
about { goal: "Find good customers" }

import "lib/common.seg"

set rivals from "lists/rivals.csv"

source accounts from "data/accounts.csv" {
  account_id : text key
  name       : text
  email      : text? pii
  industry   : category
  employees  : count?
  mrr        : money(USD)
  signed_on  : date
  tools      : list(category) split ";"
}

derive accounts {
  annual = mrr * 12
  rival  = tools has any rivals
}

population customers "Paying customers" from accounts {
  keep "paying"   when mrr > $0
  drop "too new"  when as_of - signed_on < 90 days
}

score quality "Quality" for customers {
  base            annual
  minus "service" $100.50
  grade quartiles
}

segmentation fit "Profile" for customers {
  segment tech "Technology" when industry in tech {
    segment large "Large technology" when employees >= 100
    segment small otherwise
  }
  segment other otherwise
}

audience best "The best" from customers {
  order by quality desc
  take 4
  hold out 25%
  columns account_id, name, annual, signed_on, tools, rival
  to "best list.csv"
}

test "software is technology" {
  given accounts { industry: "Software" }
  expect fit == "tech"
}
"""

COMMON = """\
param as_of : date = 2026-06-30

set tech = ("Software", "Telecom")
"""

ROWS = (
    "account_id,name,email,industry,employees,mrr,signed_on,tools",
    "A1,=cmd|calc,a@a.example,Software,250,100,2024-01-31,Jira;Planwise",
    'A2,"Oak, ""Elm"" & Co",b@b.example,Software,20,50.5,2024-05-01,',
    "A3,東京計画,,Banking,,75.125,2025-02-28,Slack",
    "A4,Fern,,Telecom,,20,2025-02-28,Slack;Jira",
    'A5,"two\nlines",,Banking,70,10,2023-07-15,Zoom',
    "A6,New Ltd,,Software,5,500,2026-06-01,",
    "A7,Free Inc,,Retail,9,0,2022-01-01,",
    "A8,-5 degrees,,Retail,9,30,2022-01-01,Planwise",
)


def write_project(folder: Path) -> Path:
    """Writes the project into a folder and gives the spec."""
    files = {
        "customers.seg": SPEC,
        "lib/common.seg": COMMON,
        "lists/rivals.csv": "name\nPlanwise\nTaskHarbor\n",
        "data/accounts.csv": "\n".join(ROWS) + "\n",
        "segdsl.toml": '[project]\nmain = "customers.seg"\n',
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "customers.seg"
