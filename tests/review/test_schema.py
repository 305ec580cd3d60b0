"""Requests made from the API's own description, good and bad ones: none may end in a fault of the server."""

from __future__ import annotations

from typing import cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipeline.review.store import Store
from pipeline.review.web import limits
from pipeline.review.web.app import create_app
from tests.review.examples import bring, person, scored
from tests.review.test_api import key_for, score

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


app = create_app(cast("Store", None), timezone="Asia/Jakarta", score=score)
calls = schemathesis.openapi.from_asgi("/api/openapi.json", app)


@pytest.fixture
def key(store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the application serve 30 waiting complaints, without rates; returns a good key."""
    monkeypatch.setattr(limits.Buckets, "wait", lambda self, key: 0.0)
    app.state.store = store
    bring(store, scored(30).assign(kelompok=["K-1", ""] * 15))
    return key_for(store, person(store, "sari", "penyelia"))


@calls.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_ends_in_a_fault(case: schemathesis.Case, key: str) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {key}"})
