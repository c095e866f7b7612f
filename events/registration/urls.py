"""The addresses of registration, in each language; included under the language's prefix."""

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from . import my_calendar, participant, views

registration = pgettext_lazy("address", "registration")
my_place = pgettext_lazy("address", "my-place")
thanks = pgettext_lazy("address", "thank-you")
change = pgettext_lazy("address", "change")
cancel = pgettext_lazy("address", "cancel")
new_link = pgettext_lazy("address", "new-link")
dates = pgettext_lazy("address", "dates")
sent = pgettext_lazy("address", "sent")
calendar = pgettext_lazy("address", "calendar")

urlpatterns = [
    path(format_lazy("{}/<uuid:uid>/", registration), views.register_here, name="registration"),
    path(format_lazy("{}/<uuid:uid>/{}/", registration, thanks), views.thanks, name="registration_thanks"),
    path(format_lazy("{}/", my_place), participant.lost, name="participant_lost"),
    path(format_lazy("{}/{}/", my_place, sent), participant.sent, name="participant_sent"),
    path(format_lazy("{}/<str:token>/", my_place), participant.participant, name="participant"),
    path(format_lazy("{}/<str:token>/{}/", my_place, change), participant.change, name="participant_change"),
    path(format_lazy("{}/<str:token>/{}/", my_place, cancel), participant.cancel, name="participant_cancel"),
    path(format_lazy("{}/<str:token>/{}/", my_place, dates), participant.more_dates, name="participant_dates"),
    path(format_lazy("{}/<str:token>/{}/", my_place, new_link), participant.new_link, name="participant_new_link"),
    path(format_lazy("{}/<str:token>/{}/", my_place, calendar), my_calendar.settle, name="participant_calendar"),
]
