from django.apps import apps
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("health", lambda request: HttpResponse("well\n")),
    path("", include("django_prometheus.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
