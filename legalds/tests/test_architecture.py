"""What docs/architecture.md and CONTRIBUTING.md name is there; imports and templates can be read."""

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

PACKAGES = ("benchmarks", "tools", "legalds", "providers", "generation", "samples")
ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docs" / "architecture.md").read_text()
GLOSSARY = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([^`]+)` \|$", TEXT.partition("## Glossary")[2], re.MULTILINE)
RECIPES = (ROOT / "CONTRIBUTING.md").read_text()
NAMED = re.findall(r"`([\w.]+/[\w./]+)`", TEXT + RECIPES)
MODULES = re.findall(r"`python -m ([\w.]+)`", TEXT + RECIPES)
DEFINED = re.findall(r"`([A-Za-z_]+)` (?:in|of)\s+`([\w.]+/[\w./]*)`", RECIPES)
FLOOR_PLAN = re.findall(r"^\| \W*`(\w+/[\w/]*)`.*?\| (.+) \|$", TEXT.partition("## The arrows")[0], re.MULTILINE)
FEWEST = 40
LONGEST = 160


def text_of(path: Path) -> str:
    return "\n".join(file.read_text() for file in path.glob("*.py")) if path.is_dir() else path.read_text()


def test_every_file_and_folder_that_is_named_is_there():
    assert [name for name in NAMED if not (ROOT / name).exists()] == []
    assert [name for name in MODULES if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []
    assert len(NAMED) > FEWEST


def test_every_folder_that_a_row_of_the_floor_plan_names_is_inside_the_rows_own():
    parts = [(folder, part) for folder, words in FLOOR_PLAN for part in re.findall(r"`(\w+/)`", words)]
    assert len(parts) > 10
    assert [part for part in parts if not (ROOT / "/".join(part)).is_dir()] == []


def test_whatever_a_recipe_says_is_in_a_file_is_in_it():
    assert len(DEFINED) > 5
    assert [(name, path) for name, path in DEFINED if not re.search(rf"\b{name}\b", text_of(ROOT / path))] == []


def test_every_word_of_the_glossary_has_one_meaning_and_a_file():
    assert len(GLOSSARY) >= FEWEST
    assert [word for word, times in Counter(word for word, _ in GLOSSARY).items() if times > 1] == []
    assert [file for _, file in GLOSSARY if not (ROOT / file).is_file()] == []


def test_every_folder_of_the_four_packages_is_on_the_floor_plan():
    plan = TEXT.partition("## The arrows")[0]
    passed_over = {"tests", "migrations", "management", "templates", "static", "templatetags", "__pycache__"}
    folders = [
        folder.relative_to(ROOT)
        for package in ("providers", "generation", "samples", "legalds")
        for folder in (ROOT / package).iterdir()
        if folder.is_dir() and folder.name not in passed_over and any(folder.glob("*.py"))
    ]
    assert [str(folder) for folder in folders if f"`{folder}/`" not in plan and f"`{folder.name}/`" not in plan] == []


def test_no_import_goes_in_a_circle_not_even_for_types():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()  # raises CycleError with the circle


def test_no_line_of_a_template_is_too_long_to_be_read():
    templates = [path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html")]
    assert len(templates) > FEWEST
    lines = [(path.name, len(line)) for path in templates for line in path.read_text().splitlines()]
    assert [line for line in lines if line[1] > LONGEST] == []
