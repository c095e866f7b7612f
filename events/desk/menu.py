"""What has to do with registering stands together in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from . import registration_queue
from .invitations import InvitationViewSet
from .registrations import RegistrationViewSet
from .reminders import ReminderViewSet
from .tickets import TicketViewSet


class RegistrationGroup(ModelViewSetGroup):
    menu_label = _("Registrations")
    menu_icon = "group"
    menu_order = 120
    items = (RegistrationViewSet, TicketViewSet, InvitationViewSet, ReminderViewSet)

    def get_submenu_items(self) -> list[Any]:
        items: list[Any] = super().get_submenu_items()
        return [*items, registration_queue.menu_item(order=2)]
