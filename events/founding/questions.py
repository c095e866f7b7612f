"""What the meetings of a demonstration ask, and what some of its people have answered."""

from events.models import Event, Given, Question, Registration
from events.models.questions import shipped
from events.models.questions.kinds import YES

SETS = {
    Event.Format.ONLINE: ("online",),
    Event.Format.HYBRID: ("meeting", "visa"),
    Event.Format.ONSITE: ("meeting", "visa"),
}
ANSWERS: tuple[dict[str, Given], ...] = (
    {
        "position": Given("Agronome"),
        "speaks": Given(keys=("fr", "wo")),
        "dietary": Given(keys=("halal",)),
        "photo": Given(keys=(YES,)),
        "list": Given(keys=(YES,)),
    },
    {"speaks": Given(keys=("fr", "en")), "dietary": Given(keys=("vegetarian", "nuts")), "list": Given(keys=(YES,))},
    {"position": Given("Extension officer"), "speaks": Given(keys=("en",)), "photo": Given(keys=(YES,))},
    {"speaks": Given(keys=("es", "pt")), "understands": Given(keys=("fr",)), "list": Given(keys=(YES,))},
)


def ask_some() -> int:
    """Give each example that one registers for here a set of questions; returns how many are asked."""
    asked = 0
    for event in Event.objects.public().filter(is_demo=True, registration=Event.RegistrationMode.HERE).order_by("pk"):
        if Question.objects.filter(event=event).exists():
            continue
        keys = [
            key for one in shipped.TEMPLATES if one.key in SETS[Event.Format(event.format)] for key in one.questions
        ]
        asked += len(shipped.add(event, keys)[0])
    return asked


def answer_some() -> int:
    """Let the people of the examples answer, each what somebody like them would; returns how many did."""
    people = 0
    for event in Event.objects.public().filter(is_demo=True, registration=Event.RegistrationMode.HERE).order_by("pk"):
        questions = {one.subject: one for one in Question.objects.filter(event=event).asked() if one.subject}
        rows = Registration.objects.living().known().filter(event=event, answers=None).order_by("pk")
        for number, registration in enumerate(rows):
            said = ANSWERS[number % len(ANSWERS)]
            given = {questions[subject]: value for subject, value in said.items() if subject in questions}
            people += registration.answer(
                {one: value for one, value in given.items() if one.concerns(registration.place)}
            )
    return people
