"""Duplicates: looking one up among a million samples, processes that save the same at once, drift, and the cost."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any

from benchmarks.rig import machine
from benchmarks.rig.harness import Bench, main
from benchmarks.rig.report import Row, aim, count, fact
from benchmarks.rig.servers import DATABASE, drop, recreate
from benchmarks.rig.site import Shape, Site, running_site
from samples.quality.draft import Draft
from samples.quality.duplicates.fingerprint import similarity

OWN_DATABASE = f"{DATABASE}_duplicates"
RACERS, GROUP = 8, 10
WORKERS, WORKERS_GROUP, WORKERS_PAUSE_S = 4, 25, 0.25
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()  # noqa: SIM905 - shorter so
VOCABULARY = [one + two + three for one in SYLLABLES for two in SYLLABLES[:12] for three in SYLLABLES[:8]]
NAMES, OTHERS = ["Harlow", "Mrs Tan", "Okafor Ltd", "1999"], ["van der Berg", "Lee", "Pym and Sons plc", "£72.50"]
FILL = (
    "ALTER TABLE sample_bands DROP CONSTRAINT sample_bands_pkey",
    """
    INSERT INTO samples (question, answer, case_citation, reasoning, jurisdiction, practice_area, topic, difficulty,
                         sample_type, provider, model, tokens, created_at, text_hash)
    SELECT 'Q' || n, 'A', 'None', 'R', 'uk', '', 'T', 'basic', 'case_analysis', '', '', 0, now(), md5(n::text)::uuid
    FROM generate_series(1, %(samples)s) AS n
    """,
    """
    INSERT INTO sample_signatures (sample_id, version, signature)
    SELECT id, %(version)s, substring(decode(repeat(md5(id::text), 32), 'hex') FOR 504) FROM samples WHERE answer = 'A'
    """,
    """
    INSERT INTO sample_bands (key, sample_id)
    SELECT hashtextextended(band::text, id), id FROM samples CROSS JOIN generate_series(1, 21) AS band
    WHERE answer = 'A'
    """,
    "ALTER TABLE sample_bands ADD PRIMARY KEY (key, sample_id)",
    "VACUUM ANALYZE samples, sample_signatures, sample_bands",
)
_starts: list[Barrier] = []


def duplicates(bench: Bench) -> Iterator[Row]:
    with _database(bench) as environment:
        context = multiprocessing.get_context("spawn")
        with context.Pool(RACERS, _prepare, (environment, context.Barrier(RACERS))) as pool:
            yield from _race(pool, 40 if bench.is_small else 400)
            yield from _after_deletes()
            yield from _filled(bench, 5_000 if bench.is_small else 1_000_000)
            yield from _found(100 if bench.is_small else 1_000)
            yield from _lookups(pool, 50 if bench.is_small else 2_000)
    if not bench.is_small:
        yield from _throughput(bench, 3_000, 3)


def draft(seed: int, names: Sequence[str] = tuple(NAMES)) -> Draft:
    """Some 3 KB that share next to nothing with those of other seeds; the same but for ``names``."""
    dice = Random(seed)

    def text(words: int) -> str:
        chosen = dice.choices(VOCABULARY, k=words)
        chosen[::9] = [f"{word} {names[dice.randrange(len(names))]}" for word in chosen[::9]]
        return " ".join(chosen)

    return Draft(question=text(60), answer=text(280), case_citation="None", reasoning=text(120))


def changed(original: Draft, seed: int) -> Draft:
    """With some words replaced, so that the two are alike by somewhat more or less than 0.8."""
    dice = Random(seed)

    def text(words: str) -> str:
        return " ".join(dice.choice(VOCABULARY) if dice.random() < 0.035 else word for word in words.split())

    return Draft(**{name: text(words) for name, words in asdict(original).items()})


def _race(pool: Pool, pairs: int) -> Iterator[Row]:
    """Each pair is a draft and its clone, in two processes at once."""
    from samples.models import Sample  # noqa: PLC0415 - needs Django's settings

    half = RACERS // 2
    jobs = [(seeds, clones) for clones in (False, True) for seeds in (range(n, pairs, half) for n in range(half))]
    told = sum(pool.map(_save_all, jobs, chunksize=1))
    stored = set(Sample.objects.values_list("question", flat=True))
    kept = [sum(draft(seed, names).question in stored for names in (NAMES, OTHERS)) for seed in range(pairs)]
    yield count(f"{RACERS} processes on {pairs} pairs: kept twice", kept.count(2), exactly=0)
    yield count("the same: pairs of which none is kept", kept.count(0), exactly=0)
    yield count("the same: told to be duplicates", told, exactly=pairs)


def _after_deletes() -> Iterator[Row]:
    from samples import actions  # noqa: PLC0415 - as above
    from samples.models import Sample  # noqa: PLC0415

    every = Sample.objects.values_list("pk", flat=True)
    deleted = actions.delete_all(Sample.objects.filter(pk__in=list(every)[::2]))
    drifted = sum(len(drift.gone) + len(drift.wrong) for drift in actions.check_index())
    yield count(f"samples with wrong rows after {deleted} deletes", drifted, exactly=0)


def _filled(bench: Bench, samples: int) -> Iterator[Row]:
    from samples.quality.duplicates.signature import VERSION  # noqa: PLC0415 - as above

    with bench.servers.connect(OWN_DATABASE) as connection:
        for statement in FILL:
            parameters = {"samples": samples, "version": VERSION} if "%(" in statement else None
            connection.execute(statement.encode(), parameters)
        row = connection.execute("SELECT pg_total_relation_size('sample_bands') / 2 ^ 20").fetchone()
    yield fact("samples, MB of their bands", f"{samples:,}, {row[0] if row else 0:.0f}")


def _found(many: int) -> Iterator[Row]:
    from samples.duplicates.lookup import clashes  # noqa: PLC0415 - as above

    seeds = range(10_000, 10_000 + many)
    _save(map(draft, seeds))
    clones = clashes([draft(seed, OTHERS) for seed in seeds])
    yield count(f"clones with other names found, of {many}", sum(clash is not None for clash in clones), exactly=many)
    pairs = [(draft(seed), changed(draft(seed), seed)) for seed in seeds]
    alike = [near for original, near in pairs if similarity(original, near) >= 0.8]
    found = sum(clash is not None for clash in clashes(alike))
    yield count(f"alike by 0.8 or more found, per mille of {len(alike)}", 1000 * found // len(alike), at_least=990)
    wrong = sum(clash is not None for clash in clashes([draft(seed) for seed in range(20_000, 20_000 + many)]))
    yield count(f"others taken for duplicates, of {many}", wrong, exactly=0)


def _lookups(pool: Pool, times: int) -> Iterator[Row]:
    idle = _timed(range(30_000, 30_000 + times))
    yield aim("lookup, idle: 95th of 100, ms", idle[int(times * 0.95)], at_most=5)
    yield fact("lookup, idle: median, ms", f"{statistics.median(idle):.2f}")
    until = time.time() + 600
    working = [pool.apply_async(_work, (number, until, 2 if times < 100 else 30)) for number in range(WORKERS)]
    time.sleep(1)
    busy = _timed(range(40_000, 40_000 + times))
    saved = sum(work.get() for work in working)
    yield aim(f"lookup, beside {WORKERS} workers: 95th of 100, ms", busy[int(times * 0.95)], at_most=20)
    yield fact("the same: median, ms; samples that they saved", f"{statistics.median(busy):.2f}; {saved}")


def _timed(seeds: range) -> list[float]:
    """Milliseconds of each lookup, fingerprint included, the shortest first."""
    from samples.duplicates.lookup import clashes  # noqa: PLC0415 - as above

    took = []
    for seed in seeds:
        asked = draft(seed)
        started = time.perf_counter()
        clashes([asked])
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)


def _throughput(bench: Bench, items: int, rounds: int) -> Iterator[Row]:
    """The same batches with and without the check, in turn."""
    cores = machine.cores()
    shape = Shape(workers=1, lanes=cores, calls=100 // cores, pool=cores)
    without = replace(bench.servers, environment={**bench.servers.environment, "CHECK_DUPLICATES": "0"})
    bench.sandbox.start_anew(200)
    with ExitStack() as stack:
        sites = [stack.enter_context(running_site(each, bench.sandbox, shape)) for each in (bench.servers, without)]
        for site in sites:
            site.add_provider("speed", "main--sized-3000")
            site.wait(site.order(40), 60)
        rates = [[_rate(site, items) for site in sites] for _ in range(rounds)]
    with_it, without_it = (statistics.median(column) for column in zip(*rates, strict=True))
    told = ", ".join(f"{one:.0f} and {other:.0f}" for one, other in rates)
    yield fact("items/s with and without the check, in turn", told)
    yield aim("throughput with the check, of that without", with_it / without_it, at_least=0.95)


def _rate(site: Site, items: int) -> float:
    started = time.perf_counter()
    made: Mapping[str, Any] = site.wait(site.order(items), 300)
    return float(made["generated"] / (time.perf_counter() - started))


@contextmanager
def _database(bench: Bench) -> Iterator[dict[str, str]]:
    """A fresh one, and Django in this process set up for it."""
    servers = bench.servers
    recreate(servers, OWN_DATABASE, template=DATABASE)
    environment = {
        **servers.environment,
        "DJANGO_SETTINGS_MODULE": "legalds.settings",
        "DATABASE_URL": servers.url_of(OWN_DATABASE),
        "REDIS_URL": servers.redis_url,
    }
    _set_up(environment)
    try:
        yield environment
    finally:
        drop(servers, OWN_DATABASE)


def _set_up(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    import django  # noqa: PLC0415 - reads the environment that was just set

    django.setup()


def _prepare(environment: Mapping[str, str], barrier: Barrier) -> None:
    _set_up(environment)
    _starts.append(barrier)


def _save_all(job: tuple[range, bool]) -> int:
    """How many were told to be duplicates."""
    seeds, is_clone = job
    drafts = [draft(seed, OTHERS if is_clone else NAMES) for seed in seeds]
    _starts[-1].wait(60)
    return len(drafts) - sum(_save(drafts[start : start + GROUP]) for start in range(0, len(drafts), GROUP))


def _work(number: int, until: float, seconds: float) -> int:
    """Save new samples as a worker does: a group every now and then. How many they were."""
    stored, seed, until = 0, 1_000_000 * (number + 1), min(until, time.time() + seconds)
    while time.time() < until:
        stored += _save(draft(seed + place) for place in range(WORKERS_GROUP))
        seed += WORKERS_GROUP
        time.sleep(WORKERS_PAUSE_S)
    return stored


def _save(drafts: Iterator[Draft] | Sequence[Draft]) -> int:
    from django.db import transaction  # noqa: PLC0415 - needs Django's settings

    from samples.duplicates.saving import save_unique  # noqa: PLC0415
    from samples.models import Sample  # noqa: PLC0415

    with transaction.atomic():
        return sum(clash is None for clash in save_unique([Sample(**asdict(each)) for each in drafts]))


if __name__ == "__main__":
    main({"duplicates": duplicates})
