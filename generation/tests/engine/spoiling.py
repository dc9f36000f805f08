"""One sample, and ways to spoil the answer that holds it."""

import json

from samples.quality.draft import Draft

FIELDS = {
    "question": "May Ann sue, and why?",
    "answer": 'Issue\nWhether "the lock" was lawful.\nRule\nC\'s law is in the 1977 Act, s 1.',
    "case_citation": "Currie v Misa (1875) LR 10 Ex 153; [2019] UKSC 41",
    "reasoning": "Step 1: define it.\nStep 2: it's applied.",
}
DRAFT = Draft(**FIELDS)
JSON = json.dumps(FIELDS)
PRETTY = json.dumps(FIELDS, indent=2)
OTHER_FIELDS = {**FIELDS, "question": "What else may she do?"}
OTHER = json.dumps(OTHER_FIELDS)
HALF = JSON[: JSON.index("UKSC")]


def changed(**fields: object) -> str:
    return json.dumps({**FIELDS, **fields})


def quoted(opening: str, closing: str) -> str:
    escaped = {key: value.replace("\n", "\\n") for key, value in FIELDS.items()}
    pairs = (f"{opening}{key}{closing}: {opening}{value}{closing}" for key, value in escaped.items())
    return f"{{{', '.join(pairs)}}}"
