"""How fast the site is on this machine: ratios to an empty view, bytes and requests. Never fails on time.

    python -m tests.bench             on SQLite and PostgreSQL, side by side
    python -m tests.bench sqlite      on one of them
    python -m tests.bench feeds       the calendar feeds alone; pages for the pages; may be joined: sqlite feeds
    python -m tests.bench registrations statements    registering, with each SQL statement of it

``grown`` makes a programme of the size asked for, ``cpu`` measures pages, ``feeds`` feeds and ``form``
a registration within one process of the public site, ``registrations`` has many people register over
HTTP, each a ``visitor``; ``__main__`` runs and prints.
"""
