"""Eight threads at once on one object."""

from concurrent.futures import ThreadPoolExecutor

import countersign_ffi as library
from support import VaultTest, now, totp


class ThreadsTest(VaultTest):
    def test_eight_threads_at_once(self):
        def work(thread):
            for turn in range(10):
                account = self.core.add(totp(f"{thread}-{turn}"), now()).id
                self.assertEqual(len(self.core.codes([account], now())[0].current), 6)
                self.core.rename(account, "Example", f"renamed {thread}-{turn}", now())
                self.core.search("renamed", library.Shelf.IN_USE, now())
                library.recognise(b"otpauth://totp/a")
            if thread == 3:
                self.core.unlock(self.core.open_by_platform(self.KEY), None, now())

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        summaries = self.reopened().accounts(library.Shelf.IN_USE, now())
        self.assertEqual(len({summary.name for summary in summaries}), 80)
