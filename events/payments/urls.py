"""The addresses of paying, in each language; included under the language's prefix."""

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from events.registration.urls import my_place

from . import receipt, views

paying = pgettext_lazy("address", "pay")
back = pgettext_lazy("address", "return")
received = pgettext_lazy("address", "receipt")

urlpatterns = [
    path(format_lazy("{}/<str:token>/", paying), views.pay, name="pay"),
    path(format_lazy("{}/<str:token>/{}/", paying, back), views.came_back, name="pay_return"),
    path(format_lazy("{}/<str:token>/{}/", my_place, received), receipt.page, name="receipt"),
    path(format_lazy("{}/<str:token>/{}.pdf", my_place, received), receipt.document, name="receipt_pdf"),
]
