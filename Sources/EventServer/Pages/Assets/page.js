// SPDX-License-Identifier: MIT
// Everything on the pages can be read without this script; it makes them quick and live.
"use strict";

const main = document.getElementById("main");
const announcer = document.getElementById("announcer");
const timeline = document.getElementById("timeline");
const panel = document.getElementById("panel");
const searchBox = document.getElementById("q");

const token = () => document.querySelector('meta[name="csrf-token"]')?.content;

/** Tells people who do not see the page; the same text twice is said twice. */
function announce(text) {
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = text; }, 50);
}

/** The elements of a part of a page that the server rendered. */
async function fetchPart(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (response.redirected || !response.ok) throw new Error(`${response.status} for a part of the page`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return template.content;
}

/** Sends a change; the answer, mostly a redirect, is not followed. */
function send(url, body) {
  const headers = token() ? { "X-CSRF-Token": token() } : {};
  return fetch(url, { method: "POST", body, headers, redirect: "manual" });
}

function withParameters(url, parameters) {
  const result = new URL(url, location.href);
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value);
  return result.pathname + result.search;
}

/** Runs `change` and scrolls so that `anchor` stays where it was on the screen. */
function keepingPlace(anchor, change) {
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
}

/** The first card that can be seen. */
function topCard() {
  return [...document.querySelectorAll("#timeline .card")].find((card) => card.getBoundingClientRect().bottom > 150);
}

// ---- Endless list: pages come as they are needed, and pages far away are kept as text with their height ----

const chunks = {
  // Of an element: where its content comes from, and the content while it is not in the document.
  sources: new WeakMap(),
  contents: new WeakMap(),

  start() {
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => this.moved(entry)), {
      rootMargin: "4500px 0px",
    });
    this.end = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) this.more(); }, {
      rootMargin: "1500px 0px",
    });
    timeline.querySelectorAll(".chunk").forEach((chunk) => this.near.observe(chunk));
    this.restore();
    this.watchEnd();
    addEventListener("pagehide", () => this.save());
    // Layouts differ between the entries of the history, so that places must be found after they are set up.
    history.scrollRestoration = "manual";
  },

  get link() { return timeline.querySelector("a.more"); },

  watchEnd() {
    this.end.disconnect();
    if (this.link) this.end.observe(this.link);
  },

  async more() {
    const link = this.link;
    if (!link || link.dataset.busy) return;
    link.dataset.busy = "yes";
    try {
      const url = link.dataset.part;
      const part = await fetchPart(url);
      const chunk = part.querySelector(".chunk");
      this.sources.set(chunk, url);
      link.replaceWith(part);
      this.near.observe(chunk);
      this.watchEnd();
    } catch {
      // The link stays, and takes people there on a page of its own.
      delete link.dataset.busy;
    }
  },

  moved(entry) {
    const chunk = entry.target;
    if (entry.isIntersecting) {
      this.fill(chunk);
    } else if (chunk.childElementCount > 0 && !chunk.contains(document.activeElement)) {
      chunk.style.height = `${entry.boundingClientRect.height}px`;
      this.contents.set(chunk, chunk.innerHTML);
      chunk.replaceChildren();
    }
  },

  async fill(chunk) {
    if (chunk.childElementCount > 0) return;
    if (this.contents.has(chunk)) {
      chunk.innerHTML = this.contents.get(chunk);
      this.contents.delete(chunk);
    } else if (this.sources.has(chunk)) {
      try {
        const part = await fetchPart(this.sources.get(chunk));
        if (chunk.childElementCount === 0) chunk.replaceChildren(...part.querySelector(".chunk").childNodes);
      } catch { return; }
    }
    chunk.style.height = "";
  },

  /** Has the list anew from its beginning. */
  async reset() {
    const url = new URL(timeline.dataset.live, location.href);
    url.searchParams.set("part", "cards");
    const part = await fetchPart(url.pathname + url.search);
    this.near.disconnect();
    timeline.replaceChildren(part);
    timeline.querySelectorAll(".chunk").forEach((chunk) => this.near.observe(chunk));
    this.watchEnd();
    scrollTo({ top: 0, behavior: "instant" });
  },

  /** Keeps with the page's place in the history what brings it back as it was. */
  save() {
    const all = [...timeline.querySelectorAll(".chunk")];
    const pages = all.slice(1).map((chunk) => ({ url: this.sources.get(chunk), height: chunk.offsetHeight }));
    const link = this.link;
    history.replaceState({
      ...history.state,
      list: { pages, y: scrollY, more: link && { href: link.getAttribute("href"), part: link.dataset.part } },
    }, "");
  },

  restore() {
    const saved = history.state?.list;
    if (!saved || timeline.querySelectorAll(".chunk").length !== 1) return;
    // Where events have come since, the kept pages do not follow the first one any more: some would be left out.
    if (this.link?.dataset.part !== (saved.pages[0]?.url ?? saved.more?.part)) return;
    let last = timeline.querySelector(".chunk");
    for (const page of saved.pages) {
      const chunk = document.createElement("div");
      chunk.className = "chunk";
      chunk.style.height = `${page.height}px`;
      this.sources.set(chunk, page.url);
      last.after(chunk);
      last = chunk;
      this.near.observe(chunk);
    }
    if (saved.more && this.link) {
      this.link.href = saved.more.href;
      this.link.dataset.part = saved.more.part;
    } else {
      this.link?.remove();
    }
    scrollTo({ top: saved.y, behavior: "instant" });
  },
};

// ---- Live: new events, and events that have been indexed ----

const live = {
  source: null,
  fresh: null,
  timers: {},

  start() {
    const update = () => (document.hidden ? this.stop() : this.connect());
    document.addEventListener("visibilitychange", update);
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => {
      // The back button may show a page of a session that has ended.
      if (event.persisted) this.checkSession();
      update();
    });
    update();
  },

  connect() {
    if (this.source) return;
    this.source = new EventSource("/api/v1/stream");
    const look = () => {
      if (timeline?.dataset.live) this.soon("new", 100, () => this.lookForNew());
      if (timeline) this.soon("states", 300, () => this.lookAtStates());
      if (document.body.dataset.page === "system") this.soon("status", 800, () => this.lookAtStatus());
    };
    this.source.addEventListener("open", () => this.isConnected(true));
    // A server that refuses is asked again; one that is away the browser tries by itself.
    this.source.addEventListener("error", () => {
      this.isConnected(false);
      if (this.source?.readyState !== EventSource.CLOSED) return;
      this.stop();
      this.checkSession();
      setTimeout(() => { if (!document.hidden) this.connect(); }, 5000);
    });
    for (const name of ["hello", "events", "index"]) this.source.addEventListener(name, look);
  },

  stop() {
    this.source?.close();
    this.source = null;
  },

  /** Says so when what is shown may be old: a stream that ends now and then is no reason yet. */
  isConnected(isOpen) {
    if (isOpen) {
      clearTimeout(this.timers.connection);
      this.timers.connection = null;
      document.getElementById("offline")?.remove();
      return;
    }
    // Each failed try comes here.
    if (this.timers.connection) return;
    const since = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.timers.connection = setTimeout(() => {
      const notice = document.createElement("div");
      notice.id = "offline";
      notice.className = "banner warn";
      notice.setAttribute("role", "status");
      notice.append(Object.assign(document.createElement("p"), {
        textContent: `No connection to the server since ${since}. What is shown may be old.`,
      }));
      document.querySelector(".notices").append(notice);
    }, 8000);
  },

  /** Loads the page again, which asks for a key, when the session has ended. */
  async checkSession() {
    try {
      const response = await fetch("/system?part=status", { method: "HEAD", redirect: "manual" });
      if (response.type === "opaqueredirect") location.reload();
    } catch { /* The server is away. */ }
  },

  /** Runs `action` once for all signs that come in a moment. */
  soon(name, delay, action) {
    if (this.timers[name]) return;
    this.timers[name] = setTimeout(async () => {
      this.timers[name] = null;
      try { await action(); } catch { /* The next sign tries again. */ }
    }, delay);
  },

  async lookForNew() {
    const first = timeline.querySelector(".chunk");
    const newest = this.fresh?.newest ?? first?.dataset.newest;
    if (!newest) return;
    const chunk = (await fetchPart(withParameters(timeline.dataset.live, { after: newest }))).querySelector(".chunk");
    const cards = [...chunk.querySelectorAll(".card")].filter((card) => !listed(card.id));
    const days = new Map([...chunk.querySelectorAll(".day")].map((day) => [day.dataset.day, day]));
    const hasMore = chunk.dataset.more !== undefined;
    if (cards.length === 0 && !hasMore) {
      (this.fresh ?? first.dataset).newest = chunk.dataset.newest;
      return;
    }
    this.fresh ??= { cards: [], count: 0, days: new Map() };
    this.fresh.cards.push(...cards.map((card) => ({ card, day: card.closest(".day").dataset.day })));
    this.fresh.count += cards.length;
    this.fresh.newest = chunk.dataset.newest;
    // So many that the list is read again instead.
    this.fresh.isTooMuch ||= hasMore || this.fresh.count + first.querySelectorAll(".card").length > 240;
    days.forEach((day, name) => this.fresh.days.set(name, day));
    const total = document.getElementById("total");
    if (total && chunk.dataset.total) total.textContent = chunk.dataset.total;
    announce(hasMore
      ? `More than ${this.fresh.count} new events`
      : cards.length === 1
        ? `New event: ${cards[0].querySelector("img")?.alt ?? cards[0].querySelector("h3").textContent}`
        : `${cards.length} new events`);
    if (scrollY < 400) await this.insert(); else this.showPill();
  },

  showPill() {
    let pill = document.getElementById("fresh");
    if (!pill) {
      pill = document.createElement("button");
      pill.id = "fresh";
      pill.className = "fresh-pill";
      pill.addEventListener("click", () => { scrollTo({ top: 0 }); this.insert(); });
      timeline.prepend(pill);
    }
    pill.textContent = this.fresh.isTooMuch && this.fresh.count >= 48
      ? "Many new events"
      : this.fresh.count === 1 ? "1 new event" : `${this.fresh.count} new events`;
  },

  async insert() {
    const fresh = this.fresh;
    if (!fresh) return;
    this.fresh = null;
    document.getElementById("fresh")?.remove();
    if (fresh.isTooMuch) return chunks.reset();
    timeline.querySelector(".empty")?.remove();
    const first = timeline.querySelector(".chunk");
    await chunks.fill(first);
    for (const { card, day } of fresh.cards) this.place(card, fresh.days.get(day), first);
    first.dataset.newest = fresh.newest;
  },

  /**
   * Puts a card where its time belongs, the latest first; one that belongs to a later page comes with that page.
   *
   * `section` is a day like the one that it comes to, with the day's heading as it is now.
   */
  place(card, section, chunk) {
    if (listed(card.id)) return;
    const moment = (other) => Date.parse(other.querySelector("time").dateTime);
    // Of two at the same moment, the list has the larger identifier first.
    const isBefore = (other) => moment(other) < moment(card)
      || (moment(other) === moment(card) && other.dataset.id < card.dataset.id);
    const next = [...chunk.querySelectorAll(".card")].find(isBefore);
    if (!next && chunks.link) return;
    card.classList.add("fresh");
    const heading = section.querySelector("h2").cloneNode(true);
    const known = [...chunk.querySelectorAll(".day")].find((day) => day.dataset.day === section.dataset.day);
    if (known) {
      known.querySelector("h2").replaceWith(heading);
      if (next && known.contains(next)) next.before(card); else known.querySelector(".cards").append(card);
      return;
    }
    const day = section.cloneNode(true);
    day.querySelector(".cards").replaceChildren(card);
    if (next) next.closest(".day").before(day); else chunk.append(day);
  },

  async lookAtStates() {
    const waiting = [...timeline.querySelectorAll('.card[data-state="pending"]')].slice(0, 48);
    if (waiting.length === 0) return;
    await refreshCards(waiting.map((card) => card.dataset.id));
    // Who it was is known a moment after what it looks like.
    setTimeout(() => refreshCards(waiting.map((card) => card.dataset.id)).catch(() => {}), 1500);
  },

  async lookAtStatus() {
    const old = document.getElementById("status");
    const isOpen = old.querySelector("details")?.open;
    if (old.contains(document.activeElement) && document.activeElement !== document.body) return;
    const fresh = (await fetchPart("/system?part=status")).getElementById("status");
    if (isOpen && fresh.querySelector("details")) fresh.querySelector("details").open = true;
    old.replaceWith(fresh);
  },
};

/** The card of the timeline with this identifier; the panel may have another one of the same event. */
const listed = (id) => timeline.querySelector(`#${CSS.escape(id)}`);

/** Renders cards of the timeline again. */
async function refreshCards(ids) {
  const base = timeline.dataset.live || "/?part=new";
  const part = await fetchPart(withParameters(base, { part: "states", ids: ids.join(",") }));
  for (const card of part.querySelectorAll(".card")) {
    const known = listed(card.id);
    if (known && known.outerHTML !== card.outerHTML && !known.contains(document.activeElement)) known.replaceWith(card);
  }
}

// ---- Similar events beside the list ----

const side = {
  opener: null,
  // Raised by everything that is done with the panel: an answer that comes after the next deed is too late.
  deed: 0,

  async show(href, { focus = false, push = false, replace = false } = {}) {
    const deed = ++this.deed;
    const part = await fetchPart(withParameters(href, { part: "panel" }));
    if (deed !== this.deed) return;
    if (replace) history.replaceState(history.state, "", href);
    if (push) {
      chunks.save();
      history.pushState({ panel: true }, "", href);
    }
    const isNew = panel.hidden;
    keepingPlace(isNew ? (this.opener?.closest("#timeline .card") ?? topCard()) : null, () => {
      panel.replaceChildren(part);
      panel.hidden = false;
      panel.parentElement.classList.add("open");
    });
    panel.scrollTop = 0;
    this.cover(getComputedStyle(panel).position === "fixed");
    announce(panel.querySelector("[data-announce]")?.textContent ?? panel.querySelector(".issue")?.textContent ?? "");
    if (focus) panel.querySelector("[data-close]")?.focus({ preventScroll: true });
  },

  /** Where the panel covers the page, nothing under it can be reached. */
  cover(isCovering) {
    for (const element of [timeline, document.querySelector(".filters"), document.querySelector("header.top")]) {
      element?.toggleAttribute("inert", isCovering);
    }
  },

  /** Closes the panel; the list goes to the place `y`, or else what is seen of it stays where it is. */
  hide(y) {
    this.deed += 1;
    if (panel.hidden) return;
    const opener = this.opener;
    keepingPlace(opener?.closest("#timeline .card") ?? topCard(), () => {
      panel.hidden = true;
      panel.replaceChildren();
      panel.parentElement.classList.remove("open");
    });
    this.cover(false);
    if (y !== undefined) scrollTo({ top: y, behavior: "instant" });
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    this.opener = null;
  },

  async open(link) {
    const href = link.getAttribute("href");
    if (!panel.contains(link)) this.opener = link;
    try {
      await this.show(href, { focus: true, push: true });
    } catch {
      location.href = href;
    }
  },

  close(href) {
    chunks.save();
    history.pushState({}, "", href);
    this.hide();
  },

  start() {
    panel.addEventListener("click", (event) => {
      const close = event.target.closest("[data-close]");
      const toggle = event.target.closest("[data-panel]");
      if (!close && !toggle || isModified(event)) return;
      event.preventDefault();
      if (close) return this.close(close.getAttribute("href"));
      const href = toggle.getAttribute("href");
      this.show(href, { replace: true }).catch(() => { location.href = href; });
    });
    addEventListener("popstate", () => {
      if (new URLSearchParams(location.search).has("similar")) {
        this.show(location.pathname + location.search).catch(() => location.reload());
      } else {
        this.hide(history.state?.list?.y);
      }
    });
  },
};

const isModified = (event) => event.button > 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;

// ---- Search by a picture ----

const picture = {
  form: document.getElementById("by-picture"),

  start() {
    const input = this.form.querySelector('input[type="file"]');
    const search = document.querySelector("form.search");
    input.addEventListener("change", () => { if (input.files[0]) this.search(input.files[0]); });
    document.addEventListener("paste", (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find((item) => item.type.startsWith("image/"));
      if (file) { event.preventDefault(); this.search(file); }
    });
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      search.classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) search.classList.remove("dropping"); });
    document.addEventListener("drop", (event) => {
      search.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.search(event.dataTransfer.files[0]);
    });
  },

  /** Why a file is not even sent; undefined for one that is. */
  objection(file) {
    const limit = Number(this.form.dataset.limit);
    if (!["image/jpeg", "image/png", "image/webp"].includes(file.type)) {
      return `“${file.name}” is not a JPEG, PNG or WebP picture.`;
    }
    // A form has some bytes around the picture.
    if (file.size > limit - 2000) {
      return `“${file.name}” has ${(file.size / 1048576).toFixed(1)} MB; at most ${Math.floor(limit / 1048576)} MB are taken.`;
    }
  },

  async search(file) {
    const objection = this.objection(file);
    if (objection) return complain(objection);
    const body = new FormData();
    body.append("image", file, file.name);
    try {
      const response = await send("/search/picture?part=results", body);
      if (response.status === 401 || response.status === 403) {
        return complain("The picture was not taken. Load the page again: you may have been signed out.");
      }
      if (!response.ok) return complain(`The picture was not taken: the server answered ${response.status}.`);
      const template = document.createElement("template");
      template.innerHTML = await response.text();
      await this.show(file, template.content);
    } catch {
      complain("The picture could not be sent. Is the server still there?");
    }
  },

  async show(file, found) {
    if (timeline) chunks.save();
    const heading = document.createElement("h1");
    heading.textContent = "Search by picture";
    heading.tabIndex = -1;
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = "The picture was compared and not kept.";
    const section = document.createElement("section");
    section.setAttribute("aria-label", "By look");
    const title = document.createElement("h2");
    title.className = "hidden";
    title.textContent = "By look";
    section.append(title, found);
    const preview = await this.preview(file);
    history.pushState({ picture: true }, "");
    // Jumps within the page are no way back.
    addEventListener("popstate", () => { if (!history.state?.picture && !location.hash) location.reload(); });
    main.replaceChildren(heading, hint, ...(preview ? [preview] : []), section);
    scrollTo({ top: 0 });
    heading.focus({ preventScroll: true });
    announce(main.querySelector("[data-announce]")?.textContent ?? main.querySelector(".issue")?.textContent ?? "");
  },

  /** The picture, small; drawn, as the page's policy allows no address for it. */
  async preview(file) {
    try {
      const bitmap = await createImageBitmap(file);
      const canvas = document.createElement("canvas");
      const scale = Math.min(1, 320 / bitmap.width, 240 / bitmap.height);
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      canvas.className = "preview";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", "The picture that was searched for");
      return canvas;
    } catch { return null; }
  },
};

/** Shows what is wrong at the top of the page. */
function complain(text) {
  let issue = document.getElementById("complaint");
  if (!issue) {
    issue = document.createElement("p");
    issue.id = "complaint";
    issue.className = "issue";
    issue.setAttribute("role", "alert");
    main.prepend(issue);
  }
  issue.textContent = text;
  issue.scrollIntoView({ block: "center" });
}

// ---- Keys ----

function moveTo(step) {
  const area = panel && !panel.hidden && panel.contains(document.activeElement) ? panel : main;
  const cards = [...area.querySelectorAll(".card")].filter((card) => area === panel || !panel?.contains(card));
  if (cards.length === 0) return;
  const current = cards.indexOf(document.activeElement?.closest(".card"));
  const start = current < 0 ? cards.indexOf(topCard()) - (step > 0 ? 1 : 0) : current;
  const card = cards[Math.min(cards.length - 1, Math.max(0, start + step))];
  card.querySelector("h3 a, h2 a, a").focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => searchBox?.select(),
  j: () => moveTo(1),
  k: () => moveTo(-1),
  s: () => document.activeElement?.closest(".card")?.querySelector("[data-similar]")?.click(),
  Escape: () => panel && !panel.hidden && panel.querySelector("[data-close]")?.click(),
};

// Who speaks to the computer types letters without meaning to: the keys can be turned off.
const keySwitch = document.getElementById("keys");
let areKeysOn = true;
try { areKeysOn = localStorage.getItem("keys") !== "off"; } catch { /* Nothing may be kept: on, then. */ }
function showKeys() {
  keySwitch.hidden = false;
  keySwitch.textContent = areKeysOn ? "Turn keys off" : "Turn keys on";
}
keySwitch?.addEventListener("click", () => {
  areKeysOn = !areKeysOn;
  try { localStorage.setItem("keys", areKeysOn ? "on" : "off"); } catch { /* Until the page is left, then. */ }
  showKeys();
});
if (keySwitch) showKeys();

document.addEventListener("keydown", (event) => {
  if (!areKeysOn && event.key !== "Escape") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isTyping = event.target.closest("input, textarea, select");
  if (isTyping) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-similar]");
  if (!link || !panel || panel.classList.contains("inline") || !timeline || isModified(event)) return;
  event.preventDefault();
  side.open(link);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-retry]") || !timeline) return;
  event.preventDefault();
  const card = form.closest(".card");
  form.querySelector("button").disabled = true;
  try {
    const response = await send(form.action, new URLSearchParams(new FormData(form)));
    if (response.status >= 400) {
      complain(`Nothing was tried: the server answered ${response.status}. Load the page again.`);
      form.querySelector("button").disabled = false;
      return;
    }
    document.activeElement?.blur();
    await refreshCards([card.dataset.id]);
    announce(listed(card.id)?.querySelector(".note")?.textContent ?? "Indexed");
  } catch {
    complain("The server did not answer.");
  }
  const button = listed(card.id)?.querySelector("form[data-retry] button");
  if (button) { button.disabled = false; button.focus(); }
});

/** Offers terms for the last word that is being typed, not only for the first. */
function completeLastWord() {
  const options = [...document.querySelectorAll("#terms option")];
  const terms = options.map((option) => option.value);
  searchBox.addEventListener("input", () => {
    const start = searchBox.value.slice(0, searchBox.value.lastIndexOf(" ") + 1);
    options.forEach((option, index) => { option.value = start + terms[index]; });
  });
}

if (timeline) chunks.start();
if (timeline && panel) side.start();
if (timeline || document.body.dataset.page === "system") live.start();
if (searchBox) completeLastWord();
if (picture.form) picture.start();
