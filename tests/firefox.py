"""Firefox, driven by its own protocol (WebDriver BiDi) over a websocket: no driver is needed.

playwright brings a Firefox of its own, which not everybody can download; Debian's `firefox-esr`
and any other Firefox speak this. Its websocket client came with JupyterLab.
"""

import json
import re
import shutil
import subprocess

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
OPTIONS = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile")
ARROW_RIGHT = "\ue014"  # as WebDriver names it


class Firefox:
    """A Firefox without a window, with one tab: `with Firefox(folder) as firefox`."""

    def __init__(self, folder):
        self.folder, self.sent = folder, 0

    def __enter__(self):
        from websocket import create_connection

        command = [FIREFOX, *OPTIONS, str(self.folder)]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        for line in self.process.stderr:
            if found := re.search(r"BiDi listening on (ws://\S+)", line):
                break
        else:
            raise RuntimeError("Firefox ended before it listened")
        self.socket = create_connection(f"{found[1]}/session", timeout=60, suppress_origin=True)
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()

    def ask(self, method, **params):
        """Send one command and return its result; events that come in between are left out."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.sent:
            pass
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def go(self, path, width=1000, height=800):
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.tab, viewport=size)
        self.ask("browsingContext.navigate", context=self.tab, url=path.as_uri(), wait="complete")

    def evaluate(self, code):
        """The value of a JavaScript expression, or of its promise."""
        answer = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({code})))()",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def press(self, *keys):
        """Press and release keys, given as characters (WebDriver's code points for the others)."""
        acts = [{"type": act, "value": key} for key in keys for act in ("keyDown", "keyUp")]
        device = {"type": "key", "id": "keyboard", "actions": acts}
        self.ask("input.performActions", context=self.tab, actions=[device])

    def screenshot(self):
        """A PNG of what is to be seen, in base64."""
        return self.ask("browsingContext.captureScreenshot", context=self.tab)["data"]
