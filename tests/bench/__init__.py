"""How fast the site is on this machine: ratios to an empty view, bytes and requests. Never fails on time.

    python -m tests.bench             on SQLite and PostgreSQL, side by side
    python -m tests.bench sqlite      on one of them

``grown`` makes a programme of the size asked for, ``cpu`` measures within one
process of the public site, ``__main__`` runs and prints.
"""
