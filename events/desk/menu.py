"""What has to do with registering stands together in the menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .invitations import InvitationViewSet
from .registrations import RegistrationViewSet
from .tickets import TicketViewSet


class RegistrationGroup(ModelViewSetGroup):
    menu_label = _("Registrations")
    menu_icon = "group"
    menu_order = 120
    items = (RegistrationViewSet, TicketViewSet, InvitationViewSet)
