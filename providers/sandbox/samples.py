"""Synthetic legal samples: made from a prompt's hash alone, the same for the same prompt, and plainly marked. Pure."""

import hashlib
from dataclasses import dataclass
from random import Random

NOTE = "This is a synthetic sample, made by a program. It is not law and cites no real case."

_SYLLABLES = "ar bel cor dun el fen gar hol is jor kel lan mor nev or pel quin ros sel tor und var wes yar zel"
SYLLABLES = _SYLLABLES.split()
TRADES = [
    "a ferry company",
    "a bakery",
    "a software house",
    "a dairy",
    "a theatre",
    "a quarry",
    "a clinic",
    "a bookseller",
    "a shipyard",
    "a vineyard",
    "a tram operator",
    "a surveyor",
    "a foundry",
    "a nursery",
    "a brewer",
    "a printer",
    "a courier",
    "an orchard",
    "a glassworks",
    "a museum",
]
EVENTS = (
    "failed to deliver the agreed goods",
    "left a warning out of the contract",
    "relied on a clause that nobody had read",
    "let the inspection lapse for two seasons",
    "promised a discount by telephone",
    "moved the boundary fence overnight",
    "kept the deposit after the sale fell through",
    "gave advice outside its field",
    "withheld a report from the other side",
    "changed the price list without notice",
    "took over a lease with hidden arrears",
    "published a statement that turned out to be false",
    "closed the only road to the warehouse",
    "dismissed a manager who had complained",
    "stored chemicals beside the well",
    "copied the layout of a rival's catalogue",
)
RULES = (
    "a duty arises where the harm could be foreseen by a careful person",
    "words are read as a reasonable reader in that trade would read them",
    "a promise binds once the other side has acted upon it",
    "silence counts as consent only where custom makes it so",
    "loss that could have been avoided at small cost is not recovered",
    "the party who chose the risk carries it",
    "notice must reach the person whom it binds",
    "a public body must give reasons that can be tested",
    "what was known at the time decides, not what was learnt later",
    "an exception is read narrowly, and against the one who drafted it",
    "good faith is presumed until facts speak against it",
    "a remedy should put the parties where performance would have put them",
)
MOVES = (
    "The first question is whether",
    "Against this it may be said that",
    "On these facts it matters that",
    "The better view is that",
    "It follows from the record that",
    "A court would first ask whether",
    "The other side will answer that",
    "Nothing turns on the fact that",
    "The documents suggest that",
    "It is common ground that",
)
ENDS = (
    "which the letters of that spring confirm",
    "and no witness said otherwise",
    "though the sums in dispute are small",
    "as the ledger of the second year shows",
    "even if the parties spoke of it only once",
    "so that the burden moves to the defendant",
    "unless the regulator had agreed in writing",
    "because the risk had been priced from the start",
    "and the delay made it worse",
    "whatever the standard form may say",
    "since the meeting at the harbour office settled the point",
    "which is why the claim stands or falls with it",
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long answer and reasoning are, against the usual: any factor between the two, the same for one prompt."""

    least: float = 1.0
    most: float = 1.0

    def factor(self, dice: Random) -> float:
        """Short ones are as likely as long ones; nothing is drawn where there is no choice."""
        if self.least == self.most:
            return self.least
        return self.least * float((self.most / self.least) ** dice.random())


USUAL = Length()
VARIED = Length(1 / 3, 3.0)
FIXED_CHARS, USUAL_CHARS = 600, 2_730  # of the question, the citation and the JSON; of answer and reasoning


def of_about(chars: int) -> Length:
    """The length that makes a whole sample about so many characters long."""
    factor = max(0.0, (chars - FIXED_CHARS) / USUAL_CHARS)
    return Length(factor, factor)


def sample(prompt: str, length: Length = USUAL) -> dict[str, str]:
    """Question, answer, case citation and reasoning, usually 2 to 4 KB in all."""
    seed = int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:8], "big")
    dice = Random(seed)
    factor = length.factor(dice)
    claimant, defendant = _name(dice), _name(dice)
    year = dice.randint(1950, 2024)
    citation = f"{claimant} v {defendant} [{year}] SYN {dice.randint(1, 999)} (synthetic)"
    return {
        "question": _question(dice, claimant, defendant),
        "answer": f"{NOTE} {_paragraph(dice, claimant, defendant, 9 * factor)}\n\n"
        + _paragraph(dice, defendant, claimant, 6 * factor),
        "case_citation": citation,
        "reasoning": _reasoning(dice, claimant, defendant, citation, factor),
    }


def _question(dice: Random, claimant: str, defendant: str) -> str:
    return (
        f"{claimant}, {dice.choice(TRADES)} in {_name(dice)}, says that {defendant}, {dice.choice(TRADES)}, "
        f"{dice.choice(EVENTS)} and later {dice.choice(EVENTS)}. {defendant} answers that {claimant} "
        f"{dice.choice(EVENTS)}. Advise {claimant} on a claim for {dice.randint(2, 900)},000. (Synthetic facts.)"
    )


def _paragraph(dice: Random, one: str, other: str, sentences: float) -> str:
    return " ".join(_sentence(dice, one, other) for _ in range(_at_least_one(sentences)))


def _sentence(dice: Random, one: str, other: str) -> str:
    who = dice.choice((one, other, _name(dice)))
    point = dice.choice((f"{who} {dice.choice(EVENTS)}", dice.choice(RULES)))
    return f"{dice.choice(MOVES)} {point}, {dice.choice(ENDS)}."


def _reasoning(dice: Random, claimant: str, defendant: str, citation: str, factor: float) -> str:
    steps = [_sentence(dice, claimant, defendant) for _ in range(_at_least_one(dice.randint(5, 7) * factor))]
    steps.append(f"Compare the invented decision in {citation}: there, too, {dice.choice(RULES)}.")
    return "\n".join(f"Step {number}: {step}" for number, step in enumerate(steps, start=1))


def _at_least_one(number: float) -> int:
    return max(1, round(number))


def _name(dice: Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 4))).capitalize()
