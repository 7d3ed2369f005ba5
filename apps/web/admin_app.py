from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django's admin with the product's own site: see ``admin_site``."""

    default_site = "apps.web.admin_site.StaffSite"
