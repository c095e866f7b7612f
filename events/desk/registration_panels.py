"""What the form of an event asks about its registration: where, when, how many, how one comes in, what one may do."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel

from .letters.reminders_panel import RemindersPanel
from .panels import kept
from .personal.terms import TermsPanel
from .questions.panel import QuestionsPanel
from .sale.refund_policy import RefundPolicyPanel
from .sale.seats_panel import SeatsPanel
from .sale.tickets_panel import TicketsPanel

SEATS = MultiFieldPanel(
    [
        FieldRowPanel(
            [
                FieldPanel("capacity"),
                FieldPanel("capacity_onsite", help_text=_("Among the seats in all. Left empty: no limit of its own.")),
                FieldPanel("capacity_online", help_text=_("Among the seats in all. Left empty: no limit of its own.")),
            ]
        ),
        SeatsPanel(),
        HelpPanel(content=_("You can change these numbers at any time, but never below the seats that are taken.")),
    ],
    heading=_("Seats"),
)
COMING_IN = MultiFieldPanel(
    [
        FieldPanel("verifies_address"),
        FieldRowPanel([FieldPanel("needs_approval"), FieldPanel("requests_hold_seats")]),
    ],
    heading=_("How one comes in"),
)
FULL = MultiFieldPanel(
    [FieldRowPanel([FieldPanel("has_waiting_list"), kept("offer_hours")])],
    heading=_("When it is full"),
)
AFTERWARDS = MultiFieldPanel(
    [
        FieldPanel("changes_close_local"),
        FieldPanel("allows_transfer"),
        kept("joining_hours"),
    ],
    heading=_("What participants can do afterwards"),
)
REGISTRATION = [
    kept(
        "registration",
        help_text=_("“On this site” opens a form here and counts seats; “on another site” leads to the address below."),
    ),
    FieldPanel("registered_for"),
    FieldPanel("registration_url", help_text=_("It begins with https://. Only for registration on another site.")),
    FieldRowPanel(
        [
            FieldPanel("registration_opens_local", help_text=_("On the clock of the place. Left empty: at once.")),
            FieldPanel("registration_closes_local"),
        ]
    ),
    SEATS,
    TicketsPanel(heading=_("Tickets")),
    RefundPolicyPanel(heading=_("What goes back to who cancels")),
    QuestionsPanel(heading=_("Questions")),
    COMING_IN,
    FULL,
    AFTERWARDS,
    RemindersPanel(heading=_("Letters that leave by themselves")),
    TermsPanel(heading=_("Personal data")),
    FieldPanel("contact_email", help_text=_("Shown on the page; answers to the letters go there.")),
]
