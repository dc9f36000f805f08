"""The home page, and users and groups in the admin's theme. What a person may do comes from the groups."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from legalds.security.sign_in import SignInForm

admin.site.index_template = "legalds/home/home.html"
admin.site.index_title = "Home"
admin.site.login_form = SignInForm
# The theme writes its colours into each page; ours stand in colours.css, as the Content-Security-Policy wants it.
admin.site.extra_context = lambda context, _request: {**context, "colors": None}  # type: ignore[attr-defined]  # Unfold's
admin.site.unregister(User)
admin.site.unregister(Group)

HELP = {
    "groups": "Viewer reads everything but secrets. Operator also runs batches and reviews samples. "
    "Admin also configures providers and models, and sets their keys.",
    "is_staff": "Lets the person into this admin; what there is to see and to do comes from the groups. "
    "A program that only uses a token of the API does not need it.",
    "is_superuser": "May do everything, also manage users. No group is needed then.",
}


@admin.register(User)
class UserAdmin(DjangoUserAdmin, UnfoldModelAdmin):  # type: ignore[misc, type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "group_names", "is_staff", "is_superuser", "last_login")
    filter_horizontal = ("user_permissions",)
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("What the person may do", {"fields": ("groups", "is_staff")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups")

    @display(description="Groups")
    def group_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "-"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{**kwargs, "help_texts": HELP})

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A handful of groups is ticked, from the one that may least to the one that may most."""
        if db_field.name == "groups":
            kwargs |= {"widget": UnfoldAdminCheckboxSelectMultipleWidget(), "queryset": Group.objects.order_by("pk")}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # --- nobody raises himself: superusers are managed by superusers ----------
    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_above(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if _may_raise(request) else (*fields, "is_superuser", "groups", "user_permissions")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if note := note_on(form.instance):
            self.message_user(request, note, messages.WARNING)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, UnfoldModelAdmin):  # type: ignore[misc]
    pass


def note_on(user: User) -> str:
    """What about this user is probably not meant; empty where nothing is."""
    if user.is_superuser:
        return "" if user.is_staff else f"{user} may do everything, but not enter this admin: staff status is off."
    may_something = user.groups.exists() or user.user_permissions.exists()
    if may_something and not user.is_staff:
        return f"{user} may use the API, but not enter this admin: staff status is off."
    if user.is_staff and not may_something:
        return f"{user} may enter this admin, but is in no group, and so sees nothing there."
    return ""


def _may_raise(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _is_above(request: HttpRequest, obj: User | None) -> bool:
    return obj is not None and obj.is_superuser and not _may_raise(request)
