"""Scores of scikit-learn's MLPClassifier and MLPRegressor with their defaults, on standardized features and targets.

Numbers take the mean in gaps and are standardized, words take the most frequent one and are one-hot encoded. Without
standardized targets, MLPRegressor is worse than the mean on the table diabetes. The scores of all splits are written to
scikit_learn.csv.

    python3 scikit_learn.py
"""

import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import tables

warnings.simplefilter("ignore", ConvergenceWarning)


def pipeline(model):
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    words = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    return make_pipeline(
        make_column_transformer(
            (numbers, make_column_selector(dtype_include=np.number)),
            (words, make_column_selector(dtype_exclude=np.number)),
        ),
        model,
    )


def scores(training, test, seed):
    if training.is_regression:
        regressor = pipeline(MLPRegressor(random_state=seed))
        model = TransformedTargetRegressor(regressor, transformer=StandardScaler())
        model.fit(training.features, training.targets)
        return tables.regression_scores(test, model.predict(test.features))
    model = pipeline(MLPClassifier(random_state=seed)).fit(training.features, training.targets)
    return tables.classification_scores(test, model.classes_.astype(str), model.predict_proba(test.features))


def main():
    rows = []
    for name in [*tables.FILES, *tables.FORMULAS]:
        for repeat, fold, training, test in tables.table(name).splits():
            seed = repeat * tables.FOLDS + fold
            rows.append({"table": name, "repeat": repeat, "fold": fold, **scores(training, test, seed)})
        print(rows[-1], flush=True)
    versions = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"
    tables.write(Path(__file__).with_name("scikit_learn.csv"), versions, rows)


if __name__ == "__main__":
    main()
