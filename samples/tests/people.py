"""People for tests, by what they may do."""

from django.contrib.auth.models import Permission, User


def make_user(name, *codenames):
    user = User.objects.create_user(name, password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user
