"""What has to do with registering stands together in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .letters.reminders import ReminderViewSet
from .payments.viewset import PaymentViewSet
from .registrations import queue as registration_queue
from .registrations.viewset import RegistrationViewSet
from .sale.invitations import InvitationViewSet
from .sale.tickets import TicketViewSet


class RegistrationGroup(ModelViewSetGroup):
    menu_label = _("Registrations")
    menu_icon = "group"
    menu_order = 120
    items = (RegistrationViewSet, PaymentViewSet, TicketViewSet, InvitationViewSet, ReminderViewSet)

    def get_submenu_items(self) -> list[Any]:
        items: list[Any] = super().get_submenu_items()
        return [*items, registration_queue.menu_item(order=2)]
