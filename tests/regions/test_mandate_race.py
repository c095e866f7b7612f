"""Many who give and hand over the same mandates at the same moment, in processes of their own."""

from collections import Counter

FOUND = """
from django.contrib.auth.models import User
from tests.regions.correspondents import region_at, person
region = region_at("RACE")
for name in ("awa", "kofi"):
    person(name)
"""
READY = """
import datetime as dt, sys
from django.contrib.auth.models import User
from django.utils import timezone
from regions.models import Mandate, MandateRefused, Region
region = Region.objects.get(code="RACE")
awa, kofi = User.objects.get(username="awa"), User.objects.get(username="kofi")
today = timezone.now().date()
year, soon = today + dt.timedelta(days=365), today + dt.timedelta(days=2)
def tried(verb):
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        verb()
        print("done")
    except MandateRefused as refusal:
        print("refused", refusal.code if hasattr(refusal, "code") else "")
"""
GIVE = "tried(lambda: Mandate.give(awa, region, starts_on=today, ends_on=year))"
HAND_OVER = """
held = Mandate.objects.get(person__username="{of}", follows=None, languages=["{language}"])
tried(lambda: held.hand_over(awa if "{of}" == "kofi" else kofi, soon))
"""
GIVEN = """
for who, language in ((awa, "fr"), (kofi, "es")):
    Mandate.give(who, region, starts_on=today, ends_on=year, languages=[language])
"""
COUNT = """
from regions.models import Mandate, MandateChange
print(Mandate.objects.filter(region__code="RACE").count(), MandateChange.objects.count())
"""


def said(site, script: str) -> str:
    return site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]


def at_once(site, scripts: list[str]) -> Counter[str]:
    """What each of these ends with, when all begin together."""
    every = [site.talk("shell", "--no-imports", "-c", READY + script) for script in scripts]
    for one in every:
        assert one.stdout.readline() == "ready\n"
    for one in every:
        one.stdin.write("go\n")
        one.stdin.flush()
    return Counter(one.communicate(timeout=60)[0].strip().splitlines()[-1].split()[0] for one in every)


def test_of_many_who_give_the_same_mandate_at_once_one_does(served):
    site = served()
    site.manage("shell", "--no-imports", "-c", FOUND)
    before = said(site, COUNT).split()
    assert at_once(site, [GIVE] * 5) == {"done": 1, "refused": 4}
    assert said(site, COUNT).split() == ["1", str(int(before[1]) + 1)]


def test_two_who_hand_over_to_each_other_at_once_wait_for_one_another(served):
    site = served()
    site.manage("shell", "--no-imports", "-c", FOUND)
    site.manage("shell", "--no-imports", "-c", READY.split("def tried")[0] + GIVEN)
    scripts = [HAND_OVER.format(of="awa", language="fr"), HAND_OVER.format(of="kofi", language="es")]
    assert at_once(site, scripts) == {"done": 2}
    assert said(site, COUNT).split()[0] == "4"
