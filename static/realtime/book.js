// The books: a snapshot, then deltas, each of which must fit exactly and lead to the checksum that it carries.
"use strict";

(() => {
  const LEVELS = 10;
  const SCALE = 8;
  const ASK_AGAIN_MS = 3000;
  const ASK_AGAIN_MAX_MS = 15000;

  // --- CRC-32, as zlib's --------------------------------------------------------------------------------------------------

  const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });

  // Of a text of ASCII alone, unsigned.
  function crc32(text) {
    let value = 0xffffffff;
    for (let place = 0; place < text.length; place += 1) value = TABLE[(value ^ text.charCodeAt(place)) & 0xff] ^ (value >>> 8);
    return (value ^ 0xffffffff) >>> 0;
  }

  const checksum = (bids, asks) => crc32([...bids, ...asks].map((level) => level.join(":")).join("|"));

  // --- Levels -------------------------------------------------------------------------------------------------------------

  function units(text) {
    const [whole, fraction = ""] = text.split(".");
    return BigInt(whole + fraction.padEnd(SCALE, "0"));
  }

  // One side with what changed: a level is [price, quantity, of customers] and absolute, a quantity of zero takes it away.
  // `best` is 1 where the highest price is the best, -1 where the lowest is.
  function changeSide(levels, changes, best) {
    if (!changes.length) return levels;
    const prices = new Map(levels.map((level) => [units(level[0]), level]));
    for (const level of changes) {
      if (units(level[1]) === 0n) prices.delete(units(level[0]));
      else prices.set(units(level[0]), level);
    }
    const sorted = [...prices].sort(([one], [other]) => (one === other ? 0 : one > other ? -best : best));
    return sorted.slice(0, LEVELS).map(([, level]) => level);
  }

  // --- The books ----------------------------------------------------------------------------------------------------------

  // A book is [symbol, epoch, sequence, at, bids, asks]. Whatever does not fit is not shown; the snapshot is asked for instead.
  class Books {
    // `ask(symbol, why)` asks the server for a snapshot; `now()` is in ms.
    constructor(ask, now) {
      this.counts = { checksum: 0, gap: 0 };
      this.books = new Map();
      this.asked = new Map(); // symbol -> { at, times, why }
      this.ask = ask;
      this.now = now;
    }

    // Returns the book that the snapshot is, or null when it is not what its checksum says.
    snapshot([symbol, epoch, sequence, at, crc, bids, asks]) {
      if (checksum(bids, asks) !== crc) return this.#askFor(symbol, "checksum");
      this.asked.delete(symbol);
      return this.#keep([symbol, epoch, sequence, at, bids, asks]);
    }

    // Returns the book that the delta leads to, or null when it does not fit.
    delta([symbol, epoch, base, sequence, at, crc, bids, asks]) {
      if (this.asked.has(symbol)) return null; // the snapshot is on its way
      const book = this.books.get(symbol);
      if (!book || book[1] !== epoch || book[2] !== base) return this.#askFor(symbol, "gap");
      const next = [changeSide(book[4], bids, 1), changeSide(book[5], asks, -1)];
      if (checksum(...next) !== crc) return this.#askFor(symbol, "checksum");
      return this.#keep([symbol, epoch, sequence, at, ...next]);
    }

    #keep(book) {
      this.books.set(book[0], book);
      return book;
    }

    #askFor(symbol, why) {
      this.counts[why] += 1;
      const times = this.asked.get(symbol)?.times ?? 0;
      this.books.delete(symbol);
      if (!times) this.#askNow(symbol, why, times);
      return null;
    }

    #askNow(symbol, why, times) {
      this.asked.set(symbol, { at: this.now(), times: times + 1, why });
      this.ask(symbol, why);
    }

    // Once a second: asks again where no snapshot came, ever later.
    look() {
      for (const [symbol, { at, times, why }] of this.asked) {
        const wait = Math.min(ASK_AGAIN_MAX_MS, ASK_AGAIN_MS * 2 ** Math.min(times - 1, 10));
        if (this.now() - at >= wait) this.#askNow(symbol, why, times);
      }
    }

    // A new socket begins with snapshots; what is no longer watched is not kept up.
    keepOnly(symbols) {
      for (const map of [this.books, this.asked]) for (const symbol of map.keys()) if (!symbols.has(symbol)) map.delete(symbol);
    }
  }

  Object.assign((globalThis.tredye ||= {}), { Books, crc32, checksum, changeSide });
})();
