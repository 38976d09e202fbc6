"""django-oscar as its documentation sets it up: digital goods, sessions and cache in Redis, and its metrics."""

import os

from oscar.defaults import *  # noqa: F403

SECRET_KEY = "a shop that sells nothing"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
SITE_ID = 1
USE_TZ, TIME_ZONE = True, "UTC"
STATIC_URL, STATIC_ROOT = "/static/", "/srv/static"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Logging in costs as little as the other pages: half a second of hashing would be all that is measured.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend"]
OSCAR_SHOP_NAME = "Shop"
OSCAR_THUMBNAILER = "shop.pictures.OnePicture"

DJANGO = "admin auth contenttypes sessions messages staticfiles sites flatpages"
OSCAR = """analytics.Analytics checkout.Checkout address.Address shipping.Shipping catalogue.Catalogue
    catalogue.reviews.CatalogueReviews communication.Communication partner.Partner basket.Basket payment.Payment
    offer.Offer order.Order customer.Customer search.Search voucher.Voucher wishlists.Wishlists dashboard.Dashboard
    dashboard.reports.ReportsDashboard dashboard.users.UsersDashboard dashboard.orders.OrdersDashboard
    dashboard.catalogue.CatalogueDashboard dashboard.offers.OffersDashboard dashboard.partners.PartnersDashboard
    dashboard.pages.PagesDashboard dashboard.ranges.RangesDashboard dashboard.reviews.ReviewsDashboard
    dashboard.vouchers.VouchersDashboard dashboard.communications.CommunicationsDashboard
    dashboard.shipping.ShippingDashboard"""
INSTALLED_APPS = [
    *(f"django.contrib.{name}" for name in DJANGO.split()),
    "oscar.config.Shop",
    *("oscar.apps.{}.apps.{}Config".format(*name.rsplit(".", 1)) for name in OSCAR.split()),
    *("widget_tweaks", "haystack", "treebeard", "django_tables2", "django_prometheus", "shop.apps.ShopConfig"),
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ]
        },
    }
]
# Through pgbouncer, which hands out connections for a transaction at a time.
DATABASES = {
    "default": {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": "oscar",
        "USER": "postgres",
        "HOST": os.environ.get("DB_HOST", "pool"),
        "PORT": os.environ.get("DB_PORT", "6432"),
        "CONN_MAX_AGE": 60,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": True,
    }
}
CACHES = {
    "default": {"BACKEND": "django_prometheus.cache.backends.redis.RedisCache", "LOCATION": "redis://cache:6379/0"}
}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "shop.search.Engine"}}
