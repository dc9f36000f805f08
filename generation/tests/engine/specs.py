"""What an item of a batch shall be, for tests of its prompt."""

from generation.engine.planning.plan import ItemSpec

SPEC = ItemSpec(
    number=42,
    jurisdiction="eu",
    practice_area="Data Protection",
    topic="GDPR Compliance",
    difficulty="advanced",
    sample_type="case_analysis",
    scenario="risk_assessment",
)
