"""The three questions that configuration is asked most, over tables large enough for a plan to mean something."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from providers.models import Model, Provider, ProviderConfig

pytestmark = pytest.mark.django_db
PROVIDERS = 1000
FILL = """
INSERT INTO providers (id, name, adapter, base_url, enabled, "order", limits_scope, requires_key, extra_config,
                       created_at, updated_at)
SELECT 'p' || n, 'P', 'openai', 'http://h', true, n, 'account', true, '{}', now(), now() FROM generate_series(0, %s) n;
INSERT INTO models (provider_id, model_id, display_name, fallback_priority, enabled, supports_json_schema,
                    is_thinking_model, extra_config, created_at, updated_at)
SELECT 'p' || n, 'm' || m, '', m, true, false, false, '{}', now(), now()
FROM generate_series(0, %s) n, generate_series(0, 9) m;
INSERT INTO provider_configs (provider_id, api_key_last4, api_key_fingerprint, updated_at)
SELECT 'p' || n, '', '', now() FROM generate_series(0, %s) n;
"""


@pytest.fixture
def many() -> Iterator[None]:
    with connection.cursor() as cursor:
        for statement in FILL.strip().split(";\n"):
            cursor.execute(statement, [PROVIDERS])
        cursor.execute("ANALYZE providers, models, provider_configs")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    "question",
    [
        Provider.objects.filter(pk="p7", enabled=True),
        Model.objects.filter(provider_id="p7", enabled=True).order_by("fallback_priority"),
        ProviderConfig.objects.filter(provider_id="p7").values("api_key"),
    ],
    ids=["a provider that is on", "its models in fallback order", "its key"],
)
def test_a_question_is_answered_by_an_index_alone(many, question: "QuerySet[Any]"):
    plan = question.explain()
    assert "Index" in plan
    assert "Seq Scan" not in plan
