"""A headless Chromium, spoken to by the WebDriver protocol (W3C, 2018) over HTTP: only what the tests need."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {
    "Right": "\ue014",
    "Left": "\ue012",
    "End": "\ue010",
    "Home": "\ue011",
    "Escape": "\ue00c",
    "Enter": "\ue007",
    "Backspace": "\ue003",
    "Tab": "\ue004",
}


class Refused(Exception):
    """The browser said no."""


class Driver:
    """chromedriver on a port of its own, ended by its process."""

    def __enter__(self):
        self.tabs = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program = os.environ.get("CHROMEDRIVER", "chromedriver")
        self.process = subprocess.Popen(
            [program, f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait()
        return self

    def __exit__(self, *_):
        try:
            for tab in self.tabs.values():
                tab.call("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait(timeout=20)

    def tab(self, *size, **options):
        """A browser of that kind; the same one each time, for starting one takes a second."""
        kind = (size, tuple(options.items()))
        if kind not in self.tabs:
            self.tabs[kind] = Tab(self, *size, **options)
        return self.tabs[kind]

    def wait(self):
        for _ in range(100):
            try:
                if self.call("GET", "/status")["ready"]:
                    return
            except (OSError, KeyError):
                time.sleep(0.1)
        raise Refused("chromedriver does not answer")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Refused(f"{method} {path}: {value['error']}: {value['message'].splitlines()[0]}") from error


class Tab:
    """A page in a browser of its own. Within `with`, what its console said before is forgotten."""

    def __init__(self, driver, width, height=900, dark=False, script=True, calm=False):
        prefs = {} if script else {"profile.managed_default_content_settings.javascript": 2}
        args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            f"--window-size={width},{height}",
        ]
        args += ["--force-prefers-reduced-motion"] if calm else []
        options = {"args": args, "prefs": prefs}
        if "CHROMIUM" in os.environ:
            options["binary"] = os.environ["CHROMIUM"]
        always = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.driver = driver
        self.path = (
            "/session/" + driver.call("POST", "/session", {"capabilities": {"alwaysMatch": always}})["sessionId"]
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.devtools("Emulation.setEmulatedMedia", {"features": scheme})
        # a headless window is never narrower than 500 pixels
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def __enter__(self):
        self.open_nothing()
        self.complaints()
        return self

    def __exit__(self, *_):
        pass

    def open_nothing(self):
        self.call("POST", "/url", {"url": "about:blank"})

    def call(self, method, path, body=None):
        return self.driver.call(method, self.path + path, body)

    def devtools(self, command, parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, path):
        self.call("POST", "/url", {"url": path.resolve().as_uri()})

    def run(self, script, *values):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(values)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        # at once: a page that glides is still on its way when the click comes
        self.run(
            "document.querySelector(arguments[0]).scrollIntoView({block: 'center', behavior: 'instant'})", selector
        )
        self.call("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self.call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, *keys):
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def pointer(self, *steps):
        """Steps ("move", x, y), "down" or "up", in pixels of the window."""
        actions = []
        for step in steps:
            match step:
                case ("move", x, y):
                    actions.append({"type": "pointerMove", "duration": 40, "x": round(x), "y": round(y)})
                case "down" | "up":
                    actions.append({"type": f"pointer{step.capitalize()}", "button": 0})
        self.call(
            "POST",
            "/actions",
            {
                "actions": [
                    {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
                ]
            },
        )
        time.sleep(0.1)

    def complaints(self):
        """What the browser's console says."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def picture(self, height=None):
        """The page as PNG; with a height, more than the window."""
        import base64

        clip = (
            None
            if height is None
            else {"x": 0, "y": 0, "width": self.run("return innerWidth"), "height": height, "scale": 1}
        )
        parameters = {"format": "png"} | ({"clip": clip, "captureBeyondViewport": True} if clip else {})
        return base64.b64decode(self.devtools("Page.captureScreenshot", parameters)["data"])
