"""What happens after an order: the worker is told of it."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from oscar.apps.order.signals import order_placed

        from shop import tasks

        order_placed.connect(tasks.tell, weak=False)
