"""What samples cite, as rows: written when they are saved, and again on demand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet

from samples.citations.citation import Citation
from samples.citations.finding import citations_in
from samples.citations.listing import listed_citations
from samples.citations.standing import Standing, standing
from samples.models import Authority, Sample, SampleCitation

CHUNK = 500
CITATIONS_MAX = 200
"""Of one sample; more are no citations but a list that loops."""


def keep_citations(samples: Sequence[Sample]) -> None:
    """Write what the new samples cite, compared with the known authorities: two or three statements for all of them."""
    rows = [row for sample in samples for row in citations_of(sample)]
    _compare(rows)
    SampleCitation.objects.bulk_create(rows)


def renew_citations(samples: QuerySet[Sample]) -> int:
    """Read the samples' citations again and compare them again; how many samples. In groups: what is done stays."""
    pks = list(samples.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic():
            group = list(Sample.objects.filter(pk__in=pks[start : start + CHUNK]).select_for_update(no_key=True))
            SampleCitation.objects.filter(sample__in=group).delete()
            keep_citations(group)
    return len(pks)


def compare_all() -> int:
    """Compare every citation that is kept with the known authorities; how many stand otherwise now. In groups."""
    changed, last = 0, 0
    while rows := list(SampleCitation.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        before = [row.standing for row in rows]
        _compare(rows)
        other = [row for row, was in zip(rows, before, strict=True) if row.standing != was]
        SampleCitation.objects.bulk_update(other, ["standing"])
        changed += len(other)
    return changed


def citations_of(sample: Sample) -> Iterator[SampleCitation]:
    """Each authority once: those of the list, then those of answer and reasoning that the list has not."""
    listed = listed_citations(sample.case_citation)
    elsewhere = (*citations_in(sample.answer), *citations_in(sample.reasoning))
    distinct: dict[str, tuple[Citation, bool]] = {}
    for is_listed, found in ((True, listed), (False, elsewhere)):
        for citation in found:
            distinct.setdefault(citation.key, (citation, is_listed))
    for place, (citation, is_listed) in enumerate(list(distinct.values())[:CITATIONS_MAX], 1):
        yield SampleCitation.of(sample, place, citation, is_listed=is_listed)


def _compare(rows: Collection[SampleCitation]) -> None:
    """Sets how they stand; where no authority was ever imported, that nothing was compared."""
    names = _names({row.key for row in rows})
    is_comparable = bool(names) or (bool(rows) and Authority.objects.exists())
    for row in rows:
        found = standing(row.parties, names.get(row.key)) if is_comparable else Standing.UNCOMPARED
        row.standing = found.value


def _names(keys: Iterable[str]) -> dict[str, list[str]]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in Authority.objects.filter(key__in=list(keys)).values_list("key", "name"):
        names[key].append(name)
    return dict(names)
