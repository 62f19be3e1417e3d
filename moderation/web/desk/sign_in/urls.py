"""Which of allauth's pages there are: no sign-up, no addresses to manage, no connections."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from moderation.web.desk.sign_in import (
    invitation,
    openid_connect,
    pages,
    password_reset,
    reset_second_factor,
    tokens,
)
from moderation.web.desk.sign_in.pages import in_desk
from moderation.web.desk.sign_in.passkeys import AddPasskeyView

# Under `/sign-in/`, for who is not signed in.
entrance = [
    path("", account.login, name="account_login"),
    path("again/", pages.again, name="sign_in_again"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("invitation/<str:secret>/", invitation.page, name="invitation"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("forgotten/", never_cache(account.password_reset), name="account_reset_password"),
    path("forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "forgotten/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        never_cache(password_reset.from_key),
        name="account_reset_password_from_key",
    ),
    path("cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("with/<slug:provider_id>/login/", openid_connect.login, name="openid_connect_login"),
    path(
        "with/<slug:provider_id>/login/callback/",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
]
to_security_page = RedirectView.as_view(pattern_name="mfa_index")
# Under `/admin/security/`, for who is.
security = [
    path("", in_desk(mfa.index, title=_("Sign-in and security")), name="mfa_index"),
    path(
        "password/",
        in_desk(account.password_change, title=_("Change your password")),
        name="account_change_password",
    ),
    # Who has no password signs in at the provider, and gets none here.
    path("password/none/", to_security_page, name="account_set_password"),
    path(
        "confirm/",
        in_desk(account.reauthenticate, title=_("Is it you?")),
        name="account_reauthenticate",
    ),
    path(
        "confirm/code/",
        in_desk(mfa.reauthenticate, title=_("Is it you?")),
        name="mfa_reauthenticate",
    ),
    path(
        "confirm/passkey/",
        in_desk(webauthn.reauthenticate_webauthn, title=_("Is it you?")),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "app/",
        in_desk(totp.activate_totp, title=_("Set up an authenticator app")),
        name="mfa_activate_totp",
    ),
    path(
        "app/off/",
        in_desk(totp.deactivate_totp, title=_("Switch off the authenticator app")),
        name="mfa_deactivate_totp",
    ),
    path(
        "codes/",
        in_desk(recovery_codes.view_recovery_codes, title=_("Recovery codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "codes/new/",
        in_desk(recovery_codes.generate_recovery_codes, title=_("New recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", to_security_page, name="mfa_list_webauthn"),
    path(
        "passkeys/add/",
        in_desk(AddPasskeyView.as_view(), title=_("Add a passkey")),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        in_desk(webauthn.remove_webauthn, title=_("Remove a passkey")),
        name="mfa_remove_webauthn",
    ),
    path("tokens/", in_desk(tokens.page, title=_("Review tokens")), name="desk_tokens"),
    path(
        "tokens/of/<int:pk>/",
        in_desk(tokens.of_member, title=_("Review tokens")),
        name="desk_tokens_of_member",
    ),
    path(
        "tokens/of/<int:pk>/<slug:digest>/revoke/",
        in_desk(tokens.revoke),
        name="desk_token_revoke",
    ),
    path(
        "reset/<int:pk>/",
        in_desk(reset_second_factor.page, title=_("Reset a second factor")),
        name="desk_reset_second_factor",
    ),
]
