"""What a sample cites, as its page tells it."""

from dataclasses import dataclass

from samples.citations.standing import Standing
from samples.models import Authority, Sample, SampleCitation


@dataclass(frozen=True, slots=True)
class Cited:
    """``real_names``: what the imported authorities call the one that has its number, where that is another one."""

    citation: SampleCitation
    real_names: tuple[str, ...] = ()


def cited_by(sample: Sample) -> list[Cited]:
    citations = list(sample.citations.all())
    wrong = {citation.key for citation in citations if citation.standing == Standing.OTHER_NAME}
    names: dict[str, tuple[str, ...]] = {}
    if wrong:
        for key, name in Authority.objects.filter(key__in=wrong).values_list("key", "name").order_by("name"):
            names[key] = (*names.get(key, ()), name)
    return [Cited(each, names.get(each.key, ()) if each.key in wrong else ()) for each in citations]
