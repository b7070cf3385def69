from django.urls import path

from koers.organisations import key_views, views

_ADMINISTRATION = "administrations/<uuid:administration_id>/"

urlpatterns = [
    path("administrations/new/", views.new_administration, name="new_administration"),
    path(_ADMINISTRATION, views.administration_page, name="administration"),
    path(f"{_ADMINISTRATION}log/", views.audit_log, name="audit_log"),
    path(f"{_ADMINISTRATION}name/", views.rename_administration, name="rename_administration"),
    path(f"{_ADMINISTRATION}leave/", views.leave_administration, name="leave_administration"),
    path(f"{_ADMINISTRATION}invitations/", views.invite, name="invite"),
    path(
        f"{_ADMINISTRATION}invitations/<int:invitation_id>/resend/", views.resend_invitation, name="resend_invitation"
    ),
    path(
        f"{_ADMINISTRATION}invitations/<int:invitation_id>/withdraw/",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path(f"{_ADMINISTRATION}members/<int:member_id>/role/", views.change_role, name="change_role"),
    path(f"{_ADMINISTRATION}members/<int:member_id>/remove/", views.remove_member, name="remove_member"),
    path(f"{_ADMINISTRATION}keys/", key_views.api_keys, name="api_keys"),
    path(f"{_ADMINISTRATION}keys/<int:key_id>/withdraw/", key_views.withdraw_api_key, name="withdraw_api_key"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
