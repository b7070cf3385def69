// One field of a section page: what it holds, and its way to the server. See docs/architecture.md, “The page and the save”.
import { all, announce, button, inert, make, one } from "./dom";
import { type Draft, type Drafts, isTakenOver } from "./drafts";
import type { Writer } from "./editor";
import { Rows } from "./lists";
import { type Answer, asSent, combine, describe, read, type Sent, write } from "./values";
import { clock, say } from "./words";

const PAUSE = 800;
const LONGEST_WAIT = 60_000;
const KEEPALIVE_LIMIT = 30_000;

type Reply = { revision: number; value: Answer | null; by: string; at: string; state: string; stale?: boolean; error?: string };
type Trouble = "" | "network" | "refused" | "conflict" | "signed-out" | "closed";
type Tone = "saved" | "busy" | "problem" | "told";

/** What a field needs of its page. */
export interface Page {
  readonly saveUrl: string;
  readonly drafts: Drafts;
  quietly(words: string): void;
  refresh(field: Field, by: string): void;
}

const described = (input: HTMLElement): string[] => input.getAttribute("aria-describedby")?.split(" ") ?? [];

export function token(): string {
  // Signing in again in another tab gives a new token: the cookie has it.
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.body.dataset["csrf"] ?? "";
}

export class Field {
  readonly key: string;
  readonly kind: string;
  private base: number;
  private version = 0;
  private savedVersion = 0;
  private sending = false;
  private trouble: Trouble = "";
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private writer: Writer | null = null;
  private opening: Promise<void> | null = null;
  private readonly rows: Rows | null = null;
  private theirs: { revision: number; by: string } | null = null;
  private readonly state: HTMLElement;
  private readonly box: HTMLElement | null;

  constructor(readonly root: HTMLElement, private readonly page: Page) {
    this.key = root.dataset["field"] ?? "";
    this.kind = root.dataset["kind"] ?? "";
    this.base = Number(root.dataset["revision"] ?? 0);
    this.state = one("[data-state]", root)!;
    this.box = one("[data-rich]", root);
    const items = one("[data-items]", root);
    if (items) this.rows = new Rows(items, () => this.changed());
    root.addEventListener("input", (event) => {
      if (!this.box?.contains(event.target as Node)) this.edited(event.target as HTMLInputElement);
    });
    root.addEventListener("focusout", (event) => {
      if (root.contains(event.relatedTarget as Node | null)) return;
      this.flush();
      if (this.theirs && this.isClean) this.page.refresh(this, this.theirs.by);
    });
    one("[data-clear]", root)?.addEventListener("click", () => {
      for (const input of all<HTMLInputElement>("input:checked", root)) input.checked = false;
      one<HTMLInputElement>("input[type=radio]", root)?.focus();
      this.changed();
    });
    if (this.box) this.offerEditor(this.box);
    const draft = page.drafts.of(this.key);
    if (draft) void this.restore(draft);
  }

  get isClean(): boolean {
    return this.version === this.savedVersion && !this.sending && !this.trouble;
  }

  /** Whether leaving the page now needs a question: what is pending but sendable is sent on the way out. */
  get isAtRisk(): boolean {
    return this.trouble !== "" && this.version !== this.savedVersion;
  }

  private get hasFocus(): boolean {
    return this.root.contains(document.activeElement);
  }

  // What is typed

  private edited(input: HTMLInputElement): void {
    if (input.type === "checkbox" && input.checked) {
      // “I do not know” stands alone.
      const alone = input.dataset["alone"] !== undefined;
      for (const other of all<HTMLInputElement>("input[type=checkbox]:checked", this.root)) {
        if (other !== input && (alone || other.dataset["alone"] !== undefined)) other.checked = false;
      }
    }
    this.changed();
  }

  private changed(): void {
    this.version += 1;
    if (this.trouble === "refused") this.settle();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), 200);
    if (this.trouble === "conflict" || this.trouble === "closed") return;
    if (!this.trouble) this.tell("busy", say("unsaved"));
    this.plan(PAUSE);
    this.root.dispatchEvent(new CustomEvent("koers:changed", { bubbles: true }));
  }

  private value(): Sent {
    return this.box ? (this.writer?.html() ?? "") : read(this.root);
  }

  private put(value: Sent): void {
    if (this.writer) this.writer.set(String(value ?? ""));
    else if (!this.box) write(this.root, value, (count) => this.rows?.exactly(count) ?? []);
    this.root.dispatchEvent(new CustomEvent("koers:changed", { bubbles: true }));
  }

  private keep(): void {
    clearTimeout(this.keeping);
    if (this.version !== this.savedVersion) this.page.drafts.keep(this.key, this.base, this.value());
  }

  private async restore(draft: Draft): Promise<void> {
    if (this.box) await this.openEditor();
    if (this.box && !this.writer) return;
    if (JSON.stringify(this.value()) === JSON.stringify(draft.value)) {
      this.page.drafts.drop(this.key);
      return;
    }
    this.put(draft.value);
    this.base = draft.base;
    this.version += 1;
    const words = say("restored", { time: clock(new Date(draft.at)) });
    this.tell("told", words);
    announce(words);
    await this.send();
  }

  // The editor

  private offerEditor(box: HTMLElement): void {
    let typed = "";
    let clicked: { left: number; top: number } | undefined;
    box.addEventListener("pointerdown", (event) => {
      clicked = { left: event.clientX, top: event.clientY };
    });
    box.addEventListener("focus", async () => {
      if (this.writer) return;
      await this.openEditor();
      if (!this.writer) return;
      // Only if nobody went elsewhere while it loaded.
      if (this.hasFocus || document.activeElement === document.body) {
        (this.writer as Writer).focus(clicked);
        if (typed) (this.writer as Writer).type(typed);
      }
      typed = "";
    });
    box.addEventListener("keydown", (event) => {
      if (this.writer || event.target !== box || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      typed += event.key;
      event.preventDefault();
    });
    one(`label[for]`, this.root)?.addEventListener("click", (event) => {
      event.preventDefault();
      if (this.writer) this.writer.focus();
      else box.focus();
    });
  }

  private openEditor(): Promise<void> {
    this.opening ??= this.mountEditor().finally(() => (this.opening = null));
    return this.opening;
  }

  private async mountEditor(): Promise<void> {
    const box = this.box;
    if (!box || this.writer) return;
    try {
      const { mount } = await import("./editor");
      const label = one(".field-label", this.root)?.textContent ?? "";
      const html = one("[data-rich-html]", box)?.innerHTML ?? "";
      this.writer = mount(box, html, label, box.getAttribute("aria-describedby") ?? "", () => this.changed());
      for (const name of ["role", "tabindex", "aria-multiline", "aria-labelledby", "aria-describedby"]) box.removeAttribute(name);
    } catch {
      // A failed load is never an empty save: without an editor there is nothing to send.
      this.tell("problem", say("editorFailed"), button(say("retry"), "as-link", () => box.focus()));
    }
  }

  // The way to the server

  private plan(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), delay);
  }

  /** Send what is pending now rather than after the pause. */
  flush(): void {
    if (this.version === this.savedVersion || this.sending) return;
    if (this.trouble && this.trouble !== "network") return;
    clearTimeout(this.timer);
    void this.send();
  }

  /** Try again: the connection, or the session, may be back. */
  again(): void {
    if (this.trouble === "network" || this.trouble === "signed-out") {
      this.trouble = "";
      this.flush();
    }
  }

  /** Nothing can be saved any more; what was typed stays in this browser. */
  close(words: string): void {
    this.trouble = "closed";
    clearTimeout(this.timer);
    this.keep();
    if (this.version !== this.savedVersion) this.tell("problem", words);
  }

  private async send(): Promise<void> {
    if (this.sending || this.trouble === "closed") return;
    this.keep();
    if (isTakenOver()) return this.answer(401, {}, this.version);
    const version = this.version;
    const value = this.value();
    const body = JSON.stringify({ field: this.key, base: this.base, value });
    this.sending = true;
    if (!this.trouble) this.tell("busy", say("saving"));
    let status = 0;
    let reply: Partial<Reply> = {};
    try {
      const response = await this.post(body);
      status = response.status;
      reply = response.headers.get("content-type")?.includes("json") ? ((await response.json()) as Reply) : {};
    } catch {
      status = 0;
    }
    this.sending = false;
    this.answer(status, reply, version);
    if (this.theirs && this.theirs.revision <= this.base) this.theirs = null;
    if (this.theirs && this.isClean && !this.hasFocus) this.page.refresh(this, this.theirs.by);
  }

  private async post(body: string): Promise<Response> {
    const request: RequestInit = {
      method: "POST",
      body,
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    };
    if (body.length > KEEPALIVE_LIMIT) return fetch(this.page.saveUrl, request);
    try {
      return await fetch(this.page.saveUrl, { ...request, keepalive: true });
    } catch (error) {
      // Browsers bound what may outlive a page; when that is full, an ordinary request still goes.
      if (navigator.onLine === false) throw error;
      return fetch(this.page.saveUrl, request);
    }
  }

  private answer(status: number, reply: Partial<Reply>, version: number): void {
    if (status === 200 && reply.revision !== undefined) return this.accepted(reply as Reply, version);
    if (status === 409 && reply.revision !== undefined) return this.conflicted(reply as Reply);
    const kept = reply.error ?? say("failed");
    if (status === 401) {
      this.trouble = "signed-out";
      const link = make("a", { href: document.body.dataset["signIn"] ?? "/", target: "_blank", rel: "noopener" }, say("signIn"));
      this.problem(reply.error ?? say("signedOut"), link, button(say("retry"), "as-link", () => this.again()));
    } else if (status === 422 || status === 413 || (status === 400 && reply.error)) {
      this.trouble = "refused";
      this.refuse(kept);
    } else if ((status === 403 || status === 404) && reply.error) {
      // Rights may come back, a token may be renewed: what was typed waits.
      this.trouble = "signed-out";
      this.problem(reply.error, button(say("retry"), "as-link", () => this.again()));
    } else {
      this.trouble = "network";
      this.attempts += 1;
      this.problem(say(status === 0 ? "offline" : "failed"), button(say("retry"), "as-link", () => this.again()));
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.attempts);
      this.plan(wait * (0.75 + Math.random() / 2));
    }
  }

  private accepted(reply: Reply, version: number): void {
    this.attempts = 0;
    this.trouble = "";
    this.rebase(reply.revision);
    this.savedVersion = version;
    this.settle();
    this.page.drafts.drop(this.key);
    if (this.version === version) {
      this.tell("saved", reply.state || say("saved", { time: clock(new Date(reply.at)) }));
      this.page.quietly(say("saved", { time: clock(new Date(reply.at)) }));
    } else {
      this.keep();
      this.plan(PAUSE / 2);
    }
  }

  private rebase(revision: number): void {
    this.base = revision;
    this.root.dataset["revision"] = String(revision);
    const hidden = one<HTMLInputElement>(`input[name="${CSS.escape(`${this.key}:base`)}"]`, this.root);
    if (hidden) hidden.value = String(revision);
  }

  // What is said at the field

  private tell(tone: Tone, words: string, ...more: HTMLElement[]): void {
    this.state.dataset["tone"] = tone;
    this.state.replaceChildren(words, ...more.flatMap((each) => [" ", each]));
  }

  private problem(words: string, ...more: HTMLElement[]): void {
    if (this.state.textContent?.startsWith(words)) return;
    this.tell("problem", words, ...more);
    announce(words);
  }

  private refuse(words: string): void {
    this.tell("problem", "");
    const id = `${this.root.id}-e`;
    let line = document.getElementById(id);
    if (!line) {
      line = make("p", { class: "field-error", id });
      this.state.before(line);
    }
    line.textContent = words;
    for (const input of this.targets()) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-errormessage", id);
      input.setAttribute("aria-describedby", [...described(input).filter((each) => each !== id), id].join(" "));
    }
    announce(words);
  }

  private settle(): void {
    if (this.trouble === "refused") this.trouble = "";
    const id = `${this.root.id}-e`;
    document.getElementById(id)?.remove();
    for (const input of this.targets()) {
      const left = described(input).filter((each) => each !== id);
      if (left.length) input.setAttribute("aria-describedby", left.join(" "));
      else input.removeAttribute("aria-describedby");
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-errormessage");
    }
  }

  private targets(): HTMLElement[] {
    return all("[contenteditable=true], input:not([type=hidden]), textarea:not(.no-js)", this.root);
  }

  // Two people, one field

  /** Somebody else saved this field. */
  changedElsewhere(revision: number, by: string): void {
    if (revision <= this.base) return;
    this.theirs = { revision, by };
    if (this.sending) return;
    if (this.isClean && !this.hasFocus) this.page.refresh(this, by);
    else if (this.trouble !== "conflict") this.tell("told", say("alsoChanged", { name: by || say("somebody") }));
  }

  private conflicted(reply: Reply): void {
    this.trouble = "conflict";
    this.keep();
    const name = reply.by || say("somebody");
    const mine = this.value();
    const theirs = asSent(this.kind, reply.value);
    const both = combine(this.kind, mine, theirs);
    const id = `${this.root.id}-c`;
    const done = (value: Sent | undefined, send: boolean): void => {
      panel.remove();
      this.trouble = "";
      this.theirs = null;
      this.rebase(reply.revision);
      if (value !== undefined) this.put(value);
      if (send) {
        this.version += 1;
        this.page.drafts.drop(this.key);
        this.keep();
        this.plan(value === undefined ? 0 : PAUSE);
        this.tell(value === undefined ? "busy" : "told", value === undefined ? say("saving") : say("combined"));
      } else {
        clearTimeout(this.keeping);
        this.savedVersion = this.version;
        this.page.drafts.drop(this.key);
        this.tell("saved", reply.state);
      }
      (this.writer ? one("[contenteditable=true]", this.root) : this.targets()[0])?.focus();
    };
    const panel = make(
      "div",
      { class: "conflict", role: "group", "aria-labelledby": `${id}-t`, tabindex: "-1" },
      make("p", { id: `${id}-t`, class: "conflict-head" }, say("conflict", { name })),
      make(
        "div",
        { class: "conflict-sides" },
        this.side(say("mine"), mine),
        this.side(say("theirs", { name }), theirs),
      ),
      make(
        "div",
        { class: "actions" },
        button(say("keepMine"), "button small", () => done(undefined, true)),
        button(say("takeTheirs"), "button small quiet", () => done(theirs, false)),
        both === undefined ? null : button(say("combine"), "button small quiet", () => done(both, true)),
      ),
    );
    one(".conflict", this.root)?.remove();
    this.tell("problem", "");
    this.state.before(panel);
    panel.scrollIntoView({ block: "nearest" });
    announce(say("conflict", { name }));
  }

  private side(title: string, value: Sent): HTMLElement {
    const body = make("div", { class: "prose" });
    if (this.box) {
      body.append(...Array.from(inert(String(value ?? "")).childNodes));
    } else {
      body.append(...describe(this.root, value).map((line) => make("p", {}, line)));
    }
    if (!body.textContent?.trim()) body.replaceChildren(make("p", { class: "soft" }, say("empty")));
    return make("section", { class: "conflict-side" }, make("h3", {}, title), body);
  }

  /** The field goes: another takes its place. */
  leave(): void {
    clearTimeout(this.timer);
    clearTimeout(this.keeping);
    this.writer?.destroy();
  }
}
