"""Spelling: rows that name an address, however it was typed."""

from typing import Any

from django.db.models import Q, QuerySet

from ..registration import address_key

PLAIN = r"^[ -~]*$"
"Addresses in which a database finds upper and lower case alike."


def of_address(rows: "QuerySet[Any]", column: str, key: str) -> "QuerySet[Any]":
    """Those whose column says this address in any spelling; ``key`` as ``address_key`` makes it."""
    odd = rows.exclude(**{f"{column}__regex": PLAIN}).order_by().values_list("pk", column)
    same = [pk for pk, typed in odd if address_key(typed) == key]
    return rows.filter(Q(**{f"{column}__iexact": key}) | Q(pk__in=same))
