"""Compares the preset `tabular` of a running service with the kept scores of scikit-learn and of its recipe in PyTorch.

    python3 preset.py [http://localhost:8080] [scores|honesty|time|search|trials]...

scores    trains a model for each split of the seven tables: mean scores, and differences by split with standard errors
honesty   compares the metrics that trainings report with those on 10,000 fresh rows
time      measures trainings of five folds on 1,000 rows of 30 features
search    compares the results of searches of a minute with the preset's, for the first splits of each table
trials    measures a search of 36 trials on the table breast_cancer
"""

import io
import itertools
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import requests

import tables

HERE = Path(__file__).parent
KEYS = ["table", "repeat", "fold"]


class Service:
    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def call(self, method, path, **request):
        response = self.session.request(method, self.url + path, **request)
        if not response.ok:
            raise ValueError(response.json()["detail"])
        return response

    def run(self, path, table, **options):
        """Starts a training or a search and waits for its end."""
        body = table.rows.to_csv(index=False).encode()
        headers = {"Content-Type": "text/csv", "Prefer": "wait=60"}
        response = self.call("POST", path, params={"target": table.target, **options}, data=body, headers=headers)
        location, outcome = response.headers.get("Location"), response.json()
        while outcome["state"] in ("queued", "running"):
            time.sleep(0.2)
            outcome = self.call("GET", location).json()
        if outcome["state"] != "succeeded":
            raise ValueError(outcome["error"])
        return outcome

    def scores(self, seed, table, *tests, action="train", **options):
        """Trains a model on a table: what this reports, and scores of predictions for other rows."""
        model = f"/models/{self.call('POST', '/models', json={'preset': 'tabular', 'seed': seed}).json()['id']}"
        reported = self.run(f"{model}/{action}", table, **options)
        scores = [self.scores_of(model, test) for test in tests]
        self.call("DELETE", model)
        return reported, *scores

    def scores_of(self, model, test):
        body = test.features.to_csv(index=False).encode()
        headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
        answer = pd.read_csv(io.StringIO(self.call("POST", f"{model}/predict", data=body, headers=headers).text))
        if test.is_regression:
            return tables.regression_scores(test, answer["prediction"].to_numpy())
        probabilities = answer.filter(regex="^probability_")
        classes = probabilities.columns.str.removeprefix("probability_").to_numpy(dtype=str)
        return tables.classification_scores(test, classes, probabilities.to_numpy())


def compare(name, ours, peer, theirs):
    """Prints the means of each metric, and the mean and standard error of the differences by split."""
    for metric in ours.columns.intersection(theirs.columns):
        a, b = ours[metric], theirs[metric].loc[ours.index]
        if a.notna().all() and b.notna().all():
            means = f"{a.mean():9.4f} against {b.mean():9.4f}, ratio {a.mean() / b.mean():.3f}"
            print(f"{name:14}{peer:14}{metric:24}{means}, difference {difference(a - b)}", flush=True)


def difference(values):
    return f"{values.mean():8.4f} ± {values.std(ddof=1) / np.sqrt(len(values)):.4f}"


def splits(name):
    for repeat, fold, training, test in tables.table(name).splits():
        yield {"table": name, "repeat": repeat, "fold": fold}, repeat * tables.FOLDS + fold, training, test


def frame(scores):
    return pd.DataFrame(scores).set_index(KEYS).sort_index()


def scores(service):
    peers = {peer: frame(tables.read(HERE / f"{peer}.csv")) for peer in ("scikit_learn", "recipe_folds")}
    log_losses = []
    for name in [*tables.FILES, *tables.FORMULAS]:
        rows = [{**key, **service.scores(seed, training, test)[1]} for key, seed, training, test in splits(name)]
        measured = frame(rows)
        for peer, kept in peers.items():
            if name in kept.index:
                compare(name, measured, peer, kept)
        if "log_loss" in measured:
            log_losses.append(measured["log_loss"].mean() / peers["scikit_learn"].loc[name, "log_loss"].mean())
    mean = np.exp(np.mean(np.log(log_losses)))
    print(f"geometric mean of the ratios of log loss to scikit-learn's: {mean:.3f}")


def honesty(service, draws=10):
    for name in tables.FORMULAS:
        fresh = tables.drawn(name, 10_000, seed=1000)
        differences = []
        for seed in range(draws):
            training, on_fresh = service.scores(seed, tables.drawn(name, tables.ROWS, seed), fresh)
            reported = training["validationMetrics"]
            differences.append({metric: reported[metric] - on_fresh[metric] for metric in on_fresh})
        for metric, values in pd.DataFrame(differences).items():
            print(f"{name:14}{metric:24}reported less measured {difference(values)}", flush=True)


def time_of_training(service, runs=5):
    table = tables.drawn("noisy", tables.ROWS, seed=1)
    more = np.random.default_rng(0).normal(size=(tables.ROWS, 10))
    rows = pd.concat([pd.DataFrame(more).add_prefix("noise"), table.rows], axis=1)
    for seed in range(1 + runs):
        begin = time.perf_counter()
        service.scores(seed, tables.Table("wide", rows, table.target))
        print(f"{'warm-up ' if seed == 0 else ''}{time.perf_counter() - begin:.2f} s", flush=True)


def search(service, count=5, seconds=60):
    for name in [*tables.FILES, *tables.FORMULAS]:
        found, preset = [], []
        for key, seed, training, test in itertools.islice(splits(name), count):
            _, of_search = service.scores(seed, training, test, action="search", timeLimitSeconds=seconds)
            _, of_preset = service.scores(seed, training, test)
            found.append({**key, **of_search})
            preset.append({**key, **of_preset})
        compare(name, frame(found), "preset", frame(preset))


def trials(service, runs=2):
    for seed in range(runs):
        begin = time.perf_counter()
        service.scores(seed, tables.table("breast_cancer"), action="search", publish="false")
        print(f"{time.perf_counter() - begin:.1f} s", flush=True)


def main(url="http://localhost:8080", *commands):
    known = {"scores": scores, "honesty": honesty, "time": time_of_training, "search": search, "trials": trials}
    for command in commands or known:
        known[command](Service(url))


if __name__ == "__main__":
    main(*sys.argv[1:])
