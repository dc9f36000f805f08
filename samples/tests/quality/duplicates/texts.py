"""Drafts that share next to nothing, and their clones with other parties, sums and years."""

from dataclasses import asdict
from random import Random

from samples.quality.draft import Draft

WORDS = """
claim tenant lease notice rent breach court judge duty care harm loss damage promise bargain price goods seller buyer
delivery warranty clause term reading statute section appeal ruling finding evidence witness document letter email
meeting agreement consent silence mistake fraud pressure influence trustee fund beneficiary gift estate will executor
company director shareholder vote resolution minority oppression remedy injunction order costs interest delay limitation
period knowledge discovery injury accident employer worker safety machine training warning sign road driver speed
insurance policy cover exclusion premium notification patient doctor treatment risk advice record hospital landlord
repair damp heating boiler roof garden fence boundary survey plan register title charge mortgage lender borrower
repayment default sale auction valuation planning permission condition council officer decision reason hearing
fairness bias inquiry report minister power purpose proportionality right privacy speech press belief school pupil
""".split()  # noqa: SIM905 - a list would be ten times as long
NAMES = ["Harlow", "Mrs Tan", "Okafor Ltd", "Brightwater Council", "Dr Lindqvist", "Anna Weiss"]
OTHERS = ["van der Berg", "Mr O'Neill", "Pym and Sons plc", "Bank of Kelso", "Lee", "Sir John Q. Ferrars"]
NUMBERS = ["£5,000", "1999", "12", "three million", "40 %", "2017"]
OTHER_NUMBERS = ["£72.50", "2003", "seven", "£900", "3.5 %", "nineteen"]


def draft(seed: int, *, clone: bool = False) -> Draft:
    """The same for the same seed; as a ``clone`` with other names and numbers."""
    dice, names, numbers = Random(seed), OTHERS if clone else NAMES, OTHER_NUMBERS if clone else NUMBERS

    def sentence() -> str:
        words = [dice.choice(WORDS) for _ in range(dice.randint(8, 14))]
        places = {dice.randrange(2, len(words)): dice.randrange(len(names)) for _ in range(2)}
        for place, which in places.items():
            words[place] = f"{words[place]} {dice.choice((names, numbers))[which]}"
        return f"{names[dice.randrange(len(names))]} {' '.join(words)}."

    question, answer, reasoning = (" ".join(sentence() for _ in range(count)) for count in (3, 12, 6))
    return Draft(question, answer, "None", reasoning)


def clone(original: Draft) -> Draft:
    """The clone of what ``draft`` has made."""
    seeds = (seed for seed in range(10_000) if draft(seed) == original)
    return draft(next(seeds), clone=True)


def with_changes(original: Draft, share: float, seed: int) -> Draft:
    """Another one of whose words this share, taken at random, is replaced."""
    dice = Random(seed)

    def changed(text: str) -> str:
        return " ".join(
            dice.choice(WORDS) if word.islower() and dice.random() < share else word for word in text.split()
        )

    return Draft(**{name: changed(text) for name, text in asdict(original).items()})
