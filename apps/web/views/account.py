"""What the top bar says about the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.access import access_account


def account_value(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    return render(request, "web/_account_value.html", {"account": account})
