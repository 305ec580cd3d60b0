"use strict";
// Keys and small helps. Every page works without this file: all that it does is press buttons that are there.
(() => {
  const QUIET = 800; // ms after a page came up in which keys decide nothing: a double tap must not decide it unread
  const FORWARD = "teruskan";
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const inField = (element) =>
    element instanceof HTMLElement &&
    (element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])") || element.isContentEditable);
  const onControl = (element) => element instanceof HTMLElement && element.closest("a, button, summary") !== null;
  const ready = () => document.documentElement.hasAttribute("data-siap");
  let sent = false;

  function say(text, kind) {
    const message = document.createElement("div");
    message.className = `pesan ${kind}`;
    message.textContent = text;
    find("#pesan").replaceChildren(message);
  }

  function submit(form) {
    if (form && !sent) form.requestSubmit();
  }

  // The form of a decision

  const form = find("#putusan");
  const field = find("#unit-lain");
  const ticked = (name) => form.querySelector(`[name="${name}"]:checked`);
  const action = (value) => form.querySelector(`[name=tindakan][value=${value}]`);
  let lastUnit = null;

  function forward() {
    action(FORWARD).checked = true;
    tell();
  }

  function accept(rank) {
    const choice = form && form.querySelector(`[data-saran="${rank}"]`);
    if (!choice) return;
    choice.checked = true;
    field.value = "";
    forward();
    if (!choice.hasAttribute("data-dituduh")) submit(form);
    else find("#tahu-dituduh").focus(); // never in one stroke to the unit that is accused
  }

  function searchUnit() {
    if (!field) return;
    find("#unit-lain-pilih").checked = true;
    forward();
    field.focus();
    field.select();
  }

  // Who chooses a unit forwards; what is not forwarded goes to no unit.
  function unitChosen(choice) {
    if (choice.matches("[data-saran]")) field.value = "";
    if (choice.name === "unit_cocok") find("#unit-lain-pilih").checked = true;
    if (choice === field) all("[name=unit_cocok]").forEach((one) => { one.checked = false; });
    if (choice === field && field.value.trim()) find("#unit-lain-pilih").checked = true;
    if (choice !== field || field.value.trim()) action(FORWARD).checked = true;
  }

  function actionChosen(value) {
    if (value !== FORWARD) {
      lastUnit = ticked("unit") || lastUnit;
      all("[name=unit], [name=unit_cocok]").forEach((one) => { one.checked = false; });
      field.value = "";
    } else if (!ticked("unit")) {
      const unit = lastUnit || form.querySelector("[data-saran='1']:not([data-dituduh])");
      if (unit) unit.checked = true;
    }
  }

  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];

  function fitting(typed) {
    const wanted = words(typed);
    if (!wanted.length) return [];
    const fits = (have) => wanted.every(
      (one) => have.some((word) => word.startsWith(one) || one.length >= 4 && word.includes(one)));
    const found = all("#semua-unit option").filter((option) => fits(words(option.dataset.cari)));
    const named = (option) => fits(words(`${option.value} ${option.dataset.singkat}`));
    return [...found.filter(named), ...found.filter((option) => !named(option))];
  }

  const isUnit = (name) => all("#semua-unit option").some((option) => option.value === name.trim());

  // The short name of the unit that is typed; nothing where that is not clear.
  function typedUnit() {
    const whole = all("#semua-unit option").find((option) => option.value === field.value.trim());
    const found = whole ? [whole] : fitting(field.value);
    return found.length === 1 ? found[0].dataset.singkat : "";
  }

  function tellFitting() {
    const line = find("#unit-cocok");
    const found = isUnit(field.value) ? [] : fitting(field.value);
    if (!field.value.trim() || isUnit(field.value)) line.textContent = "";
    else if (!found.length) line.textContent = "Tidak ada unit yang cocok.";
    else {
      const names = found.slice(0, 4).map((option) => option.dataset.singkat).join(", ");
      line.textContent = `Cocok: ${names}${found.length > 4 ? ", …" : ""}. Enter memilih ${found[0].dataset.singkat}.`;
    }
  }

  function enterInUnit() {
    const [first] = fitting(field.value);
    if (isUnit(field.value)) submit(form);
    else if (first) {
      field.value = first.value;
      unitChosen(field);
      tell();
    }
    tellFitting();
  }

  // Say beside the button what Enter keeps, and what it changes.
  function tell() {
    const chosen = ticked("tindakan");
    let does = chosen ? chosen.dataset.kata : "isian di atas";
    if (chosen && chosen.value === FORWARD) {
      const unit = ticked("unit_cocok") || ticked("unit");
      const name = unit && (unit.dataset.nama || typedUnit());
      does = name ? `teruskan ke ${name}` : "(belum ada unit)";
    }
    find("#arti-enter").textContent = does;
    const level = ticked("urgensi");
    const before = find("#urgensi").dataset.awal;
    find("#urgensi-berubah").textContent =
      level && level.value !== before ? `urgensi ${before} → ${level.value}` : "";
  }

  function changeUrgency(step) {
    const choices = all("#urgensi input");
    if (!choices.length) return;
    const now = choices.findIndex((one) => one.checked);
    choices[(now + step + choices.length) % choices.length].checked = true;
    tell();
  }

  // A note outlives a session that ended before it was saved; only in this tab, and only until it is saved.
  const kept = {
    get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* nothing is kept then */ } },
    drop: (name) => { try { sessionStorage.removeItem(name); } catch { /* nothing was kept */ } },
  };

  function keepNote() {
    const note = find("#catatan");
    const name = `catatan:${form.dataset.catatan}`;
    const before = kept.get(name);
    if (before && before !== note.value && note.value === note.defaultValue && !find(".pesan.salah")) {
      note.value = before;
      find("#tembusan-catatan").open = true;
      say("Catatan Anda yang belum tersimpan dipasang lagi di bawah.", "awas");
    }
    note.addEventListener("input", () => {
      if (note.value === note.defaultValue) kept.drop(name);
      else kept.set(name, note.value);
    });
    form.addEventListener("submit", () => { kept.set("terkirim", name); });
    const leave = find("#biarkan");
    if (leave) leave.addEventListener("submit", () => { kept.drop(name); });
  }

  if (new URLSearchParams(location.search).has("hasil")) {
    const name = kept.get("terkirim");
    if (name) kept.drop(name);
    kept.drop("terkirim");
  }
  all("form[action='/keluar']").forEach((one) => one.addEventListener("submit", () => {
    try { sessionStorage.clear(); } catch { /* nothing was kept */ }
  }));
  if (form) {
    keepNote();
    all("[data-tik]").forEach((one) => { one.hidden = false; });
    tell();
    form.addEventListener("input", (event) => {
      const target = event.target;
      if (target === field || target.matches("[name=unit], [name=unit_cocok]")) unitChosen(target);
      if (target.name === "tindakan") actionChosen(target.value);
      if (target === field) tellFitting();
      tell();
    });
  }

  // The queue

  function move(step) {
    const rows = all("[data-baris]");
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
      case "1": case "2": case "3": if (ready()) accept(key); return Boolean(form);
      case "/": searchUnit(); return Boolean(field);
      case "u": changeUrgency(-1); return true; // the most urgent stands first
      case "U": changeUrgency(1); return true;
      case "z": if (ready()) submit(find(`form[data-tombol="z"]`)); return true;
      case "n": case "q": submit(find(`form[data-tombol="${key}"]`)); return true;
      case "j": case "ArrowDown": return move(1);
      case "k": case "ArrowUp": return move(-1);
      case "?": openHelp(); return true;
      default: return false;
    }
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.isComposing || find("dialog[open]")) return;
    if (event.repeat && !event.key.startsWith("Arrow") && !"jk".includes(event.key)) {
      // A held key scrolls and writes into fields, and does nothing else.
      if (event.key === "Enter" && !target.matches("textarea")) event.preventDefault();
      return;
    }
    if (event.key === "Enter" && event.ctrlKey) { if (ready()) submit(form); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && inField(target)) { target.blur(); return; }
    if (event.key === "Enter" && target === field && field.value.trim()) {
      event.preventDefault();
      if (ready()) enterInUnit();
      return;
    }
    if (inField(target)) return;
    if (event.key === "Enter") {
      if (!onControl(target) && form) { event.preventDefault(); if (ready()) submit(form); }
      return;
    }
    const radio = target instanceof HTMLElement && target.matches("input[type=radio]");
    if (radio && event.key.startsWith("Arrow")) return;
    if (act(event.key)) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    // A second click must not send a decision twice, nor decide the next complaint, whose button is in the same place.
    if (event.defaultPrevented || event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
    if (sent || event.target === form && !ready()) { event.preventDefault(); return; }
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    document.documentElement.removeAttribute("data-siap");
    setTimeout(() => document.documentElement.setAttribute("data-siap", ""), QUIET);
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("[data-baris]");
    if (row) all("[data-baris]").forEach((one) => one.classList.toggle("pilih", one === row));
  });
  all("[data-buka]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  });
  all("[data-semua]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = all(`input[name="${button.dataset.semua}"]`);
      const every = boxes.every((box) => box.checked);
      boxes.forEach((box) => { box.checked = !every; });
    });
  });
  document.addEventListener("htmx:responseError", () => {
    say("Permintaan gagal. Muat ulang halaman, lalu coba lagi.", "salah");
  });
})();
