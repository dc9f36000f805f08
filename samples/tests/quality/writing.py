"""Samples that are written to the letter of what was asked for, for tests."""

from samples.quality.draft import Draft
from samples.taxonomy.requirements import Requirements

QUESTION = (
    "On 3 May 2024 the landlord of Ann Okafor changed the locks of her flat while she was at work, without an order "
    "of any court. What can she claim from him?"
)
AUTHORITIES = (
    "Protection from Eviction Act 1977, s 3",
    "Housing Act 1988, s 27",
    "Housing Act 1988, s 28",
    "Street v Mountford [1985] AC 809 (HL)",
)
AUTHORITIES_ABROAD = {
    "us": (
        "Edwards v. Habib, 397 F.2d 687 (D.C. Cir. 1968)",
        "42 U.S.C. \u00a7 3604",
        "Miranda v. Arizona, 384 U.S. 436 (1966)",
    ),
    "eu": (
        "Council Directive 93/13/EEC, art 3",
        "Case C-415/11 Aziz v Catalunyacaixa EU:C:2013:164",
        "Case C-34/13 Ku\u0161ionov\u00e1 v SMART Capital EU:C:2014:2189",
    ),
}
"""By the jurisdictions where those of the United Kingdom are foreign."""
SUBJECTS = (
    "The landlord",
    "The tenant",
    "A court",
    "The statute",
    "An agreement",
    "The notice",
    "A licence",
    "The claim",
)
VERBS = ("requires", "excludes", "presupposes", "limits", "confirms", "explains", "replaces", "supports")
OBJECTS = ("possession", "an order", "damages", "a remedy", "good faith", "proof of loss", "the rent", "a fair hearing")
ENDS = (
    "in every case of this kind",
    "where the facts allow it",
    "although the lease is silent",
    "unless both sides agree",
    "because the Act says so",
    "before the tenant leaves",
    "after the notice has run out",
)


def written(asked: Requirements) -> Draft:
    """The least that was asked for, and nothing else."""
    return Draft(
        question=QUESTION,
        answer=answer(asked, asked.words[0]),
        case_citation=authorities(asked),
        reasoning=reasoning(asked.reasoning_steps[0]) if asked.reasoning_steps else prose(24),
    )


def authorities(asked: Requirements) -> str:
    known = AUTHORITIES_ABROAD.get(asked.jurisdiction, AUTHORITIES)
    return "; ".join(known[place % len(known)] for place in range(asked.citations[0]))


def answer(asked: Requirements, words: int) -> str:
    """Of so many words, headings included, but with some under each heading."""
    if not asked.sections:
        return prose(words)
    left = words - sum(len(name.split()) for name in asked.sections)
    share, rest = divmod(max(left, 3 * len(asked.sections)), len(asked.sections))
    parts = (
        f"## {name}\n{prose(share + (place < rest), skipped=place * 100)}" for place, name in enumerate(asked.sections)
    )
    return "\n\n".join(parts)


def reasoning(steps: int) -> str:
    return "\n".join(f"Step {number}: {prose(12, skipped=number * 10)}" for number in range(1, steps + 1))


def prose(words: int, *, skipped: int = 0) -> str:
    """Sentences of exactly so many words in all, of which no two are alike for a long time."""
    sentences: list[str] = []
    left = words
    place = skipped
    while left > 0:
        sentence = _sentence(place).split()
        if left < len(sentence) or 0 < left - len(sentence) < 3:
            sentence = (_sentence(place).split() * 2)[:left] if left <= len(sentence) else sentence[:-3]
        sentences.append(f"{' '.join(sentence)}.")
        left -= len(sentence)
        place += 1
    return " ".join(sentences)


def _sentence(place: int) -> str:
    parts = (SUBJECTS[place % 8], VERBS[place // 8 % 8], OBJECTS[(place + place // 8) % 8], ENDS[place % 7])
    return " ".join(parts)
