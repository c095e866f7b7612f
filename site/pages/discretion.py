"""Personal addresses stay out of the logs."""

import logging
import re

# A signed token: long, with Django's signing colons. Or the key of a person's own calendar.
TOKEN = re.compile(r"[\w~.=-]{8,}(?::|%3A)[\w-]{4,}(?::|%3A)[\w-]{20,}|(?<=/mine/)[\w%-]{16,}", re.IGNORECASE)


class WithoutTokens(logging.Filter):
    """Replaces signed tokens in every message, arguments included."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN.search(message):
            record.msg, record.args = TOKEN.sub("…", message), ()
        return True
