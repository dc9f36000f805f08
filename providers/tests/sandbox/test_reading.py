"""What the sandbox reads in a prompt, in the usual wording and in others."""

import pytest

from providers.sandbox.reading import Case, Names, asked
from providers.sandbox.samples import sample


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Between 250 and 450 words, no more.", (250, 450)),
        ("It has 250 to 450 words.", (250, 450)),
        ("Write 250-450 words.", (250, 450)),
        ("At least 200 words.", (200, 300)),
        ("In few words. Then between 5 and 9 words.", (5, 9)),
        ("In your own words.", None),
    ],
)
def test_bounds_are_those_before_the_word_for_what_they_count(text, words):
    assert asked(text).words == words


def test_what_an_item_is_about_is_read_from_its_lines():
    prompt = (
        "The law is that of 3 May 2012.\n\nThis example:\nJurisdiction: Scotland (Scots law, mixed). Courts: many."
        "\nTopic: Delict\nPoint: who pays.\nScenario: two sides disagree; a mediation is near.\nParties: a farmer and "
        "a walker; the first of them asks.\nNames, as far as any are needed: Kaur, Quinn; St Andrews.\nVariation: 1."
    )
    found = asked(prompt)
    assert (found.jurisdiction, found.topic, found.point, found.until) == ("Scotland", "Delict", "who pays", 2012)
    assert found.case == Case("a farmer and a walker", "a mediation is near")
    assert found.names == Names("Kaur", "Quinn", "St Andrews")


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "Between 0 and 0 words, in 0 to 0 numbered steps, 0 to 0 authorities.",
        "Between 900 and 100 words, 9 to 2 numbered steps, 99 to 1 authorities",
        "each part under its name as a heading: , , .\n",
        "\nJurisdiction: {first} %s \\ $name (x)\nTopic: {second}\n",
    ],
)
def test_any_text_is_a_prompt(prompt):
    written = sample(prompt)
    assert set(written) == {"question", "answer", "case_citation", "reasoning"}
    assert all(written.values())
