"""An item moves as the table of moves allows, and nothing but its queryset moves it."""

import ast
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from generation.choices import ITEM_MOVES, BatchStatus, ItemStatus
from generation.models import Item
from generation.tests.factories import SPEC, make_batch
from generation.worker.items import caps, claims

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("generation", "legalds")  # the other two know nothing of items
PASSED_OVER = {"tests", "migrations"}
THE_WRITER = ROOT / "generation" / "querysets.py"
WRITES = {"update", "create", "bulk_create", "get_or_create", "update_or_create", "Item"}
BY_NAME = {"bulk_update", "save", "update_each"}
SQL = re.compile(r"\b(UPDATE|INSERT\s+INTO)\s+\"?items\b", re.IGNORECASE)


@pytest.fixture
def item_at(db):
    """``item_at(status)`` makes an item of a running batch that stands there."""
    batch = make_batch(count=1, status=BatchStatus.RUNNING)
    Item.objects.all().delete()

    def make(status):
        lease = {"lease_token": uuid4(), "leased_until": Now()} if status is ItemStatus.LEASED else {}
        return Item.objects.create(batch=batch, number=1, status=status, **SPEC, **lease)

    return make


def claim(item):
    reserved = caps.reservation(claims.NOTHING)
    return len(Item.objects.claim(item.batch_id, uuid4(), 1, lease=timedelta(seconds=20), reserved=reserved))


MOVES = {
    "claim": (claim, {ItemStatus.PENDING}, ItemStatus.LEASED),
    "hand back": (lambda item: Item.objects.hand_back(), {ItemStatus.LEASED}, ItemStatus.PENDING),
    "retry": (lambda item: Item.objects.retry(), {ItemStatus.FAILED}, ItemStatus.PENDING),
    "finish": (
        lambda item: Item.objects.finish({"pk": [item.pk]}),
        {ItemStatus.PENDING, ItemStatus.LEASED},
        ItemStatus.DONE,
    ),
    "replace": (
        lambda item: Item.objects.replace({"pk": [item.pk], "scenario": ["risk_assessment"]}),
        {ItemStatus.PENDING, ItemStatus.LEASED},
        ItemStatus.PENDING,
    ),
    "fail": (
        lambda item: Item.objects.fail({"pk": [item.pk], "failure": ["no"]}),
        {ItemStatus.PENDING, ItemStatus.LEASED},
        ItemStatus.FAILED,
    ),
}


@pytest.mark.parametrize("source", ItemStatus)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_from_where_it_may_be_and_says_so(item_at, name, source):
    move, sources, target = MOVES[name]
    item = item_at(source)
    assert move(item) == (source in sources)
    item.refresh_from_db()
    assert item.status == (target if source in sources else source)


def test_the_moves_are_those_of_the_table():
    offered = {(source, target) for _, sources, target in MOVES.values() for source in sources}
    assert offered == {(source, target) for source, targets in ITEM_MOVES.items() for target in targets}


@pytest.mark.parametrize("name", MOVES)
def test_what_the_table_does_not_allow_is_not_done(item_at, monkeypatch, name):
    """Struck from the table is struck from the code."""
    move, sources, target = MOVES[name]
    struck = {source: targets - {target} for source, targets in ITEM_MOVES.items()}
    monkeypatch.setattr("generation.querysets.ITEM_MOVES", {**struck, ItemStatus.DONE: frozenset({target})})
    item = item_at(min(sources))
    assert not move(item)


def test_nothing_but_the_queryset_writes_the_status_of_an_item():
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    ours = [path for path in files if not PASSED_OVER & set(path.parts) and path != THE_WRITER]
    found = [f"{path.relative_to(ROOT)}:{line}" for path in ours for line in writes_of_status(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "Item.objects.filter(pk=1).update(faults=0, status=ItemStatus.DONE)",
        "Item.objects.filter(pk=1).update(**{'status': ItemStatus.DONE})",
        "values = {'status': ItemStatus.DONE.value}",
        "item.status = ItemStatus.DONE",
        "item.save(update_fields=['status'])",
        "Item.objects.bulk_update(items, ['faults', 'status'])",
        "Item(number=1, status='done')",
        "cursor.execute('UPDATE items SET status = %s', ['done'])",
        "cursor.execute(f'update \"items\" SET {columns}')",
    ],
)
def test_every_way_to_write_one_is_found(code):
    assert writes_of_status(code) == [1]


def test_reading_one_is_no_write():
    code = "Item.objects.filter(status=ItemStatus.DONE).exclude(status='failed').update(faults=0)"
    assert writes_of_status(code) == []


def writes_of_status(code):
    """The lines on which a status is written, or rows of items by SQL of one's own."""
    return sorted({getattr(node, "lineno", 0) for node in ast.walk(ast.parse(code)) if is_write(node)})


def is_write(node):
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args, keywords=keywords):
            named = [*args, *(keyword.value for keyword in keywords)]
            return (name in WRITES and any(keyword.arg == "status" for keyword in keywords)) or (
                name in BY_NAME and any("'status'" in ast.unparse(value) for value in named)
            )
        case ast.Attribute(attr="status", ctx=ast.Store(), value=ast.Name(id=name)):
            return name != "self"
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return any(is_text(key, "status") and "ItemStatus" in ast.unparse(value) for key, value in pairs)
        case ast.Constant(value=str(text)):
            return bool(SQL.search(text))
    return False


def is_text(node, text):
    return isinstance(node, ast.Constant) and node.value == text
