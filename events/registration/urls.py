"""The addresses of registration, in each language; included under the language's prefix."""

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from . import invited, views
from .documents import certificate as own_certificate
from .documents import certificate_check
from .own import agreed as own_agreed
from .own import answering, changing, letters_received, lost, my_calendar, transfers
from .own import page as participant
from .own import questions as own_questions
from .personal import my_data
from .personal import views as personal

registration = pgettext_lazy("address", "registration")
privacy = pgettext_lazy("address", "privacy")
questions = pgettext_lazy("address", "questions")
file = pgettext_lazy("address", "file")
my_place = pgettext_lazy("address", "my-place")
thanks = pgettext_lazy("address", "thank-you")
change = pgettext_lazy("address", "change")
cancel = pgettext_lazy("address", "cancel")
new_link = pgettext_lazy("address", "new-link")
dates = pgettext_lazy("address", "dates")
sent = pgettext_lazy("address", "sent")
calendar = pgettext_lazy("address", "calendar")
letters = pgettext_lazy("address", "letters")
verify = pgettext_lazy("address", "confirm-address")
accept = pgettext_lazy("address", "take-the-seat")
pass_on = pgettext_lazy("address", "pass-on")
withdraw = pgettext_lazy("address", "withdraw")
invitation = pgettext_lazy("address", "invitation")
offered_place = pgettext_lazy("address", "place-offered")
data = pgettext_lazy("address", "my-data")
copy = pgettext_lazy("address", "copy")
erase = pgettext_lazy("address", "erase")
certificates = pgettext_lazy("address", "certificates")
certificate = pgettext_lazy("address", "certificate")

urlpatterns = [
    path(format_lazy("{}/<uuid:uid>/", registration), views.register_here, name="registration"),
    path(format_lazy("{}/<uuid:uid>/{}/", registration, thanks), views.thanks, name="registration_thanks"),
    path(format_lazy("{}/<uuid:uid>/{}/", registration, privacy), personal.privacy_notice, name="privacy_notice"),
    path(format_lazy("{}/", my_place), lost.lost, name="participant_lost"),
    path(format_lazy("{}/{}/", my_place, sent), lost.sent, name="participant_sent"),
    path(format_lazy("{}/<str:token>/", my_place), participant.participant, name="participant"),
    path(format_lazy("{}/<str:token>/{}/", my_place, change), changing.change, name="participant_change"),
    path(format_lazy("{}/<str:token>/{}/", my_place, cancel), changing.cancel, name="participant_cancel"),
    path(format_lazy("{}/<str:token>/{}/", my_place, questions), own_questions.questions, name="participant_questions"),
    path(format_lazy("{}/<str:token>/{}/<uuid:uid>/", my_place, file), own_questions.file, name="participant_file"),
    path(format_lazy("{}/<str:token>/{}/", my_place, dates), participant.more_dates, name="participant_dates"),
    path(format_lazy("{}/<str:token>/{}/", my_place, new_link), lost.new_link, name="participant_new_link"),
    path(format_lazy("{}/<str:token>/{}/", my_place, calendar), my_calendar.settle, name="participant_calendar"),
    path(format_lazy("{}/<str:token>/{}/", my_place, privacy), own_agreed.agreed, name="participant_privacy"),
    path(
        format_lazy("{}/<str:token>/{}/<int:number>/", my_place, privacy),
        own_agreed.version,
        name="participant_privacy_version",
    ),
    path(format_lazy("{}/<str:token>/{}/", my_place, letters), letters_received.letters, name="participant_letters"),
    path(format_lazy("{}/<str:token>/{}/", my_place, verify), answering.verify, name="participant_verify"),
    path(format_lazy("{}/<str:token>/{}/", my_place, accept), answering.accept, name="participant_accept"),
    path(format_lazy("{}/<str:token>/{}/", my_place, pass_on), transfers.pass_on, name="participant_pass_on"),
    path(
        format_lazy("{}/<str:token>/{}/{}/", my_place, pass_on, withdraw),
        transfers.withdraw,
        name="participant_pass_on_withdraw",
    ),
    path(
        format_lazy("{}/<str:token>/{}/", my_place, certificate), own_certificate.page, name="participant_certificate"
    ),
    path(
        format_lazy("{}/<str:token>/{}.pdf", my_place, certificate),
        own_certificate.document,
        name="participant_certificate_pdf",
    ),
    path(format_lazy("{}/", certificates), certificate_check.ask, name="certificates"),
    path(format_lazy("{}/<str:number>/", certificates), certificate_check.verified, name="certificate_verified"),
    path(format_lazy("{}/<str:token>/", invitation), invited.invited, name="invitation"),
    path(format_lazy("{}/", data), my_data.asked, name="my_data"),
    path(format_lazy("{}/{}/", data, sent), my_data.sent, name="my_data_sent"),
    path(format_lazy("{}/<str:token>/", data), my_data.my_data, name="my_data_opened"),
    path(format_lazy("{}/<str:token>/{}/", data, copy), my_data.copy, name="my_data_copy"),
    path(format_lazy("{}/<str:token>/{}/", data, erase), my_data.erase, name="my_data_erase"),
    path(format_lazy("{}/<str:token>/", offered_place), transfers.transfer, name="transfer"),
]
