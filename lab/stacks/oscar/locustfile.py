"""Customers of the shop: they log in, look around, search, look at what they bought, and buy, with time to think."""

import random
import re

from locust import HttpUser, between, tag, task

CUSTOMERS, PRODUCTS = 300, 400
WORDS = "red blue green old new small large quiet loud early late round square soft warm cold".split()
SECRET = "secret"


class Customer(HttpUser):
    wait_time = between(1, 3)

    def on_start(self):
        self.products = []
        self.client.get("/accounts/login/", name="/login")
        told = {
            "login-username": f"c{random.randrange(CUSTOMERS)}@shop.example",
            "login-password": SECRET,
            "login_submit": "in",
        }
        self.send("/accounts/login/", "/login [post]", told)
        self.browse()

    def send(self, path, name, told):
        token = self.client.cookies.get("csrftoken", "")
        return self.client.post(path, told, headers={"X-CSRFToken": token}, name=name)

    @tag("browse")
    @task(4)
    def browse(self):
        page = self.client.get(f"/catalogue/?page={random.randint(1, PRODUCTS // 20)}", name="/catalogue")
        self.products = re.findall(r"/basket/add/(\d+)/", page.text) or self.products
        self.links = re.findall(r'href="(/catalogue/[\w-]+_\d+/)"', page.text)
        self.client.get("/static/oscar/css/styles.css", name="/static")

    @tag("browse")
    @task(4)
    def look(self):
        if self.links:
            self.client.get(random.choice(self.links), name="/catalogue/{product}")

    @tag("search")
    @task(2)
    def search(self):
        self.client.get(f"/search/?q={random.choice(WORDS)}", name="/search")

    @tag("account")
    @task(2)
    def history(self):
        self.client.get("/accounts/orders/", name="/orders")

    @tag("buy")
    @task(3)
    def buy(self):
        if not self.products:
            return
        product = random.choice(self.products)
        self.send(f"/basket/add/{product}/", "/basket/add", {"quantity": "1"})
        self.client.get("/checkout/preview/", name="/checkout")
        self.send("/checkout/preview/", "/checkout [post]", {"action": "place_order"})
