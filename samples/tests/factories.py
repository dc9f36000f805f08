"""Rows for tests of finished samples."""

from typing import Any

from samples.models import Sample


def make_sample(**changes: Any) -> Sample:
    facts = {
        "question": "What makes a contract?",
        "answer": "Offer, acceptance and consideration.",
        "case_citation": "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256",
        "reasoning": "Step 1: find the offer.",
        "jurisdiction": "uk",
        "practice_area": "Contract Law",
        "topic": "Formation of Contracts",
        "difficulty": "basic",
        "sample_type": "case_analysis",
        "provider": "groq",
        "model": "good",
        "tokens": 120,
    }
    return Sample.objects.create(**(facts | changes))
