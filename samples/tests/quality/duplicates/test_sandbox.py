"""What the sandbox writes for different prompts counts as different samples, so that no batch loses any by it."""

import pytest

from providers.sandbox.samples import USUAL, VARIED, of_about, sample
from samples.quality.draft import Draft
from samples.tests.quality.duplicates.shares import clash_share
from samples.tests.quality.duplicates.texts import clone, draft


@pytest.mark.parametrize("length", [USUAL, VARIED, of_about(3_000)], ids=["usual", "varied", "3000"])
def test_of_2000_samples_none_repeats_another(length):
    assert clash_share([Draft(**sample(f"prompt {number}", length)) for number in range(2_000)]) == 0


def test_a_draft_that_comes_again_is_counted():
    assert clash_share([draft(1), draft(2), clone(draft(1)), draft(1)]) == 0.5
