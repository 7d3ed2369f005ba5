"""Watchlists, all of them of whoever is logged in."""

from django.urls import path, re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.watchlists import views

app_name = "watchlists"

urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.create, name="create"),
    re_path(rf"^star/{SYMBOL_IN_PATH}/$", views.star, name="star"),
    path("<int:watchlist_id>/", views.watchlist, name="watchlist"),
    path("<int:watchlist_id>/rename/", views.rename, name="rename"),
    path("<int:watchlist_id>/delete/", views.delete, name="delete"),
    path("<int:watchlist_id>/restore/", views.restore, name="restore"),
    path("<int:watchlist_id>/move/", views.move, name="move"),
    path("<int:watchlist_id>/place/", views.place, name="place"),
]
