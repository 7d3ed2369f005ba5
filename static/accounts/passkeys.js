// Passkeys. A form with data-passkey="create|get|log-in" asks the browser for one, puts its answer into the field "credential" and is
// sent as any other form. What to ask for stands in the page as JSON (data-passkey-options), or is fetched for a log-in.
"use strict";

(() => {
  const supported = () => window.isSecureContext && window.webauthnJSON && webauthnJSON.supported();

  function say(form, text) {
    const place = form.querySelector("[data-passkey-error]");
    place.textContent = text;
    place.hidden = !text;
  }

  function reason(error) {
    if (error.name === "NotAllowedError") return "Nothing was done: it was canceled, or took too long.";
    if (error.name === "InvalidStateError") return "This device already has a passkey for your log-in.";
    if (error.name === "SecurityError") return "Passkeys do not work at this address. Open the site by its name, not by a number.";
    return "The browser could not do it. Try again, or use another way.";
  }

  async function options(form) {
    if (form.dataset.passkey !== "log-in") return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()).request_options;
  }

  async function create(form, asked) {
    // One that logs in alone is kept by the device and asks for its owner's finger, face or PIN.
    const alone = form.elements.passwordless.checked;
    Object.assign(asked.publicKey.authenticatorSelection, {
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    });
    return webauthnJSON.create(asked);
  }

  async function ask(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    say(form, "");
    try {
      const asked = await options(form);
      const credential = form.dataset.passkey === "create" ? await create(form, asked) : await webauthnJSON.get(asked);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      say(form, reason(error));
      button.disabled = false;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!supported()) {
      say(form, "This browser offers no passkeys here. They need a page over https, or on localhost.");
      continue;
    }
    form.querySelector("button").disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
})();
