"""The demo: its instruments, their past, and three people who can log in. Safe to repeat; what is there already is left alone."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from apps.accounts.selectors import get_account_of_user
from apps.accounts.services import ensure_funded, open_paper_account
from apps.commands.answers import DoneAnswer
from apps.commands.client import EngineUnavailableError, get_client
from apps.commands.types import Actor, ConfigureInstrument
from apps.core.clock import Clock
from apps.core.enums import Role
from apps.instruments.calendar_job import SessionsNotSetError, set_missing_sessions
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.instruments.sessions import AROUND_THE_CLOCK
from apps.marketdata import demo
from apps.marketdata.services import seed_history

SEED = 1
SYSTEM = Actor(user_id=None, role=Role.SYSTEM)
USERS: dict[Role, str] = {
    Role.CUSTOMER: "customer@tredye.example",
    Role.SUPPORT: "support@tredye.example",
    Role.ADMIN: "admin@tredye.example",
}

Say = Callable[[str], None]


class SeedingError(RuntimeError):
    """The demo cannot be made now; the message says why in one line."""


def configure_instruments(*, deadline_s: float) -> int:
    """Ask the engine for every demo instrument that is missing or defined otherwise; return how many were asked for.

    The command's id is made of its body, so the engine carries out each definition once: what an administrator changed
    afterwards is not changed back by seeding again.
    """
    known = {instrument.symbol: instrument for instrument in list_instruments()}
    commands = [configure_command(wanted) for wanted in demo.INSTRUMENTS if not _is_as_defined(wanted, known.get(wanted.symbol))]
    for command in commands:
        try:
            answer = get_client().send(command, deadline_s=deadline_s)
        except EngineUnavailableError:
            raise SeedingError(f"the engine at {settings.ENGINE_URL} gave no answer within {deadline_s:g} s") from None
        if not isinstance(answer, DoneAnswer) or (answer.reason and command.symbol not in known):
            raise SeedingError(f"{command.symbol} could not be configured: {answer}")
    return len(commands)


def set_sessions(clock: Clock) -> int:
    """Tell the engine the coming sessions, as the daily job does; return of how many instruments it had to be told."""
    try:
        counted = set_missing_sessions(datetime.fromtimestamp(clock.now_ns() // 1_000_000_000, UTC), lambda text: None)
    except SessionsNotSetError as error:
        raise SeedingError(f"the sessions could not be set: {error}") from None
    return int(str(counted["told"]))


def configure_command(wanted: demo.DemoInstrument) -> ConfigureInstrument:
    command = ConfigureInstrument(
        command_id="",
        actor=SYSTEM,
        symbol=wanted.symbol,
        name=wanted.name,
        asset_class=wanted.asset_class.value,
        base=wanted.base,
        base_name=wanted.base_name,
        base_decimals=wanted.base_decimals,
        quote=wanted.quote,
        quote_name=wanted.quote_name,
        quote_decimals=wanted.quote_decimals,
        tick_size=wanted.tick_size,
        lot_size=wanted.lot_size,
        max_quantity=wanted.max_quantity,
        max_notional=wanted.max_notional,
        collar_bps=wanted.collar_bps,
        maker_fee_ppm=wanted.maker_fee_ppm,
        taker_fee_ppm=wanted.taker_fee_ppm,
        ladder_step_ticks=wanted.ladder_step_ticks,
        # Stocks too: their prices are made by a model that never sleeps, and whoever tries the demo finds it open at any hour.
        calendar=AROUND_THE_CLOCK,
    )
    digest = hashlib.blake2b(msgspec.json.encode(command), digest_size=10).hexdigest()
    return msgspec.structs.replace(command, command_id=f"demo-{wanted.symbol}-{digest}")


def _is_as_defined(wanted: demo.DemoInstrument, known: InstrumentView | None) -> bool:
    if known is None:
        return False
    command = configure_command(wanted)
    numbers = ("tick_size", "lot_size", "max_quantity", "max_notional")
    rest = ("name", "collar_bps", "maker_fee_ppm", "taker_fee_ppm", "ladder_step_ticks")
    return all(getattr(known, field) == demo.exact(getattr(command, field)) for field in numbers) and all(
        getattr(known, field) == getattr(command, field) for field in rest
    )


def write_histories(clock: Clock, say: Say) -> int:
    """Give every demo instrument its past; return how many had none."""
    made = 0
    for instrument in list_instruments():
        definition = demo.BY_SYMBOL.get(instrument.symbol)
        if definition and seed_history(definition, instrument.id, instrument.grid, now_ns=clock.now_ns(), seed=SEED):
            made += 1
            if made % 5 == 0:
                say(f"history of {made} instruments")
    return made


def make_users(path: Path, say: Say) -> None:
    """Make the demo users, and write ``[{role, email, password}]`` to ``path``, readable by this user alone.

    A password is taken from the settings (``DEMO_CUSTOMER_PASSWORD`` and so on), else from the file, else it is random. A user
    who exists while nothing says the password gets a new one.
    """
    written = _read_passwords(path)
    entries = []
    for role, email in USERS.items():
        password = settings.DEMO_PASSWORDS[role.value] or written.get(email) or secrets.token_urlsafe(9)
        if _make_user(role, email, password, known=written.get(email) == password):
            say(f"{email}: password set anew, its old one is in no file")
        entries.append({"role": role.value, "email": email, "password": password})
    _write_private(path, json.dumps(entries, indent=1))


def fund_customer(*, deadline_s: float) -> bool:
    """See that the demo customer has a trading account with its paper money; False while the engine does not answer."""
    user = get_user_model().objects.get(email=USERS[Role.CUSTOMER])
    account = get_account_of_user(user.pk)
    if account is None:
        raise SeedingError(f"{user.email} has no trading account")
    return account.funded or ensure_funded(account.id, deadline_s=deadline_s)


def _make_user(role: Role, email: str, password: str, *, known: bool) -> bool:
    """Make the user if missing; set the password unless it is ``known`` to be the user's. True if an old one was replaced."""
    users = get_user_model().objects
    user = users.filter(email=email).first()
    if user is not None:
        if known or user.check_password(password):
            return False
        user.set_password(password)
        user.save(update_fields=["password"])
        return True
    with transaction.atomic():
        if role is Role.ADMIN:
            users.create_superuser(email, password)
        else:
            user = users.create_user(email, password, role=role)
            if role is Role.CUSTOMER:
                open_paper_account(user)
    return False


def _read_passwords(path: Path) -> dict[str, str]:
    try:
        return {entry["email"]: entry["password"] for entry in json.loads(path.read_text())}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        raise SeedingError(f"{path} cannot be read; remove it, and new passwords will be made") from None


def _write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step, with mode 0600 from its first moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    new.replace(path)
