"""The dates of a series on the desk: its rule, what happens to one date, what goes on otherwise."""
