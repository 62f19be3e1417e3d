"""Has Django's admin use the desk's site."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Django's admin, with the site of the desk."""

    default_site = "moderation.web.desk.base.site.DeskSite"
