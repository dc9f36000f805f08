"""Lists of authorities: which rows are taken over, and what becomes of the others."""

import bz2
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from samples.actions import importing, keep_citations
from samples.models import Authority, SampleCitation
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db
COURTLISTENER = (
    '"id","volume","reporter","page","type","cluster_id","date_created"\n'
    '"1","384","U.S.","436","1","107252","2020-01-01"\n'
    '"2","86","S. Ct.","1602","1","107252","2020-01-01"\n'
    '"3","","F.3d","12","1","9","2020-01-01"\n'
    '"4","488","A.2d","858","2","1470000","2020-01-01"\n'
)
CLUSTERS = 'id,case_name,slug\n107252,"Miranda v. Arizona",x\n1470000,"Smith v. \\"Van\\" Gorkom",y\n5,,z\n'


def run(tmp_path, text, *options, name="list.csv", names=""):
    path = tmp_path / name
    path.write_bytes(bz2.compress(text.encode()) if name.endswith(".bz2") else text.encode())
    if names:
        (tmp_path / "names.csv").write_text(names)
        options = (*options, "--names", str(tmp_path / "names.csv"))
    out, err = StringIO(), StringIO()
    call_command("import_authorities", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def authorities():
    return sorted(Authority.objects.values_list("key", "name"))


def test_a_simple_list(tmp_path):
    out, err = run(
        tmp_path, "citation,name\n[2019] UKSC 41,R (Miller) v The Prime Minister\n384 US 436,Miranda v. Arizona\n"
    )
    assert authorities() == [("2019 uksc 41", "R (Miller) v The Prime Minister"), ("384 us 436", "Miranda v. Arizona")]
    assert "2 rows read: 2 authorities added, 0 named, 0 rows left out" in out
    assert err == ""


def test_json_lines(tmp_path):
    run(tmp_path, '{"citation": "Theft Act 1968", "name": ""}\n\n{"citation": "GDPR"}\n', name="list.jsonl")
    assert [key for key, _ in authorities()] == ["32016r0679", "theft act 1968"]


@pytest.mark.parametrize("name", ["list.csv", "list.csv.bz2"])
def test_courtlisteners_citations_with_the_names_of_its_clusters(tmp_path, name):
    out, err = run(tmp_path, COURTLISTENER, name=name, names=CLUSTERS)
    assert authorities() == [
        ("384 us 436", "Miranda v. Arizona"),
        ("488 a2d 858", 'Smith v. "Van" Gorkom'),
        ("86 sct 1602", "Miranda v. Arizona"),
    ]
    assert "4 rows read: 3 authorities added, 3 named, 2 rows left out" in out
    assert err == "line 4: volume is empty\nline 4: id or case_name is empty\n"


def test_twice_is_as_once(tmp_path):
    run(tmp_path, COURTLISTENER, names=CLUSTERS)
    before = authorities()
    out, _ = run(tmp_path, COURTLISTENER, names=CLUSTERS)
    assert authorities() == before
    assert "0 authorities added, 0 named" in out


def test_dirty_rows_are_told_with_their_lines_and_stop_nothing(tmp_path):
    text = 'citation,name\nnonsense,x\n"a\nb",y,z\n,empty\n[2019] UKSC 41,good\x00 name\n'
    out, err = run(tmp_path, text)
    assert authorities() == [("2019 uksc 41", "good name")]
    assert err.splitlines() == [
        "line 2: 'nonsense' cannot be read as a citation",
        "line 4: it has 3 columns, the first line 2",
        "line 5: citation is empty",
    ]
    assert "3 rows left out" in out


def test_json_that_is_none_is_told(tmp_path):
    _, err = run(tmp_path, '{"citation": "GDPR"}\n{broken\n[1]\n')
    assert err.splitlines() == ["line 2: it is no JSON", "line 3: it is no JSON object"]


def test_of_many_dirty_rows_the_first_are_told(tmp_path):
    _, err = run(tmp_path, "citation,name\n" + "x,y\n" * 50)
    assert len(err.splitlines()) == 21
    assert err.endswith("... and 30 rows more\n")


def test_a_list_is_taken_over_in_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 3)
    rows = "".join(f"[2019] UKSC {number},Case {number}\n" for number in range(1, 11))
    run(tmp_path, f"citation,name\n{rows}{rows}")
    assert Authority.objects.count() == 10


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_file_that_is_no_list_is_refused(tmp_path, text):
    with pytest.raises(CommandError, match="volume, reporter, page or citation"):
        run(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("import_authorities", str(tmp_path / "none.csv"))
    assert str(refused.value) == f"Cannot read {tmp_path / 'none.csv'}: No such file or directory"


def test_the_citations_of_samples_are_compared_afterwards(tmp_path):
    keep_citations([make_sample(case_citation="Hale v Morton [2019] UKSC 41", answer="Yes.")])
    out, _ = run(tmp_path, "citation,name\n[2019] UKSC 41,R (Miller) v The Prime Minister\n")
    assert SampleCitation.objects.get().standing == "other_name"
    assert "Citations of samples whose standing has changed: 1" in out
