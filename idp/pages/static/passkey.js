/* The ceremony of a passkey: WebAuthn Level 3 sections 5.1.3 and 5.1.4. It asks the browser for what
   the form says, writes the answer into the form and sends it. Whether that is right, the server says. */
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const button = form.querySelector("button[data-ceremony]");
  const YOUNG = 240000; // milliseconds: a challenge lives for five minutes
  let born = Date.now();
  let pending = null;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const options = () => {
    const read = JSON.parse(form.dataset.options);
    read.challenge = bytes(read.challenge);
    if (read.user) read.user.id = bytes(read.user.id);
    for (const known of [...(read.allowCredentials || []), ...(read.excludeCredentials || [])])
      known.id = bytes(known.id);
    return read;
  };

  const answer = (credential) => {
    const said = credential.response;
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (said[name]) response[name] = text(said[name]);
    if (said.getTransports) response.transports = said.getTransports();
    return JSON.stringify({ id: credential.id, type: credential.type, response });
  };

  const renew = async () => {
    if (Date.now() - born < YOUNG) return;
    const page = await (await fetch(location.href)).text();
    const newer = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-passkey]");
    if (!newer) return;
    form.dataset.options = newer.dataset.options;
    born = Date.now();
  };

  const ask = async (more) => {
    if (pending) pending.abort();
    const mine = (pending = new AbortController());
    await renew();
    if (mine.signal.aborted) throw new DOMException("", "AbortError");
    const asked = { publicKey: options(), signal: mine.signal, ...more };
    const credential = await navigator.credentials[form.dataset.passkey](asked);
    form.elements.credential.value = answer(credential);
    form.requestSubmit(button);
  };

  const say = (name) => {
    for (const said of form.querySelectorAll("[data-said]")) said.hidden = said.dataset.said !== name;
  };

  button.addEventListener("click", (press) => {
    press.preventDefault();
    if (!form.reportValidity()) return;
    say("");
    ask({}).catch((error) => {
      if (error.name === "AbortError") return;
      say(error.name === "InvalidStateError" ? "known" : "cancelled");
      autofill();
    });
  });

  const autofill = async () => {
    if ("pressed" in form.dataset) return; // this form waits for its button
    const can = PublicKeyCredential.isConditionalMediationAvailable;
    if (form.dataset.passkey !== "get" || document.hidden || !can || !(await can.call(PublicKeyCredential))) return;
    ask({ mediation: "conditional" }).catch(() => {});
  };

  form.hidden = false;
  autofill();
  const again = () => { if (Date.now() - born >= YOUNG && form.elements.credential.value === "") autofill(); };
  setInterval(again, YOUNG);
  document.addEventListener("visibilitychange", again);
})();
