"""Who may change things over the API: reading needs a login, writing the Django permission of the row's kind."""

from rest_framework.permissions import DjangoModelPermissions


class ChangePermission(DjangoModelPermissions):
    """For actions on a row that exists: POST is a change too, not an addition."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "POST": ["%(app_label)s.change_%(model_name)s"],
    }


class ViewPermission(DjangoModelPermissions):
    """For what is asked about the rows of a kind as a whole: reading needs their Django permission too."""

    perms_map = {**DjangoModelPermissions.perms_map, "GET": ["%(app_label)s.view_%(model_name)s"]}
