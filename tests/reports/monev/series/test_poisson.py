from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from pipeline.reports.monev.series import poisson


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    X = np.stack([np.ones(60), np.linspace(-1, 1, 60), rng.normal(size=60)], axis=1)
    exposure = rng.uniform(50, 200, (60, 3))
    Y = rng.poisson(exposure * np.exp(X @ np.array([[-2.0, 0.5, 0.1], [-1.0, -0.8, 0.3], [-4.0, 0.0, 0.0]]).T))
    return X, Y.astype(float), exposure


def test_the_coefficients_are_those_of_scikit_learn(data):
    X, Y, exposure = data
    found = poisson.fit(X, Y, np.log(exposure))
    for unit in range(3):
        model = PoissonRegressor(alpha=0, fit_intercept=False, solver="newton-cholesky", tol=1e-10)
        # A rate weighted by its exposure has the likelihood of a count with an offset.
        model.fit(X, Y[:, unit] / exposure[:, unit], sample_weight=exposure[:, unit])
        np.testing.assert_allclose(found[unit], model.coef_, atol=1e-5)


def test_without_a_penalty_the_means_add_up_to_the_counts(data):
    X, Y, exposure = data
    offset = np.log(exposure)
    means = poisson.means(X, poisson.fit(X, Y, offset), offset)
    np.testing.assert_allclose(means.sum(axis=0), Y.sum(axis=0), rtol=1e-5)


def test_a_penalty_draws_its_own_coefficient_only(data):
    X, Y, exposure = data
    free = poisson.fit(X, Y, np.log(exposure))
    tied = poisson.fit(X, Y, np.log(exposure), np.array([0.0, 1e6, 0.0]))
    assert np.abs(tied[:, 1]).max() < 0.01
    np.testing.assert_allclose(tied[:, 2], free[:, 2], atol=0.1)


def test_a_series_of_zeros_has_a_mean_near_zero():
    X = np.stack([np.ones(20), np.linspace(-1, 1, 20)], axis=1)
    means = poisson.means(X, poisson.fit(X, np.zeros((20, 1))))
    assert np.isfinite(means).all()
    assert means.max() < 0.1
