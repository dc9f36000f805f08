"""Samples as files: the rows, the formats, the file, the command."""

import csv
import io
import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from samples import actions
from samples.export import COLUMNS, FORMATS, as_chat_lines, as_csv, as_json_lines
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def export(batch, output):
    stdout, stderr = io.StringIO(), io.StringIO()
    call_command("export_samples", batch=batch, output=str(output), stdout=stdout, stderr=stderr)
    return stdout.getvalue(), stderr.getvalue()


def test_a_line_keeps_its_keys_in_order_and_its_letters_as_they_are():
    (line,) = as_json_lines([make_sample(question="Qu'est-ce que la « bonne foi » ?\nEt 誠実?")])

    assert tuple(json.loads(line)) == COLUMNS
    assert "« bonne foi » ?\\nEt 誠実?" in line
    assert line.count("\n") == 1


def test_a_file_holds_the_batch_in_the_order_of_its_items(tmp_path):
    for number in (2, 1, 3):
        make_sample(batch_id=5, item_number=number)
    make_sample(batch_id=6, item_number=1)

    _, said = export(5, tmp_path / "out.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["item_number"] for row in rows] == [1, 2, 3]
    assert said == f"wrote 3 samples to {tmp_path / 'out.jsonl'}\n"


def test_a_dash_writes_lines_and_nothing_else_to_standard_output():
    make_sample(batch_id=5, item_number=1)

    lines, said = export(5, "-")

    assert json.loads(lines)["batch_id"] == 5
    assert said == "wrote 1 sample to -\n"


def test_an_unknown_batch_ends_with_code_2_and_leaves_no_file(tmp_path):
    with pytest.raises(CommandError, match="No sample has --batch 99") as caught:
        export(99, tmp_path / "out.jsonl")

    assert caught.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_ends_with_code_2(tmp_path):
    make_sample(batch_id=5)

    with pytest.raises(CommandError, match="Name a file in a folder that exists") as caught:
        export(5, tmp_path / "missing" / "out.jsonl")

    assert caught.value.returncode == 2


def test_a_failed_export_leaves_the_earlier_file_as_it_was(tmp_path):
    make_sample(batch_id=5)
    target = tmp_path / "out.jsonl"
    target.write_text("earlier")
    failing = replace(FORMATS["jsonl"], lines=fail_after_a_line)

    with pytest.raises(RuntimeError):
        actions.export_to(Sample.objects.all(), target, failing)

    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def fail_after_a_line(samples):
    yield "{}\n"
    raise RuntimeError


def test_a_link_is_followed_and_kept(tmp_path):
    make_sample(batch_id=5)
    (tmp_path / "real.jsonl").write_text("")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")

    export(5, tmp_path / "link.jsonl")

    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text().count("\n") == 1


def test_a_device_is_written_to_and_never_replaced(tmp_path):
    make_sample(batch_id=5)

    export(5, "/dev/null")

    with open("/dev/null") as device:
        assert device.read() == ""


def test_rows_are_fetched_in_pieces_of_many(tmp_path, django_assert_num_queries):
    for number in range(1, 21):
        make_sample(batch_id=5, item_number=number)
    assert Sample.objects.count() == 20

    with django_assert_num_queries(4):  # whether there are any, which ones, a piece and what it cites
        actions.export_to(Sample.objects.of_batch(5), tmp_path / "out.jsonl")


def test_chat_lines_hold_the_question_and_the_answer():
    (line,) = as_chat_lines([make_sample(question="Is it?", answer="It is.")])

    assert json.loads(line) == {
        "messages": [{"role": "user", "content": "Is it?"}, {"role": "assistant", "content": "It is."}]
    }


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_cell_is_never_a_formula(dangerous):
    text = "".join(as_csv([make_sample(question=dangerous)]))

    (row,) = csv.DictReader(io.StringIO(text))
    assert tuple(row) == COLUMNS
    assert row["question"] == f"'{dangerous}"


def test_only_samples_of_the_filter_are_exported(tmp_path):
    make_sample(review="approved", topic="Kept")
    make_sample(review="rejected")
    target = tmp_path / "out.jsonl"

    call_command("export_samples", review="approved", output=str(target), stderr=io.StringIO())

    assert [json.loads(line)["topic"] for line in target.read_text().splitlines()] == ["Kept"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"review": "good"}, "--review: 'good' is not known. Use one of: unreviewed, approved, needs_work, rejected."),
        ({"batch": "x"}, "--batch: Give the number of a batch."),
        ({"created_from": "yesterday"}, "--created-from: Give a date such as 2026-01-31"),
        ({}, "There is no sample yet."),
    ],
)
def test_a_wrong_filter_is_named_with_its_remedy(options, told):
    with pytest.raises(CommandError) as caught:
        call_command("export_samples", output="-", **options)

    assert told in str(caught.value)
