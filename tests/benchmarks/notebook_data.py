"""The data and the spec of the benchmark against a notebook: accounts, their invoices and tickets, from a seed."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

SEED = 20260131
INVOICES_EACH, TICKETS_EACH = 8, 2
_CLOCK = np.datetime64("2026-01-31")

SPEC = """
param as_of : date = 2026-01-31

source accounts from "accounts.csv" {
  account_id : text key
  industry   : category?
  region     : category
  plan       : category("free", "team", "enterprise")
  employees  : count?
  signed_on  : date
  cancelled  : bool
  is_test    : bool
}
source invoices from "invoices.parquet" {
  row : int key from row_number
  account_id : text  paid_on : date  amount : money(USD)
  links account_id to accounts
}
source tickets from "tickets.csv" {
  row : int key from row_number
  account_id : text  opened_on : date
  links account_id to accounts
}

derive accounts {
  revenue = sum(invoices.amount where paid_on within 12 months before as_of)
  earlier = sum(invoices.amount where paid_on within 12 months before as_of - 12 months)
  orders  = count(invoices where paid_on within 12 months before as_of)
  tickets_12m = count(tickets where opened_on within 12 months before as_of)
  growth  = revenue / earlier - 1
  size    = employees ?? 0
}

population customers from accounts {
  drop "test account" when is_test
  drop "too new"      when as_of - signed_on < 90 days
}

score quality "Quality" for customers {
  base               revenue
  minus "to serve"   tickets_12m * $60
  plus  "growing"    10% of revenue  when growth > 20%
  minus "cancelled"  $500            when cancelled
  grade quartiles
}

segmentation rules "By rule" for customers {
  segment large_tech    "Large, software"     when industry == "Software" and employees >= 500
  segment tech          "Software"            when industry == "Software"
  segment large         "Large"               when employees >= 1_000
  segment regulated     "Banks and hospitals" when industry in ("Banks", "Hospitals")
  segment paying        "Paying, mid-size"    when plan != "free" and employees >= 50
  segment other         "Others"              otherwise
}

segmentation found "Found" for customers using tree {
  target: quality  features: employees, industry, region, plan, tickets_12m
}

segmentation groups "Groups" for customers using kmeans {
  features: size, orders, tickets_12m  clusters: 3 .. 6
}

evaluate rules, found against quality {
  top: 25%  folds: 5  resamples: 100
  separation: false  recommendation: false
}
"""


def write_project(folder: Path, accounts: int) -> None:
    """The files of the project, for so many accounts."""
    rng = np.random.default_rng(SEED)
    ids = np.char.add("A", np.char.zfill(np.arange(accounts).astype(str), 7))
    industry = rng.choice(["Software", "Banks", "Hospitals", "Retail", "Energy", "Schools", "Logistics", ""], accounts)
    employees = np.exp(rng.normal(4, 1.6, accounts)).astype(np.int64) + 1
    plan = rng.choice(["free", "team", "enterprise"], accounts, p=[0.3, 0.5, 0.2])
    arrow_csv.write_csv(
        pa.table(
            {
                "account_id": ids,
                "industry": industry,
                "region": rng.choice(["North", "South", "East", "West"], accounts),
                "plan": plan,
                "employees": pa.array(employees, mask=rng.random(accounts) < 0.03),
                "signed_on": _CLOCK - rng.integers(1, 2_000, accounts),
                "cancelled": rng.random(accounts) < 0.1,
                "is_test": rng.random(accounts) < 0.01,
            }
        ),
        folder / "accounts.csv",
    )
    worth = 40 * (1 + (industry == "Software")) * (1 + (plan == "enterprise")) * employees**0.3
    _write_invoices(folder / "invoices.parquet", rng, ids, worth)
    owner = rng.integers(0, accounts, accounts * TICKETS_EACH)
    opened = _CLOCK - rng.integers(0, 900, len(owner))
    arrow_csv.write_csv(pa.table({"account_id": ids[owner], "opened_on": opened}), folder / "tickets.csv")
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")


def _write_invoices(path: Path, rng: np.random.Generator, ids: np.ndarray, worth: np.ndarray) -> None:
    owner = rng.integers(0, len(ids), len(ids) * INVOICES_EACH)
    amount = np.round(worth[owner] * rng.lognormal(0, 0.6, len(owner)), 2)
    paid = _CLOCK - rng.integers(0, 900, len(owner))
    arrow_parquet.write_table(pa.table({"account_id": ids[owner], "paid_on": paid, "amount": amount}), path)
