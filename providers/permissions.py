"""Who may change things over the API: reading needs a login, writing the Django permission of the row's kind."""

from rest_framework.permissions import DjangoModelPermissions


class ChangePermission(DjangoModelPermissions):
    """For actions on a row that exists: POST is a change too, not an addition."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "POST": ["%(app_label)s.change_%(model_name)s"],
    }


class AddToReadPermission(DjangoModelPermissions):
    """For a look that costs a call and serves those who add: GET needs the permission to add."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.add_%(model_name)s"],
    }
