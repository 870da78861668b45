"""What a careful analyst's notebook does with pandas and scikit-learn: the same as the spec of `notebook_data`.

`python tests/benchmarks/notebook_pandas.py FOLDER OUT` reads the files of FOLDER and writes tables to OUT. All of it
is vectorised, files are read and written by Arrow, and samples are taken where segdsl takes them: 50,000 accounts
choose the size of the tree, 20,000 the start of k-means, 5,000 judge the number of clusters.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.model_selection import KFold
from sklearn.tree import DecisionTreeRegressor

AS_OF = pd.Timestamp("2026-01-31")
YEAR_AGO, TWO_YEARS_AGO = AS_OF - pd.DateOffset(months=12), AS_OF - pd.DateOffset(months=24)
FEATURES = ["employees", "tickets_12m"]
KINDS = ["industry", "region", "plan"]
FOLDS, RESAMPLES, TOP = 5, 100, 0.25


def main(folder: Path, out: Path) -> None:
    out.mkdir()
    accounts = with_aggregates(folder)
    accounts = accounts[~accounts["is_test"]]
    accounts = accounts[AS_OF - accounts["signed_on"] >= pd.Timedelta(days=90)].reset_index(drop=True)
    terms = score(accounts)
    accounts["quality"] = terms["quality"]
    write(terms, out / "quality")
    accounts["rules"] = by_rule(accounts)
    features = encoded(accounts)
    target = accounts["quality"].to_numpy()
    alpha = chosen_alpha(features, target)
    tree = new_tree(len(features), alpha).fit(features, target)
    accounts["found"] = tree.apply(features)
    accounts["groups"] = clustered(accounts)
    for scheme in ("rules", "found", "groups"):
        write(accounts[["account_id", scheme]], out / scheme)
    codes = accounts["rules"].astype("category").cat.codes.to_numpy()
    write(gains(target, lambda learned, held: codes[held], lambda learned: codes[learned]), out / "rules_gains")
    write(tree_gains(features, target, alpha), out / "found_gains")
    for scheme in ("rules", "found"):
        write(profile(accounts, scheme), out / f"{scheme}_profile")


def with_aggregates(folder: Path) -> pd.DataFrame:
    """The accounts with what their invoices and tickets add up to."""
    accounts = pd.read_csv(folder / "accounts.csv", engine="pyarrow", parse_dates=["signed_on"])
    accounts["industry"] = accounts["industry"].replace("", np.nan)
    invoices = pd.read_parquet(folder / "invoices.parquet")
    tickets = pd.read_csv(folder / "tickets.csv", engine="pyarrow", parse_dates=["opened_on"])
    place = pd.Index(accounts["account_id"])
    own, paid = place.get_indexer(invoices["account_id"]), pd.to_datetime(invoices["paid_on"])
    amount = invoices["amount"].to_numpy()
    last = ((paid > YEAR_AGO) & (paid <= AS_OF)).to_numpy()
    earlier = ((paid > TWO_YEARS_AGO) & (paid <= YEAR_AGO)).to_numpy()
    opened = tickets["opened_on"]
    asked = place.get_indexer(tickets["account_id"])[((opened > YEAR_AGO) & (opened <= AS_OF)).to_numpy()]
    accounts["revenue"] = np.bincount(own[last], amount[last], len(place))
    accounts["earlier"] = np.bincount(own[earlier], amount[earlier], len(place))
    accounts["orders"] = np.bincount(own[last], minlength=len(place))
    accounts["tickets_12m"] = np.bincount(asked, minlength=len(place))
    accounts["growth"] = accounts["revenue"] / accounts["earlier"].replace(0, np.nan) - 1
    return accounts


def score(accounts: pd.DataFrame) -> pd.DataFrame:
    """Every term, the score, its rank, percentile and grade."""
    found = accounts[["account_id", "revenue"]].copy()
    found["to serve"] = -60.0 * accounts["tickets_12m"]
    found["growing"] = np.where(accounts["growth"] > 0.2, 0.1 * accounts["revenue"], 0.0)
    found["cancelled"] = np.where(accounts["cancelled"], -500.0, 0.0)
    found["quality"] = found[["revenue", "to serve", "growing", "cancelled"]].sum(axis=1)
    found["rank"] = found["quality"].rank(method="min", ascending=False).astype(int)
    found["percentile"] = (found["quality"].rank(method="min") - 1) / (len(found) - 1)
    better = (found["rank"] - 1) / len(found)
    found["grade"] = np.array(list("ABCD"))[(better.to_numpy() * 4).astype(int)]
    return found


def by_rule(accounts: pd.DataFrame) -> np.ndarray:
    software, employees = accounts["industry"] == "Software", accounts["employees"]
    rules = {
        "large_tech": software & (employees >= 500),
        "tech": software,
        "large": employees >= 1_000,
        "regulated": accounts["industry"].isin(["Banks", "Hospitals"]),
        "paying": (accounts["plan"] != "free") & (employees >= 50),
    }
    return np.select(list(rules.values()), list(rules), "other")


# ---- tree


def encoded(accounts: pd.DataFrame) -> np.ndarray:
    kinds = pd.get_dummies(accounts[KINDS], dummy_na=True, dtype=np.float32)
    return np.column_stack([accounts[FEATURES].to_numpy(np.float32), kinds.to_numpy()])


def new_tree(rows: int, alpha: float = 0.0) -> DecisionTreeRegressor:
    return DecisionTreeRegressor(max_depth=3, min_samples_leaf=max(1, rows // 20), ccp_alpha=alpha, random_state=0)


def chosen_alpha(features: np.ndarray, target: np.ndarray) -> float:
    """The cost of the smallest tree within one standard error of the best in cross-validation."""
    rows = np.random.default_rng(0).permutation(len(target))[:50_000]
    features, target = features[rows], target[rows]
    alphas = new_tree(len(rows)).cost_complexity_pruning_path(features, target).ccp_alphas
    errors = np.zeros((len(alphas), len(rows)))
    for learned, held in KFold(FOLDS, shuffle=True, random_state=0).split(features):
        for place, alpha in enumerate(alphas):
            tree = new_tree(len(learned), alpha).fit(features[learned], target[learned])
            errors[place, held] = (target[held] - tree.predict(features[held])) ** 2
    best = int(errors.mean(axis=1).argmin())
    limit = errors[best].mean() + errors[best].std() / np.sqrt(len(rows))
    return float(alphas[np.flatnonzero(errors.mean(axis=1) <= limit)[-1]])


# ---- clusters


def clustered(accounts: pd.DataFrame) -> np.ndarray:
    points = np.column_stack([accounts["employees"].fillna(0), accounts["orders"], accounts["tickets_12m"]])
    skewed = np.abs(pd.DataFrame(np.log1p(points)).skew()) < np.abs(pd.DataFrame(points).skew())
    points = np.where(skewed.to_numpy(), np.log1p(points), points)
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    rng = np.random.default_rng(0)
    few = points[rng.choice(len(points), min(5_000, len(points)), replace=False)]
    judged = {}
    for count in range(3, 7):
        labels = KMeans(count, n_init=10, random_state=0).fit_predict(few)
        judged[count] = (silhouette_score(few, labels), stability(few, count, rng))
    stable = [count for count, (_, agreed) in judged.items() if agreed >= 0.8] or list(judged)
    count = max(stable, key=lambda one: judged[one][0])
    some = points[rng.choice(len(points), min(20_000, len(points)), replace=False)]
    start = KMeans(count, n_init=10, random_state=0).fit(some).cluster_centers_
    return np.asarray(KMeans(count, init=start, n_init=1).fit_predict(points))


def stability(points: np.ndarray, count: int, rng: np.random.Generator) -> float:
    """The mean agreement of what two halves of the points give for all of them."""
    agreed = []
    for _ in range(5):
        order = rng.permutation(len(points))
        halves = np.array_split(order, 2)
        one, other = (KMeans(count, n_init=4, random_state=0).fit(points[half]).predict(points) for half in halves)
        agreed.append(adjusted_rand_score(one, other))
    return float(np.mean(agreed))


# ---- evaluation


def tree_gains(features: np.ndarray, target: np.ndarray, alpha: float) -> pd.DataFrame:
    trees: dict[int, DecisionTreeRegressor] = {}

    def learn(learned: np.ndarray) -> np.ndarray:
        trees[0] = new_tree(len(learned), alpha).fit(features[learned], target[learned])
        return np.asarray(trees[0].apply(features[learned]))

    return gains(target, lambda learned, held: trees[0].apply(features[held]), learn)


def gains(
    target: np.ndarray,
    place: Callable[[np.ndarray, np.ndarray], np.ndarray],
    learn: Callable[[np.ndarray], np.ndarray],
) -> pd.DataFrame:
    """The share of the best that each percent of the ranking holds, out of sample, with a bootstrap band."""
    ranked = np.empty(len(target))
    for learned, held in KFold(FOLDS, shuffle=True, random_state=1).split(target):
        own = learn(learned)
        means = np.bincount(own, target[learned]) / np.maximum(np.bincount(own), 1)
        ranked[held] = means[place(learned, held)]
    values, segment = np.unique(-ranked, return_inverse=True)
    is_best = target >= np.quantile(target, 1 - TOP)
    counts = np.stack(
        [np.bincount(segment, minlength=len(values)), np.bincount(segment[is_best], minlength=len(values))]
    )
    cells = np.concatenate([counts[1], counts[0] - counts[1]])
    drawn = np.random.default_rng(2).multinomial(len(target), cells / len(target), RESAMPLES)
    curves = [curve(one[: len(values)] + one[len(values) :], one[: len(values)]) for one in drawn]
    low, high = np.quantile(curves, [0.025, 0.975], axis=0)
    caught = curve(counts[0], counts[1])
    return pd.DataFrame({"percent": np.arange(101), "caught": caught, "low": low, "high": high})


def curve(rows: np.ndarray, best: np.ndarray) -> np.ndarray:
    reached = np.concatenate([[0], np.cumsum(rows) / rows.sum()])
    return np.interp(np.arange(101) / 100, reached, np.concatenate([[0], np.cumsum(best) / best.sum()]))


def profile(accounts: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Size, mean, spread and share of the best of each segment, and the values that set it apart."""
    best = accounts["quality"] >= accounts["quality"].quantile(1 - TOP)
    groups = accounts.assign(best=best).groupby(scheme)
    told = groups["quality"].agg(["size", "mean", "std", "min", "max"])
    told["share"] = told["size"] / len(accounts)
    told["best"] = groups["best"].sum() / best.sum()
    told = told.join(groups[["employees", "orders", "tickets_12m", "growth"]].mean())
    for kind in KINDS:
        shares = pd.crosstab(accounts[scheme], accounts[kind], normalize="index")
        told = told.join((shares - accounts[kind].value_counts(normalize=True)).add_prefix(f"{kind} "))
    return told.reset_index()


def write(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path.with_suffix(".parquet"), compression="zstd")
    arrow_csv.write_csv(pa.Table.from_pandas(table, preserve_index=False), path.with_suffix(".csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
