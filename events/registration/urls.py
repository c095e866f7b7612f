"""The addresses of registration, in each language; included under the language's prefix."""

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from . import views

registration = pgettext_lazy("address", "registration")
my_place = pgettext_lazy("address", "my-place")
thanks = pgettext_lazy("address", "thank-you")
change = pgettext_lazy("address", "change")
cancel = pgettext_lazy("address", "cancel")
new_link = pgettext_lazy("address", "new-link")
sent = pgettext_lazy("address", "sent")

urlpatterns = [
    path(format_lazy("{}/<uuid:uid>/", registration), views.register, name="registration"),
    path(format_lazy("{}/<uuid:uid>/{}/", registration, thanks), views.thanks, name="registration_thanks"),
    path(format_lazy("{}/", my_place), views.lost, name="participant_lost"),
    path(format_lazy("{}/{}/", my_place, sent), views.sent, name="participant_sent"),
    path(format_lazy("{}/<str:token>/", my_place), views.participant, name="participant"),
    path(format_lazy("{}/<str:token>/{}/", my_place, change), views.change, name="participant_change"),
    path(format_lazy("{}/<str:token>/{}/", my_place, cancel), views.cancel, name="participant_cancel"),
    path(format_lazy("{}/<str:token>/{}/", my_place, new_link), views.new_link, name="participant_new_link"),
]
