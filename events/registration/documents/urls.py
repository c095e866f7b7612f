"""The addresses of documents: those in each language, and the keys of tickets, which have none."""

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from ..urls import my_place
from . import door, participants, ticket

shown = pgettext_lazy("address", "ticket")
tickets_at_the_door = pgettext_lazy("address", "tickets-at-the-door")
people = pgettext_lazy("address", "participants")

urlpatterns = [
    path(format_lazy("{}/<str:token>/{}/", my_place, shown), ticket.page, name="ticket"),
    path(format_lazy("{}/<str:token>/{}.pdf", my_place, shown), ticket.document, name="ticket_pdf"),
    path(format_lazy("{}/<str:token>/{}/", my_place, people), participants.page, name="participants"),
    path(format_lazy("{}/<str:token>/{}.pdf", my_place, people), participants.document, name="participants_pdf"),
    path(format_lazy("{}/<uuid:uid>/", tickets_at_the_door), door.page, name="door"),
    path(format_lazy("{}/worker.js", tickets_at_the_door), door.worker, name="door_worker"),
]

keys = [path("tickets/keys.json", door.keys, name="ticket_keys")]
