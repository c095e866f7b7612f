"""The database of the suite is one that a public site could have."""

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def test_sqlite_is_a_file_that_writes_ahead_and_lets_writers_wait_their_turn():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    assert str(connection.settings_dict["NAME"]).endswith(".sqlite3")
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_is_a_real_one_that_does_not_wait_for_ever():
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 140_000
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "10s"


def test_a_request_opens_no_transaction_of_its_own():
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
