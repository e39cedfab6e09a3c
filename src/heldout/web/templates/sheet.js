"use strict";
// Saves a sheet while it is filled in: one leaf a request, one request at a time. Without it the page's buttons do that.
(() => {
  const form = document.querySelector("form[data-save]");
  const said = document.getElementById("saved");
  if (!form || !said) return;
  const PAUSE = 700, AGAIN = 3000, LONGEST = 20000; // milliseconds
  const changed = new Set(), refused = new Set(); // leaves that the server does not have as they stand here
  let sending = false, timer = 0, held = null; // a submission that waits for what is on its way

  const leafOf = (field) => (field.name || "").split(".")[0];
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const say = (text, isSaved) => { said.textContent = text; said.classList.toggle("unsaved", !isSaved); };

  function fieldsOf(leaf) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (name.startsWith(leaf + ".")) fields.append(name, value);
    return fields;
  }

  async function told(answer) { // a sentence, and then a line for each thing that the sheet still needs
    const isText = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    if (!isText) return "log in again, in another tab";
    const [sentence, ...needed] = (await answer.text()).trim().split("\n");
    if (answer.ok) list(needed);
    return sentence;
  }

  function list(needed) {
    const items = needed.map((text) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = "#" + text.split(":")[0];
      link.textContent = text;
      item.append(link);
      return item;
    });
    document.getElementById("needed").replaceChildren(...items);
    document.getElementById("needs").textContent =
      items.length ? "Before it can be final, the sheet needs:" : "Every question has a level and a reason.";
  }

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (sending || changed.size === 0) return;
    sending = true;
    const leaf = changed.values().next().value;
    changed.delete(leaf);
    refused.delete(leaf);
    try {
      const asked = { method: "POST", body: fieldsOf(leaf), keepalive: true, signal: AbortSignal.timeout(LONGEST) };
      const answer = await fetch(form.dataset.save, asked);
      if (answer.status >= 500) throw new Error("the server failed");
      if (!answer.ok) refused.add(leaf);
      const sentence = await told(answer);
      if (!answer.ok) say("Not saved: " + sentence, false);
      else if (changed.size === 0 && refused.size === 0) say(sentence, true); // nothing was typed meanwhile
      if (changed.size && !timer) later(0);
    } catch {
      changed.add(leaf);
      say("Not saved yet: the server did not answer. It is tried again.", false);
      later(AGAIN);
    }
    sending = false;
    const waiting = held;
    held = null;
    if (waiting) form.requestSubmit(waiting.by);
  }

  form.addEventListener("input", (event) => {
    if (!leafOf(event.target)) return;
    changed.add(leafOf(event.target));
    if (!said.classList.contains("unsaved")) say("", true); // what stood there is no longer true
    later(PAUSE);
  });
  form.addEventListener("change", () => later(0));
  form.addEventListener("submit", (event) => { // all of the form goes along, but not before what is on its way
    if (sending) { held = { by: event.submitter }; event.preventDefault(); return; }
    clearTimeout(timer);
    changed.clear();
    refused.clear();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  addEventListener("beforeunload", (event) => { if (changed.size || refused.size) event.preventDefault(); });
})();
