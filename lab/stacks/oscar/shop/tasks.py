"""What the worker does for an order, and how it is told of it, through RabbitMQ."""

from celery import Celery
from django.db import transaction

app = Celery("shop", broker="amqp://guest:guest@queue//")
app.conf.update(broker_connection_timeout=2, task_ignore_result=True, worker_prefetch_multiplier=1)


def tell(sender, order, **others):
    transaction.on_commit(lambda: confirm.apply_async((order.id,), retry=False))


@app.task
def confirm(order_id):
    """Counts what the customer has bought, and notes it on the order."""
    from oscar.core.loading import get_model

    order = get_model("order", "Order").objects.get(id=order_id)
    bought = get_model("order", "Line").objects.filter(order__user_id=order.user_id).count()
    order.notes.create(note_type="System", message=f"{bought} lines bought so far")
