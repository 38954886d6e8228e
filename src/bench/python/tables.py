"""The seven tables of the comparison, how they are divided, and how predictions for them are scored.

Four tables are files in src/test/resources/data, three are drawn from formulas: 1,000 rows, or any number of fresh rows
of the same distribution.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FILES = {"iris": "species", "breast_cancer": "diagnosis", "penguins": "species", "diabetes": "progression"}
DATA = Path(__file__).parents[2] / "test/resources/data"
ROWS = 1000
REPEATS, FOLDS = 5, 5
SMALLEST = 1e-7  # probability in a log loss


@dataclass(frozen=True)
class Table:
    name: str
    rows: pd.DataFrame
    target: str

    @property
    def features(self):
        return self.rows.drop(columns=self.target)

    @property
    def targets(self):
        return self.rows[self.target]

    @property
    def is_regression(self):
        return pd.api.types.is_numeric_dtype(self.targets)

    def take(self, rows):
        return Table(self.name, self.rows.iloc[rows].reset_index(drop=True), self.target)

    def splits(self):
        """Training and test rows of five random divisions into five folds: (repeat, fold, training, test)."""
        for repeat in range(REPEATS):
            folds = np.array_split(np.random.default_rng(repeat).permutation(len(self.rows)), FOLDS)
            for fold in range(FOLDS):
                training = np.concatenate(folds[:fold] + folds[fold + 1 :])
                yield repeat, fold, self.take(np.sort(training)), self.take(np.sort(folds[fold]))


def noisy(rows, seed):
    """P(yes) = sigmoid(2·(a·b + sin(2c) + |d| + e/2 − 0.8)) of 20 normal features; 15 of them are noise."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, 20))
    logit = 2 * (x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + np.abs(x[:, 3]) + x[:, 4] / 2 - 0.8)
    table = pd.DataFrame(x, columns=[f"x{i}" for i in range(20)])
    return table.assign(label=np.where(random.random(rows) < sigmoid(logit), "yes", "no"))


def interactions(rows, seed):
    """y = 10 sin(π·a·b) + 20 (c − ½)² + 10 d + 5 e + N(0, 1) of 10 uniform features (Friedman, 1991)."""
    random = np.random.default_rng(seed)
    x = random.random((rows, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return pd.DataFrame(x, columns=[f"x{i}" for i in range(10)]).assign(y=y + random.normal(size=rows))


def words(rows, seed):
    """P(k) = softmax_k(city_k + color_k + ½ member_k + age_k·(age − 45)/15), with normal effects of each class k.

    60 cities with frequencies 1/rank, 8 colors, members or not, and an age of 18 to 80 with 5 % gaps.
    """
    effects = np.random.default_rng(0)
    city_effect, color_effect = effects.normal(size=(60, 3)), effects.normal(size=(8, 3))
    member_effect, age_effect = effects.normal(size=(2, 3)), effects.normal(size=3)
    random = np.random.default_rng(seed)
    frequencies = 1 / np.arange(1, 61)
    city = random.choice(60, rows, p=frequencies / frequencies.sum())
    color, member, age = random.integers(8, size=rows), random.integers(2, size=rows), random.uniform(18, 80, rows)
    logits = city_effect[city] + color_effect[color] + member_effect[member] / 2
    logits += np.outer((age - 45) / 15, age_effect)
    chosen = np.argmax(logits + random.gumbel(size=logits.shape), axis=1)
    return pd.DataFrame({
        "city": [f"city {i}" for i in city],
        "color": [f"color {i}" for i in color],
        "member": np.where(member == 1, "yes", "no"),
        "age": np.where(random.random(rows) < 0.05, np.nan, age.round(1)),
        "plan": np.array(["basic", "family", "plus"])[chosen],
    })


FORMULAS = {"noisy": (noisy, "label"), "interactions": (interactions, "y"), "words": (words, "plan")}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def table(name, data=DATA):
    if name in FILES:
        return Table(name, pd.read_csv(Path(data) / f"{name}.csv"), FILES[name])
    return drawn(name, ROWS, seed=1)


def drawn(name, rows, seed):
    formula, target = FORMULAS[name]
    return Table(name, formula(rows, seed), target)


def classification_scores(test, classes, probabilities):
    """Accuracy and log loss of probabilities, rows × classes."""
    columns = np.searchsorted(classes, test.targets.to_numpy(dtype=str))
    losses = -np.log(np.clip(probabilities[np.arange(len(columns)), columns], SMALLEST, 1))
    return {"accuracy": np.mean(np.argmax(probabilities, axis=1) == columns), "log_loss": losses.mean()}


def regression_scores(test, predictions):
    y = test.targets.to_numpy(dtype=float)
    error = np.mean((y - predictions) ** 2)
    return {"r2": 1 - error / y.var(), "root_mean_squared_error": np.sqrt(error)}


def write(path, versions, scores):
    """Writes the scores of all splits below a line with the versions of the libraries."""
    with open(path, "w") as file:
        file.write(f"# {versions}\n")
        pd.DataFrame(scores).to_csv(file, index=False, float_format="%.5f")


def read(path):
    return pd.read_csv(path, comment="#")
