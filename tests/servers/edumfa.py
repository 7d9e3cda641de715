"""eduMFA as an administrator and as a page that signs people in: called as privacyIDEA is, of which it is a fork."""

from privacyidea import PrivacyIdea


class EduMfa(PrivacyIdea):
    """A server of this test run, with push tokens by polling switched on: its own kind, and the older one."""

    NAME = "edumfa"
    KINDS = ("edupush", "push")

    def policy(self, name: str, scope: str, *actions: str) -> None:
        everywhere = dict.fromkeys(("realm", "user", "resolver", "client", "adminrealm"), "")
        self.admin("POST", f"/policy/{name}", {"scope": scope, "active": True, "action": list(actions), **everywhere})
