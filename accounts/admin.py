"""Accounts and roles in the technical administration. A password is never shown, nor set, here."""

from typing import Any, cast

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin  # noqa: F401  # registers what is taken out below
from django.contrib.auth.models import Group
from django.http import Http404, HttpResponse
from rest_framework.authtoken.admin import TokenAdmin  # noqa: F401  # likewise
from rest_framework.authtoken.models import TokenProxy

from accounts.models import RoleGrant, User
from core import journal

admin.site.site_title = admin.site.site_header = "Parchemin, administration technique"
_allauth_s_door = secure_admin_login(admin.site.login)


def _login(request: Any, extra_context: Any = None) -> HttpResponse:
    """One door: allauth's, with its second factor. It does not exist for those it does not open to."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise Http404
    return cast("HttpResponse", _allauth_s_door(request, extra_context=extra_context))


admin.site.login = _login  # type: ignore[method-assign]  # as Django's documentation has it

# Tokens and second factors are nobody else's to read (R-ALL-4); rights come from roles, not from groups.
admin.site.unregister([TokenProxy, Authenticator, EmailAddress, Group])


class RoleGrantInline(admin.TabularInline):  # type: ignore[type-arg]  # generic only in the stubs
    model = RoleGrant
    extra = 1
    fields = ("role", "granted_at")
    readonly_fields = ("granted_at",)

    def has_add_permission(self, request: Any, obj: User | None = None) -> bool:
        """With a new account only: afterwards roles change with a reason, on the page « Personnes »."""
        return obj is None

    def has_change_permission(self, request: Any, obj: User | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: User | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """A new account has no usable password: its holder asks for one by e-mail."""

    list_display = ("email", "last_name", "first_name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "role_grants__role")
    search_fields = ("email", "last_name", "first_name")
    fields = ("email", "first_name", "last_name", "is_active", "is_staff", "date_joined", "last_login")
    readonly_fields = ("date_joined", "last_login")
    inlines = (RoleGrantInline,)

    def get_readonly_fields(self, request: Any, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "is_active")

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """The journal keeps who granted which roles."""
        super().save_related(request, form, formsets, change)
        roles = sorted(form.instance.role_grants.values_list("role", flat=True))
        data = {"roles": roles, "fields": form.changed_data}
        journal.record("account.changed" if change else "account.opened", form.instance, by=request.user, data=data)

    def has_delete_permission(self, request: Any, obj: User | None = None) -> bool:
        """An account is closed by making it inactive: what its holder did stays theirs."""
        return False
