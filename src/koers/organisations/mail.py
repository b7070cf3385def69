"""The mail that this app sends itself; allauth sends that of accounts."""

import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from koers.organisations.models import Invitation, User

logger = logging.getLogger(__name__)


def mail_invitation(invitation: Invitation, link: str, sender: User) -> bool:
    """Mail the link in the language of the sender. False when the mail server refused it or was not there."""
    context = {"invitation": invitation, "administration": invitation.administration, "link": link, "sender": sender}
    with translation.override(sender.language):
        subject = render_to_string("organisations/mail/invitation_subject.txt", context)
        body = render_to_string("organisations/mail/invitation_message.txt", context)
    message = EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[invitation.email])
    try:
        message.send()
    except OSError:
        logger.exception("An invitation could not be mailed.")
        return False
    return True
