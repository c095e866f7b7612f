"""The outbox: every letter is a row, written with the change that causes it, sent by the worker."""
