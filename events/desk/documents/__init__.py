"""Documents in the admin: badges, lists of participants, tickets checked, certificates issued."""
