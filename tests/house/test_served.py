"""The real site in processes of its own answers, each on a database nobody else sees."""

import urllib.request


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_two_served_sites_never_meet(served):
    first, second = served(), served()
    assert first.database_url != second.database_url
    first.manage("shell", "--command", "from events.models import Event; Event.objects.update(live=False)")
    count = "from events.models import Event; print(Event.objects.filter(live=True).count())"
    assert first.manage("shell", "--verbosity=0", "--command", count).strip() == "0"
    assert int(second.manage("shell", "--verbosity=0", "--command", count)) == 76
    assert 'lang="fr"' in read(f"{first.url}/fr/")
    assert 'lang="es"' in read(f"{second.url}/es/")


def test_a_served_site_and_its_worker_are_ready(served):
    site = served()
    site.manage("work", "--once")
    assert read(f"{site.url}/healthz")
    assert read(f"{site.url}/readyz")
