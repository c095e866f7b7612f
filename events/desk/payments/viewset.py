"""Payments in the admin: the list, one payment with what can be decided, and the sums of an event."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy

from events.models import Payment
from pages.desk.viewset import ReadOnlyViewSet

from .listing import PaymentFilterSet, PaymentIndexView
from .of_event import EventPaymentsView, EverybodyView
from .one import PaymentView
from .verbs import AskView, RefundView, ReviewView, SettleView


class PaymentViewSet(ReadOnlyViewSet):
    """Money comes by Stripe alone; the staff see, refund, decide what is doubtful and take files of it."""

    model = Payment
    name = "payments"
    icon = "decimal"
    menu_label = gettext_lazy("Payments")
    index_view_class = PaymentIndexView
    inspect_view_class = PaymentView
    inspect_template_name = PaymentView.template_name
    filterset_class = PaymentFilterSet
    ordering = "-created_at"
    search_fields = ["payer_name", "payer_email", "payment_intent", "session"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("refund/<int:pk>/", self.one(RefundView), name="refund"),
            path("accept/<int:pk>/", self.one(ReviewView, verb="accept"), name="accept"),
            path("send-back/<int:pk>/", self.one(ReviewView, verb="send_back"), name="send_back"),
            path("settle/<int:pk>/", self.one(SettleView), name="settle"),
            path("ask/<int:pk>/", self.one(AskView), name="ask"),
            path("event/<uuid:uid>/", EventPaymentsView.as_view(), name="event"),
            path("event/<uuid:uid>/everybody/", EverybodyView.as_view(), name="everybody"),
        ]

    def one(self, view: Any, **more: Any) -> Any:
        """A verb sent from the page of one payment, which it shows again where it is refused."""
        return self.construct_view(view, **self.get_inspect_view_kwargs(), **more)


def log_actions(registry: Any) -> None:
    """How the log calls what is done here."""
    registry.register_action(
        "events.export_payments", gettext_lazy("Download payments"), gettext_lazy("Payments downloaded")
    )
