"use strict";
// Keys and small helps. Every page works without this file: all that it does is press buttons that are there.
(() => {
  const find = (selector) => document.querySelector(selector);
  const inField = (element) =>
    element instanceof HTMLElement &&
    (element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])") || element.isContentEditable);
  const onControl = (element) => element instanceof HTMLElement && element.closest("a, button, summary") !== null;
  let sent = false;

  function submit(form) {
    if (form && !sent) form.requestSubmit();
  }

  function accept(rank) {
    const form = find("#putusan");
    const choice = form && form.querySelector(`[data-saran="${rank}"]`);
    if (!choice) return;
    choice.checked = true;
    find("#unit-lain").value = "";
    form.querySelector("[name=tindakan][value=teruskan]").checked = true;
    submit(form);
  }

  function searchUnit() {
    const field = find("#unit-lain");
    if (!field) return;
    find("#unit-lain-pilih").checked = true;
    field.focus();
    field.select();
  }

  function cycleUrgency() {
    const choices = [...document.querySelectorAll("#urgensi input")];
    if (!choices.length) return;
    const next = choices[(choices.findIndex((one) => one.checked) + 1) % choices.length];
    next.checked = true;
    next.focus();
  }

  function move(step) {
    const rows = [...document.querySelectorAll("[data-baris]")];
    if (!rows.length) return false;
    const now = rows.findIndex((row) => row.classList.contains("pilih"));
    const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
    rows.forEach((row, place) => row.classList.toggle("pilih", place === next));
    rows[next].querySelector("a.isi").focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  function openHelp() {
    const help = find("#bantuan");
    if (help && !help.open) help.showModal();
  }

  function act(key) {
    switch (key) {
      case "1": case "2": case "3": accept(key); return Boolean(find("#putusan"));
      case "/": searchUnit(); return Boolean(find("#unit-lain"));
      case "u": cycleUrgency(); return true;
      case "n": case "q": case "z": submit(find(`form[data-tombol="${key}"]`)); return true;
      case "j": case "ArrowDown": return move(1);
      case "k": case "ArrowUp": return move(-1);
      case "?": openHelp(); return true;
      default: return false;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat && !event.key.startsWith("Arrow") && !"jk".includes(event.key)) return;
    const target = event.target;
    if (find("dialog[open]")) return;
    if (event.key === "Enter" && event.ctrlKey) { submit(find("#putusan")); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && inField(target)) { target.blur(); return; }
    if (inField(target)) return;
    if (event.key === "Enter") {
      if (!onControl(target) && find("#putusan")) { event.preventDefault(); submit(find("#putusan")); }
      return;
    }
    const radio = target instanceof HTMLElement && target.matches("input[type=radio]");
    if (radio && event.key.startsWith("Arrow")) return;
    if (act(event.key)) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    // A second click must not send a decision twice.
    if (event.defaultPrevented || event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("[data-baris]");
    if (row) document.querySelectorAll("[data-baris]").forEach((one) => one.classList.toggle("pilih", one === row));
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "unit-lain") find("#unit-lain-pilih").checked = true;
    // What is typed wins over the choices: a choice made after typing takes the typed name back.
    if (event.target.matches("[data-saran]")) find("#unit-lain").value = "";
  });
  if (window.matchMedia("(max-width: 36rem)").matches) {
    document.querySelectorAll("[data-lipat]").forEach((part) => { part.open = false; });
  }
  document.querySelectorAll("[data-buka]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  });
  document.querySelectorAll("[data-semua]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = [...document.querySelectorAll(`input[name="${button.dataset.semua}"]`)];
      const all = boxes.every((box) => box.checked);
      boxes.forEach((box) => { box.checked = !all; });
    });
  });
  document.addEventListener("htmx:responseError", () => {
    const message = document.createElement("div");
    message.className = "pesan salah";
    message.textContent = "Permintaan gagal. Muat ulang halaman, lalu coba lagi.";
    find("#pesan").replaceChildren(message);
  });
})();
