"""``manage.py check_index [--repair]``: whether what duplicates are found by is what the samples say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samples import actions

NAMED_MAX = 20


class Command(BaseCommand):
    help = (
        "Compare the rows by which duplicates are found with the samples. Exit code 1 where they differ and are not "
        "repaired."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what differs, and look at those anew")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        samples, gone, wrong = self.look(is_repairing=repair)
        self.stdout.write(f"Checked {samples:,} samples.")
        if left := actions.unmarked().count():
            self.stdout.write(f"Nobody has looked at {left:,} of them yet: manage.py mark_duplicates does.")
        if not gone and not wrong:
            self.stdout.write("Nothing has drifted.")
            return
        said = f"Rows of deleted samples: {listed(gone)}. Samples with wrong rows: {listed(wrong)}."
        if not repair:
            raise CommandError(f"{said} Run it with --repair.", returncode=1)
        actions.mark_duplicates()
        self.stdout.write(f"Repaired. {said}")

    def look(self, *, is_repairing: bool) -> tuple[int, list[int], list[int]]:
        """How many samples there are, and the keys of what is gone and of what is wrong."""
        samples, gone, wrong = 0, list[int](), list[int]()
        for drift in actions.check_index():
            samples += drift.samples
            gone += sorted(drift.gone)
            wrong += sorted(drift.wrong)
            if is_repairing and (drift.gone or drift.wrong):
                actions.repair(drift)
        return samples, gone, wrong


def listed(pks: list[int]) -> str:
    if not pks:
        return "none"
    more = f" and {len(pks) - NAMED_MAX:,} more" if len(pks) > NAMED_MAX else ""
    return ", ".join(map(str, pks[:NAMED_MAX])) + more
