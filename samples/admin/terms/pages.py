"""The pages of each kind of term."""

from django.contrib import admin
from unfold.decorators import display

from samples.admin.terms.lists import TermAdmin
from samples.models import Difficulty, Jurisdiction, SampleType, Topic


@admin.register(Jurisdiction)
class JurisdictionAdmin(TermAdmin):
    search_fields = ("word", "name")
    list_filter = ("enabled", "part_of")
    fieldsets = (
        (None, {"fields": ("seen", "name", "word", "aliases", "part_of", "enabled")}),
        ("Its law", {"fields": ("legal_system", "courts", "terms", "language")}),
        ("How it is cited", {"fields": ("citations", "citation_style", "citation_examples")}),
        ("Preview", {"fields": ("asks",)}),
    )

    @display(description="About")
    def about(self, row: Jurisdiction) -> str:
        return f"part of {row.part_of_word}" if row.part_of_word else row.legal_system


@admin.register(Difficulty)
class DifficultyAdmin(TermAdmin):
    search_fields = ("word", "name")
    fieldsets = (
        (None, {"fields": ("seen", "name", "word", "aliases", "enabled")}),
        ("What it asks for", {"fields": ("complexity", "words", "citations", "reasoning_steps")}),
        ("Preview", {"fields": ("asks",)}),
    )

    @display(description="About")
    def about(self, row: Difficulty) -> str:
        return row.complexity


@admin.register(SampleType)
class SampleTypeAdmin(TermAdmin):
    search_fields = ("word", "name", "focus")
    fieldsets = (
        (None, {"fields": ("seen", "name", "word", "aliases", "enabled")}),
        ("What it asks for", {"fields": ("focus", "sections", "words", "citations", "guidance")}),
        ("Of what kind it is", {"fields": ("has_reasoning_steps", "wants_scenario", "wants_date")}),
        ("Preview", {"fields": ("asks",)}),
    )

    @display(description="About")
    def about(self, row: SampleType) -> str:
        return row.focus


@admin.register(Topic)
class TopicAdmin(TermAdmin):
    search_fields = ("word", "practice_area")
    list_filter = ("enabled", "jurisdiction", "difficulty")
    list_select_related = ("jurisdiction",)
    fieldsets = (
        (None, {"fields": ("seen", "word", "jurisdiction", "practice_area", "difficulty", "aliases", "enabled")}),
        ("What it is about", {"fields": ("sub_issues", "only_in", "local_names")}),
        ("Preview", {"fields": ("asks",)}),
    )

    @display(description="About")
    def about(self, row: Topic) -> str:
        return f"{row.practice_area}, {row.jurisdiction}"
