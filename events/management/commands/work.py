"""The worker: letters, scheduled publication, dates of series, and the housekeeping."""

import datetime as dt
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection

from accounts import sessions
from events.desk import proposal_letters
from events.payments import reconciling, refunding
from events.registration import announcing, reminding, running_out, shifts, upkeep
from events.registration.personal import purging
from events.registration.questions import upkeep as question_upkeep
from letters import allowance, carrying
from letters.jobs import Job, JobFailed, alive
from letters.models import Letter
from pages.translation import request
from regions import reminders, representation, rights

LETTERS = "letters"
BEAT = dt.timedelta(seconds=20)


class Command(BaseCommand):
    help = "Sends the letters that are due and does the regular jobs, until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do every job once, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two rounds (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stop = threading.Event()
        self.beaten = time.monotonic()
        if options["once"]:
            letters, *others = self.jobs()
            for job in [*others, letters]:  # what the others write leaves too
                job.do()
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop.set())
        self.stdout.write("The worker is at work.")
        pause = options["interval"]
        while not self.stop.is_set():
            pause = options["interval"] if self.round() else min(pause * 2, 30)
            self.stop.wait(pause)
        self.stdout.write("The worker has ended.")

    def jobs(self) -> list[Job]:
        """Everything the worker does, the most urgent first; other rooms add theirs here."""
        return [
            Job(LETTERS, BEAT, self.carry),
            Job(running_out.JOB, dt.timedelta(minutes=1), self.settle_seats, running_out.waiting),
            Job(refunding.JOB, dt.timedelta(seconds=20), self.refund, refunding.waiting),
            Job(reconciling.JOB, dt.timedelta(minutes=5), self.reconcile),
            Job("mandates", dt.timedelta(minutes=1), rights.settle_all),
            Job("representatives", dt.timedelta(minutes=1), representation.settle_all),
            Job(announcing.JOB, dt.timedelta(minutes=1), self.announce, announcing.waiting),
            Job("translations", dt.timedelta(minutes=5), request.catch_up),
            Job("publication", dt.timedelta(minutes=1), upkeep.publish_what_is_due),
            Job(reminding.JOB, dt.timedelta(minutes=5), self.remind_of_dates, reminding.waiting),
            Job("reminders", dt.timedelta(hours=1), self.remind),
            Job(shifts.JOB, dt.timedelta(hours=3), self.tell_shifts),
            Job("horizon", dt.timedelta(hours=24), upkeep.extend_horizon),
            Job(reconciling.SWEEP, dt.timedelta(hours=24), self.sweep),
            Job(purging.JOB, dt.timedelta(hours=24), self.purge),
            Job(question_upkeep.JOB, dt.timedelta(hours=1), question_upkeep.forget_orphans),
            Job("attempts", dt.timedelta(hours=6), upkeep.forget_attempts),
            Job("accesses", dt.timedelta(hours=24), upkeep.forget_accesses),
            Job("sessions", dt.timedelta(hours=6), sessions.forget_ended),
        ]

    @staticmethod
    def remind() -> str:
        """Of news and of proposed events that wait for an answer."""
        return f"news: {reminders.remind()}; events: {proposal_letters.remind()}"

    def carry(self) -> str:
        """Carry what is due; a letter that has to wait for another try is for somebody to know."""
        done = carrying.carry(self.stop.is_set, self.beat)
        retrying = Letter.objects.waiting().filter(attempts__gt=0).count()
        held = allowance.standing().waiting
        outcome = f"{done}; {retrying} wait for another try" + (f", {held} for the next hour" if held else "")
        if retrying or done.abandoned:
            raise JobFailed(outcome)
        return outcome

    def settle_seats(self) -> str:
        """End what has run out and offer seats on; told to stop, it leaves the rest."""
        return running_out.settle_what_has_run_out(self.stop.is_set)

    def refund(self) -> str:
        """Ask Stripe for what is to go back; told to stop, it leaves the rest."""
        return refunding.carry_out(self.stop.is_set)

    def reconcile(self) -> str:
        """Ask Stripe for what it has not told; told to stop, it leaves the rest."""
        return reconciling.reconcile(self.stop.is_set)

    def sweep(self) -> str:
        """Fetch what Stripe could not deliver, and empty old texts; told to stop, it leaves the rest."""
        return reconciling.sweep(self.stop.is_set)

    def purge(self) -> str:
        """Delete personal data whose time is over; told to stop, it leaves the rest."""
        return purging.purge(self.stop.is_set)

    def announce(self) -> str:
        """Write the letters of the announcements that are due; a worker that is told to stop leaves the rest."""
        return announcing.announce_what_is_due(self.stop.is_set)

    def remind_of_dates(self) -> str:
        """Write what participants get before and after a date; told to stop, it leaves the rest."""
        return reminding.remind_what_is_due(self.stop.is_set)

    def tell_shifts(self) -> str:
        """Write to those whose hour a change of the clocks will shift; told to stop, it leaves the rest."""
        return shifts.write_what_is_due(self.stop.is_set)

    def beat(self) -> None:
        """Show, in a long round too, that the worker lives."""
        if time.monotonic() - self.beaten > BEAT.total_seconds():
            alive(LETTERS)
            self.beaten = time.monotonic()

    def round(self) -> bool:
        """Carry what is due and do the jobs whose time has come; False if the database is away."""
        close_old_connections()
        try:
            letters, *others = self.jobs()
            if letters.claim() or carrying.due():
                letters.do()
            for job in others:
                if not self.stop.is_set() and (job.claim() or job.waiting()):
                    job.do()
        except Error as error:
            self.stderr.write(f"The database is away ({type(error).__name__}); trying again.")
            connection.close()
            return False
        return True
