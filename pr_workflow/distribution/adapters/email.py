"""E-mail: one message to the recipients of the channel, at most once.

A mail server offers no way to ask what it did with a message. The idempotency key stands in the Message-ID, so that a
person can find it in the server's log; the system itself never sends an unclear message again.
"""

import contextlib
import smtplib
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from .base import ChannelRefused, ChannelUnclear, DeliveryFacts, Message, Receipt
from .text import headline, message_text


class EmailAdapter:
    """Sends through Django's mail settings. Recipients do not see each other."""

    def __init__(self, *, recipients: Sequence[str], from_email: str):
        self._recipients = list(recipients)
        self._from_email = from_email

    def send(self, delivery: DeliveryFacts, message: Message) -> Receipt:
        """See ChannelAdapter.send."""
        if not self._recipients:
            raise ChannelRefused(_("The channel has no recipient. Enter at least one address."), permanent=True)
        message_id = self._message_id(delivery)
        mail = EmailMessage(
            subject=headline(message),
            body=f"{message_text(message)}\n\n{message.url}\n",
            from_email=self._from_email,
            to=[self._from_email],
            bcc=self._recipients,
            headers={"Message-ID": message_id},
        )
        connection = self._open_connection()
        try:
            self._hand_over(connection, mail)
        finally:
            # The message is handed over or refused by now; how the connection ends changes nothing.
            with contextlib.suppress(Exception):
                connection.close()
        return Receipt(external_id=message_id)

    def find(self, delivery: DeliveryFacts) -> Receipt | None:
        """Never decidable: mail cannot be read back."""
        raise ChannelUnclear(
            _("E-mail cannot be read back. Look for %(message_id)s in the log of the mail server.")
            % {"message_id": self._message_id(delivery)},
            for_person=True,
        )

    def _message_id(self, delivery: DeliveryFacts) -> str:
        domain = parseaddr(self._from_email)[1].rpartition("@")[2] or "localhost"
        return f"<{delivery.idempotency_key}@{domain}>"

    def _open_connection(self):
        try:
            connection = get_connection()
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelRefused(_("The mail server does not accept our login."), permanent=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelRefused(_("The mail server cannot be reached.")) from error
        return connection

    def _hand_over(self, connection, mail: EmailMessage) -> None:
        try:
            handed_over = connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise ChannelRefused(
                _("The mail server accepts none of the recipients."), permanent=all(code >= 500 for code in codes)
            ) from error
        except smtplib.SMTPResponseException as error:
            raise ChannelRefused(
                _("The mail server refused the message (code %(code)s).") % {"code": error.smtp_code},
                permanent=error.smtp_code >= 500,
            ) from error
        except ValueError as error:  # a header that mail cannot carry; nothing was sent
            raise ChannelRefused(_("The message cannot be written as e-mail."), permanent=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelUnclear(_("The connection to the mail server broke during the message.")) from error
        if not handed_over:
            raise ChannelRefused(_("The mail server took no message."), permanent=False)
