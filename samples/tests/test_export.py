"""JSON lines: the rows, the file, the command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from samples.actions import export_batch_to
from samples.export import FIELDS, to_line
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def export(batch, output):
    stdout, stderr = io.StringIO(), io.StringIO()
    call_command("export_samples", batch=batch, output=str(output), stdout=stdout, stderr=stderr)
    return stdout.getvalue(), stderr.getvalue()


def test_a_line_keeps_its_keys_in_order_and_its_letters_as_they_are():
    line = to_line(make_sample(question="Qu'est-ce que la « bonne foi » ?\nEt 誠実?"))

    assert list(json.loads(line)) == [*FIELDS, "created_at"]
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
    with pytest.raises(CommandError, match="no sample belongs to batch 99") as caught:
        export(99, tmp_path / "out.jsonl")

    assert caught.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_ends_with_code_2(tmp_path):
    make_sample(batch_id=5)

    with pytest.raises(CommandError, match="Name a file in a folder that exists") as caught:
        export(5, tmp_path / "missing" / "out.jsonl")

    assert caught.value.returncode == 2


def test_a_failed_export_leaves_the_earlier_file_as_it_was(tmp_path, monkeypatch):
    make_sample(batch_id=5)
    target = tmp_path / "out.jsonl"
    target.write_text("earlier")
    monkeypatch.setattr("samples.actions.write_jsonl", fail_after_a_line)

    with pytest.raises(RuntimeError):
        export_batch_to(5, target)

    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def fail_after_a_line(samples, file):
    file.write("{}\n")
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


def test_rows_are_fetched_in_one_query_however_many(tmp_path, django_assert_num_queries):
    for number in range(1, 21):
        make_sample(batch_id=5, item_number=number)
    assert Sample.objects.count() == 20

    with django_assert_num_queries(2):
        export_batch_to(5, tmp_path / "out.jsonl")
