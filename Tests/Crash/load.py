"""The load: merchants and payers in several threads, until the server is gone."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from journal import Journal
from line import BrokenOff, Line, NotThere
from receiver import Receiver
from signer import Signer
from stories import Story
from victim import Victim

THREADS = 5
# Of the stories that broke off, the share that is gone on with; the rest is settled at the end.
RESUMED = 0.7
PAUSE_SECONDS = 0.01
# Between two stories of a thread, so that what has to be verified at the end does not grow with the
# machine's speed.
BREATH_SECONDS = 0.03
SETTLE_ATTEMPTS = 3
JOIN_SECONDS = 60


class Load:
    """All stories of a run, those that are going on and those that are told."""

    def __init__(self, victim: Victim, journal: Journal, signers: list[Signer],
                 receivers: list[Receiver], chance: random.Random):
        self._victim = victim
        self._journal = journal
        self._signers = signers
        self._receivers = receivers
        self._chance = chance
        self.stories: list[Story] = []
        self._interrupted: list[Story] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Starts the threads; the server may be there already or not."""
        self._over.clear()
        self._threads = [threading.Thread(target=self._work, args=(self._chance.random(),))
                         for _ in range(THREADS)]
        for each in self._threads:
            each.start()

    def end(self) -> None:
        """Ends the threads, after the server."""
        self._over.set()
        for each in self._threads:
            each.join(JOIN_SECONDS)
            if each.is_alive():
                raise RuntimeError("a thread of the load hangs")
        self._threads = []

    def waiting(self, count: int) -> list[Story]:
        """Some stories at whose end the payment waits, with which nothing more will be done."""
        left = [each for each in self.stories
                if each.is_at_end and each.is_left_waiting and not each.is_time_over][:count]
        for each in left:
            each.is_time_over = True
        return left

    def add_simple(self, count: int) -> None:
        """Adds some payments that are paid and told, to be created in the settling."""
        for number in range(count):
            self.stories.append(Story.simple(
                f"order-simple-{number}", self._signers[0], self._receivers[0].url, "paid"))

    def settle(self) -> list[str]:
        """Ends every payment that was not; what could not be settled."""
        with ThreadPoolExecutor(THREADS) as pool:
            return [each for each in pool.map(self._settle, self.stories) if each]

    def _settle(self, story: Story) -> str:
        line = Line(self._victim, self._journal)
        try:
            for _ in range(SETTLE_ATTEMPTS):
                try:
                    story.settle(line)
                    return ""
                except (BrokenOff, NotThere):
                    time.sleep(PAUSE_SECONDS)
            return f"{story.order} was not settled"
        finally:
            line.close()

    def _work(self, seed: float) -> None:
        """One thread: stories, one after the other."""
        chance = random.Random(seed)
        line = Line(self._victim, self._journal)
        while not self._over.is_set():
            try:
                line.reach()
            except NotThere:
                time.sleep(PAUSE_SECONDS)
                continue
            story = self._next(chance)
            try:
                story.go_on(line)
            except (BrokenOff, NotThere):
                with self._lock:
                    self._interrupted.append(story)
            time.sleep(BREATH_SECONDS)
        line.close()

    def _next(self, chance: random.Random) -> Story:
        """An interrupted story, or a new one. What is not gone on with now may be so later."""
        with self._lock:
            if self._interrupted and chance.random() < RESUMED:
                return self._interrupted.pop(chance.randrange(len(self._interrupted)))
            number = len(self.stories)
            signer = self._signers[number % len(self._signers)]
            receiver = chance.choice(self._receivers)
            story = Story(f"order-{number}", signer, receiver.url, chance)
            self.stories.append(story)
            return story
