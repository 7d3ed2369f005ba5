// Tells sign-up where the clock of this browser stands, so that times are shown in the reader's own zone.
"use strict";

for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
