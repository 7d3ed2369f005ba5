"""Exchanges on this machine: frames of two of different kinds, in their documented form, from a server that does as it is told.

Binance's books come as a snapshot over HTTP and numbered changes over the socket; Kraken's best bid and ask come whole, without
numbers. CCXT is pointed here by its own table of addresses.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import WSMsgType, web

BINANCE_INFO = {
    "timezone": "UTC", "serverTime": 1_700_000_000_000, "rateLimits": [], "exchangeFilters": [],
    "symbols": [
        {
            "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "baseAssetPrecision": 8, "quoteAsset": "USDT",
            "quotePrecision": 8, "quoteAssetPrecision": 8, "orderTypes": ["LIMIT", "MARKET"], "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": False, "permissions": [], "permissionSets": [["SPOT"]],
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": "0.01"},
                {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000.0", "stepSize": "0.00001"},
            ],
        }
    ],
}  # fmt: skip
KRAKEN_PAIRS = {
    "XXBTZUSD": {
        "altname": "XBTUSD", "wsname": "XBT/USD", "aclass_base": "currency", "base": "XXBT", "aclass_quote": "currency",
        "quote": "ZUSD", "lot": "unit", "cost_decimals": 5, "pair_decimals": 1, "lot_decimals": 8, "lot_multiplier": 1,
        "leverage_buy": [], "leverage_sell": [], "fees": [[0, 0.26]], "fees_maker": [[0, 0.16]], "fee_volume_currency": "ZUSD",
        "margin_call": 80, "margin_stop": 40, "ordermin": "0.0001", "costmin": "0.5", "tick_size": "0.1", "status": "online",
    }
}  # fmt: skip
KRAKEN_ASSETS = {
    "XXBT": {"aclass": "currency", "altname": "XBT", "decimals": 10, "display_decimals": 5, "status": "enabled"},
    "ZUSD": {"aclass": "currency", "altname": "USD", "decimals": 4, "display_decimals": 2, "status": "enabled"},
}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Venue:
    """An HTTP and WebSocket server in a thread of its own. ``asked`` is every request and every frame that came, in order."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.connections = 0
        self.is_refusing = False
        self.refused = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._main, daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    # --- What a test tells it to do -------------------------------------------------------------------------------------------

    def say(self, *frames: Any) -> None:
        """Send each to every socket, as JSON unless it is text already."""

        async def send() -> None:
            for frame in frames:
                for socket in self._sockets:
                    if not socket.closed:
                        await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))

        self._do(send)

    def drop(self) -> None:
        """Close every socket, without a word."""

        async def cut() -> None:
            for socket in list(self._sockets):
                transport = socket._req.transport if socket._req is not None else None
                if transport is not None:
                    transport.abort()

        self._do(cut)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    # --- The server ---------------------------------------------------------------------------------------------------------

    def answer(self, path: str) -> Any:
        raise NotImplementedError

    def heard(self, frame: Any) -> list[Any]:
        """What the venue says at once to a frame of a client."""
        raise NotImplementedError

    def _do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(work(), self._loop).result(20)

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._get)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._ready.set()
        await self._stopping.wait()
        await runner.cleanup()

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if self.is_refusing:
            self.refused += 1
            return web.Response(status=503, text="{}")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            self.asked.append(request.path)
            return web.json_response(self.answer(request.path))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    frame = json.loads(message.data)
                    self.asked.append(frame)
                    for said in self.heard(frame):
                        await socket.send_str(json.dumps(said))
        finally:
            self._sockets.remove(socket)
        return socket


class Binance(Venue):
    """``book`` is what the snapshot over HTTP says: (last number, bid, ask)."""

    symbol = "BTC/USDT"

    def __init__(self) -> None:
        self.book = (160, "100.00", "100.02")
        super().__init__()

    @property
    def config(self) -> dict[str, Any]:
        return {
            "urls": {"api": {"public": f"http://{self.address}/api/v3", "ws": {"spot": f"ws://{self.address}/ws"}}},
            "options": {"fetchMarkets": {"types": ["spot"]}},
        }

    def answer(self, path: str) -> Any:
        if path.endswith("/depth"):
            number, bid, ask = self.book
            return {"lastUpdateId": number, "bids": [[bid, "5.0"], ["90.00", "1"]], "asks": [[ask, "6.0"], ["110.00", "1"]]}
        return BINANCE_INFO

    def heard(self, frame: Any) -> list[Any]:
        return [{"result": None, "id": frame["id"]}]

    def change(self, first: int, last: int, bid: str, ask: str, *, quantity: str = "7") -> dict[str, Any]:
        """Everything at the touch moves to ``bid`` and ``ask``."""
        _, old_bid, old_ask = self.book
        self.book = (last, bid, ask)
        return {
            "e": "depthUpdate", "E": now_ms(), "s": "BTCUSDT", "U": first, "u": last,
            "b": [[old_bid, "0"], [bid, quantity]], "a": [[old_ask, "0"], [ask, quantity]],
        }  # fmt: skip

    @staticmethod
    def trade(number: int, price: str, *, at_ms: int | None = None) -> dict[str, Any]:
        at = now_ms() if at_ms is None else at_ms
        return {
            "e": "trade", "E": at, "s": "BTCUSDT", "t": number, "p": price, "q": "0.5", "T": at, "m": True, "M": True
        }  # fmt: skip


class Kraken(Venue):
    symbol = "BTC/USD"

    @property
    def config(self) -> dict[str, Any]:
        return {
            "urls": {
                "api": {
                    "public": f"http://{self.address}",
                    "ws": dict.fromkeys(("public", "publicV2"), f"ws://{self.address}/v2"),
                }
            }
        }

    def answer(self, path: str) -> Any:
        found = KRAKEN_PAIRS if path.endswith("AssetPairs") else KRAKEN_ASSETS if path.endswith("Assets") else {}
        return {"error": [], "result": found}

    def heard(self, frame: Any) -> list[Any]:
        if frame.get("method") == "ping":
            return [{"method": "pong", "req_id": frame.get("req_id")}]
        parameters = frame["params"]
        result = {"channel": parameters["channel"], "symbol": "BTC/USD", "snapshot": True}
        return [{"method": "subscribe", "result": result, "success": True, "req_id": frame.get("req_id")}]

    @staticmethod
    def quote(bid: Any, ask: Any, kind: str = "update") -> dict[str, Any]:
        data = {
            "symbol": "BTC/USD", "bid": bid, "bid_qty": 0.01362603, "ask": ask, "ask_qty": 17.17988863, "last": bid,
            "volume": 2158.3, "vwap": 108894.5, "low": 1.0, "high": 2.0, "change": -2.0, "change_pct": -2.41,
        }  # fmt: skip
        return {"channel": "ticker", "type": kind, "data": [data]}

    @staticmethod
    def trade(number: int, price: float, at: str) -> dict[str, Any]:
        data = {
            "symbol": "BTC/USD", "side": "sell", "price": price, "qty": 0.25, "ord_type": "market", "trade_id": number,
            "timestamp": at,
        }  # fmt: skip
        return {"channel": "trade", "type": "update", "data": [data]}
