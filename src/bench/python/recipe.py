"""The recipe of the preset `tabular` in PyTorch, by which the service is judged: the same recipe has the same scores.

RealMLP-TD-S of Holzmüller et al., "Better by default", arXiv 2407.04491, as one network with a fifth of the rows for
validation, and as the mean of five networks by fold. Both fit a temperature to the rows that were held back. The scores
of all splits are written to recipe_single.csv and recipe_folds.csv, which takes some minutes.

    python3 recipe.py single|folds
"""

import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import torch

import tables

EPOCHS = 256
BATCH = 256
UNITS = 256
LABEL_SMOOTHING = 0.1
SCALE_FACTOR, BIAS_FACTOR = 6, 0.1  # of the learning rate
PRIOR = 5  # of the temperature


class Preprocessing:
    """Fitted on training rows: words one-hot, two of them −1 and 1; then all columns robustly scaled and clipped."""

    def __init__(self, features):
        self.numbers = features.select_dtypes("number").columns
        self.words = {name: sorted(features[name].dropna().unique()) for name in features.columns.drop(self.numbers)}
        self.means = features[self.numbers].mean()
        self.gaps = self.numbers[features[self.numbers].isna().any()]
        columns = self.columns(features)
        present = np.hstack([features[self.numbers], columns[:, len(self.numbers) :]])
        self.medians = np.nanmedian(present, axis=0)
        lower, upper = np.nanquantile(present, [0.25, 0.75], axis=0)
        half = (np.nanmax(present, axis=0) - np.nanmin(present, axis=0)) / 2
        factors = np.where(upper > lower, upper - lower, half)
        self.reciprocals = np.where(factors > 0, 1 / np.where(factors > 0, factors, 1), 0)

    def columns(self, features):
        columns = [features[self.numbers].fillna(self.means)]
        for name, words in self.words.items():
            matches = [(features[name] == word).astype(float) for word in words]
            columns.append(matches[1] - matches[0] if len(words) == 2 else pd.concat(matches, axis=1))
        columns.append(features[self.gaps].isna())
        return pd.concat(columns, axis=1).to_numpy(dtype=float)

    def transform(self, features):
        z = (self.columns(features) - self.medians) * self.reciprocals
        return torch.tensor(z / np.sqrt(1 + (z / 3) ** 2), dtype=torch.float32)


class NtkLinear(torch.nn.Module):
    """x·W / √fanIn + b."""

    def __init__(self, inputs, outputs, zero=False):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(inputs, outputs) if zero else torch.randn(inputs, outputs))
        self.bias = torch.nn.Parameter(torch.zeros(outputs) if zero else torch.randn(outputs))

    def forward(self, x):
        return x @ self.weight / math.sqrt(len(self.weight)) + self.bias


class Network(torch.nn.Module):
    def __init__(self, inputs, outputs, activation):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(inputs))
        widths = [inputs, UNITS, UNITS, UNITS]
        self.layers = torch.nn.ModuleList(NtkLinear(a, b) for a, b in zip(widths, widths[1:]))
        self.output = NtkLinear(UNITS, outputs, zero=True)
        self.activation = activation

    def forward(self, x):
        x = x * self.scale
        for layer in self.layers:
            x = self.activation(layer(x))
        return self.output(x)

    def groups(self, rate):
        layers = [*self.layers, self.output]
        return [
            {"params": [self.scale], "factor": rate * SCALE_FACTOR},
            {"params": [layer.weight for layer in layers], "factor": rate},
            {"params": [layer.bias for layer in layers], "factor": rate * BIAS_FACTOR},
        ]


class Trained:
    """A network with its preprocessing and, for a regression, the scale of its targets."""

    def __init__(self, training, validation, classes, seed):
        torch.manual_seed(seed)
        self.preprocessing = Preprocessing(training.features)
        self.classes = classes
        y = self.numbers(training)
        self.mean, self.deviation = (y.mean(), y.std()) if training.is_regression else (0, 1)
        if training.is_regression:
            self.network = Network(len(self.preprocessing.medians), 1, torch.nn.functional.mish)
            self.loss, rate = torch.nn.MSELoss(), 0.07
        else:
            self.network = Network(len(self.preprocessing.medians), len(classes), torch.nn.functional.selu)
            self.loss, rate = torch.nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING), 0.04
        self.fit(self.preprocessing.transform(training.features), self.encode(y), validation, rate)

    def numbers(self, table):
        y = table.targets
        return y.to_numpy(dtype=float) if table.is_regression else np.searchsorted(self.classes, y.to_numpy(dtype=str))

    def encode(self, y):
        if self.classes is None:
            return torch.tensor((y - self.mean) / self.deviation, dtype=torch.float32)[:, None]
        return torch.tensor(y)

    def fit(self, x, y, validation, rate):
        optimizer = torch.optim.Adam(self.network.groups(rate), betas=(0.9, 0.95), eps=1e-8)
        size = min(BATCH, len(x))
        batches = len(x) // size
        best, smallest = None, math.inf
        for epoch in range(EPOCHS):
            order = torch.randperm(len(x))
            for batch in range(batches):
                t = (epoch * batches + batch) / (EPOCHS * batches)
                for group in optimizer.param_groups:
                    group["lr"] = group["factor"] * (0.5 - 0.5 * math.cos(2 * math.pi * math.log2(1 + 15 * t)))
                rows = order[batch * size : (batch + 1) * size]
                optimizer.zero_grad()
                self.loss(self.network(x[rows]), y[rows]).backward()
                optimizer.step()
            error = self.error(validation)
            if error <= smallest:
                best, smallest = {key: value.clone() for key, value in self.network.state_dict().items()}, error
        self.network.load_state_dict(best)

    def error(self, table):
        """Mean squared error, or the number of misclassified rows."""
        outputs, y = self.outputs(table.features), self.numbers(table)
        return np.mean((outputs - y) ** 2) if self.classes is None else np.sum(outputs.argmax(1) != y)

    @torch.no_grad()
    def outputs(self, features):
        """Log-probabilities, rows × classes, or values."""
        outputs = self.network(self.preprocessing.transform(features)).double()
        if self.classes is None:
            return outputs[:, 0].numpy() * self.deviation + self.mean
        return torch.log_softmax(outputs, dim=1).numpy()


def validation_folds(table, seed):
    """The fold of each row, 0 to 4, each class in proportion."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(table.rows))
    if not table.is_regression:
        order = order[np.argsort(table.targets.to_numpy(dtype=str)[order], kind="stable")]
    folds = np.empty(len(order), dtype=int)
    folds[order] = np.arange(len(order)) % tables.FOLDS
    return folds


def probabilities(logits, temperature):
    return torch.softmax(torch.tensor(logits / temperature), dim=1).numpy()


def temperature(logits, y):
    """The temperature T of least Σ log loss + 5 (log T)²."""
    candidates = np.exp(np.linspace(-math.log(20), math.log(20), 2001))
    losses = [
        -np.log(np.maximum(probabilities(logits, t)[np.arange(len(y)), y], 1e-300)).sum() + PRIOR * math.log(t) ** 2
        for t in candidates
    ]
    return candidates[np.argmin(losses)]


def scores(training, test, seed, networks):
    """Scores of a number of networks, each validated on a fold that it is not trained on."""
    classes = None if training.is_regression else np.unique(training.targets.to_numpy(dtype=str))
    folds = validation_folds(training, seed)
    outputs, held, held_targets = [], [], []
    for fold in range(networks):
        validation = training.take(np.flatnonzero(folds == fold))
        trained = Trained(training.take(np.flatnonzero(folds != fold)), validation, classes, 100 * seed + fold)
        outputs.append(trained.outputs(test.features))
        held.append(trained.outputs(validation.features))
        held_targets.append(trained.numbers(validation))
    if training.is_regression:
        return tables.regression_scores(test, np.mean(outputs, axis=0))
    mean = np.log(np.mean(np.exp(outputs), axis=0))
    fitted = temperature(np.concatenate(held), np.concatenate(held_targets))
    return tables.classification_scores(test, classes, probabilities(mean, fitted))


def main(variant):
    torch.set_num_threads(1)
    networks = {"single": 1, "folds": tables.FOLDS}[variant]
    path = Path(__file__).with_name(f"recipe_{variant}.csv")
    rows = []
    for name in tables.FILES:
        for repeat, fold, training, test in tables.table(name).splits():
            seed = repeat * tables.FOLDS + fold
            rows.append({"table": name, "repeat": repeat, "fold": fold, **scores(training, test, seed, networks)})
            print(rows[-1], flush=True)
    tables.write(path, f"PyTorch {torch.__version__}, NumPy {np.__version__}", rows)


if __name__ == "__main__":
    main(sys.argv[1])
