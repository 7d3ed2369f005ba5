// The shared worker: the hub for all tabs of this browser that have the same log-in and the same version of these scripts.
// Its name says which scripts it is made of, so another version of one of them is another worker.
"use strict";

(() => {
  const { parts } = JSON.parse(self.name);
  const foreign = parts.find((part) => new URL(part, location.href).origin !== location.origin);
  if (foreign) throw new Error(`a script of another origin: ${foreign}`);
  importScripts(...parts);

  const hub = new globalThis.tredye.Hub(globalThis.tredye.browserWorld());

  // A tab holds a lock for as long as it lives; whoever waits behind it learns of its death, however it died.
  function whenFree(lock, tell) {
    navigator.locks?.request(lock, tell);
  }

  self.onconnect = ({ ports: [port] }) => {
    const hear = hub.connect((message) => port.postMessage(message), whenFree);
    port.onmessage = ({ data }) => hear(data);
  };
  addEventListener("offline", () => hub.line.setOnline(false));
  addEventListener("online", () => hub.line.setOnline(true));
})();
