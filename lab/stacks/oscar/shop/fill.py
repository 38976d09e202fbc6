"""Fills the shop, in the image: 400 products, 300 customers, 60,000 orders of five lines, copied from one in SQL."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

PRODUCTS, CUSTOMERS, ORDERS, LINES = 400, 300, 60_000, 5
WORDS = "red blue green old new small large quiet loud early late round square soft warm cold".split()
Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
Order, Line = get_model("order", "Order"), get_model("order", "Line")


def products():
    kind = get_model("catalogue", "ProductClass").objects.create(
        name="Book", requires_shipping=False, track_stock=False
    )
    partner = get_model("partner", "Partner").objects.create(name="Press")
    categories = [get_model("catalogue", "Category").add_root(name=name.title()) for name in WORDS[:8]]
    for n in range(PRODUCTS):
        title = f"The {WORDS[n % 16]} {WORDS[n // 16 % 16]} book {n}"
        made = Product.objects.create(product_class=kind, title=title, upc=f"B{n}", description=f"{title}. " * 20)
        made.categories.add(categories[n % 8])
        StockRecord.objects.create(product=made, partner=partner, partner_sku=f"B{n}", price=5 + n % 20)


def customers():
    password = make_password("secret")
    User.objects.bulk_create(
        User(username=f"c{n}", email=f"c{n}@shop.example", password=password) for n in range(CUSTOMERS)
    )


def copy(model, one, count, **changed):
    """Copies of one row; `changed` are expressions of n, from 1 to the count."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    rows = f"SELECT {values} FROM {table} one, generate_series(1, %s) n WHERE one.id = %s"
    with connection.cursor() as cursor:
        # A million references that are known to hold need no look at each.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"INSERT INTO {table} ({names}) {rows}", [count, one.id])
        cursor.execute("SET LOCAL session_replication_role = origin")


def orders():
    record, user = StockRecord.objects.first(), User.objects.first()
    prices = {name: record.price for name in ("total_incl_tax", "total_excl_tax")}
    order = Order.objects.create(number="0", user=user, date_placed=timezone.now(), shipping_code="none", **prices)
    copy(
        Order,
        order,
        ORDERS,
        number="'A' || n",
        user_id=f"{user.id} + mod(n, {CUSTOMERS})",
        date_placed="now() - n * interval '1 minute'",
    )
    line_prices = {
        f"line_price_{when}incl_tax".replace("incl", tax): record.price
        for when in ("", "before_discounts_")
        for tax in ("incl", "excl")
    }
    line = Line.objects.create(
        order=order,
        product=record.product,
        stockrecord=record,
        partner=record.partner,
        partner_name="Press",
        partner_sku=record.partner_sku,
        title=record.product.title,
        quantity=1,
        num_allocated=0,
        **line_prices,
    )
    first = Order.objects.exclude(id=order.id).order_by("id").first().id
    copy(
        Line,
        line,
        ORDERS * LINES,
        order_id=f"{first} + mod(n / {LINES}, {ORDERS})",
        product_id=f"{record.product_id} + mod(n, {PRODUCTS})",
        stockrecord_id=f"{record.id} + mod(n, {PRODUCTS})",
    )


def known_index():
    """The index that a fault drops has a name that does not depend on Django's version."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'order_line' AND indexdef LIKE '%(order_id)'"
        )
        cursor.execute(f'ALTER INDEX "{cursor.fetchone()[0]}" RENAME TO lines_of_order')


with transaction.atomic():
    products()
    customers()
    orders()
    known_index()
