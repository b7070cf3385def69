// One field of a section page: what it holds, and its way to the server. See docs/architecture.md, “The page and the save”.
import { offerChoice } from "./choice";
import { all, announce, button, childrenOf, make, one } from "./dom";
import { type Draft, type Drafts, isTakenOver } from "./drafts";
import type { Writer } from "./editor";
import { Rows } from "./lists";
import { offerEditor } from "./opening";
import { ask } from "./sending";
import { type Problem, refuse, settle, tell } from "./state";
import { type Answer, asSent, read, type Sent, write } from "./values";
import { clock, say } from "./words";

const PAUSE = 500;
// Who goes on typing is read by the others too.
const LONGEST_PAUSE = 1_500;
const LONGEST_WAIT = 60_000;

/** What stands at the server, as a save, an event or a look there tells it. */
export type Standing = { revision: number; value: Answer | null; by: string; at: string; conflicts: number };
type Reply = Standing & { state: string; round: number; merged?: boolean; yours?: Answer | null; error?: string };
type Trouble = "" | "network" | "refused" | "choice" | "signed-out" | "round" | "closed";

/** What a field needs of its page. */
export interface Page {
  readonly saveUrl: string;
  readonly drafts: Drafts;
  readonly tab: string;
  round: number;
  quietly(words: string): void;
  /** The parts of a field that only the server draws: conflicts, counts. */
  redraw(field: Field): void;
}

export class Field {
  readonly key: string;
  readonly kind: string;
  private base: number;
  /** The text that stands at the server under `base`, for a rich text. */
  private known: string;
  /** What this page shows of `base`, when that is not the same: what it does not show it must not remove. */
  private seen: Sent | undefined;
  private reading: { of: string; as: string } | null = null;
  private version = 0;
  private savedVersion = 0;
  private since = 0;
  private sending = false;
  private trouble: Trouble = "";
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private writer: Writer | null = null;
  private opening: Promise<void> | null = null;
  private readonly rows: Rows | null = null;
  private later: Standing | null = null;
  /** Drafts of earlier pages that could not be sent yet. */
  private readonly apart: Draft[] = [];
  private readonly box: HTMLElement | null;

  constructor(readonly root: HTMLElement, private readonly page: Page) {
    this.key = root.dataset["field"] ?? "";
    this.kind = root.dataset["kind"] ?? "";
    this.base = Number(root.dataset["revision"] ?? 0);
    this.box = one("[data-rich]", root);
    this.known = one("[data-rich-html]", root)?.innerHTML ?? "";
    const items = one("[data-items]", root);
    if (items) this.rows = new Rows(items, () => this.changed());
    if (!this.box) this.seen = read(root);
    root.addEventListener("input", (event) => {
      if (!this.box?.contains(event.target as Node)) this.edited(event.target as HTMLInputElement);
    });
    root.addEventListener("focusout", (event) => {
      if (!root.contains(event.relatedTarget as Node | null)) this.flush();
    });
    one("[data-clear]", root)?.addEventListener("click", () => {
      for (const input of all<HTMLInputElement>("input:checked", root)) input.checked = false;
      one<HTMLInputElement>("input[type=radio]", root)?.focus();
      this.changed();
    });
    if (this.box) offerEditor(root, this.box, () => this.openEditor().then(() => this.writer), () => this.writer);
    void page.drafts.of(this.key).then((drafts) => this.restore(drafts));
  }

  get isClean(): boolean {
    return this.version === this.savedVersion && !this.sending && !this.trouble;
  }

  /** Whether leaving the page now needs a question: what is pending but sendable is sent on the way out. */
  get isAtRisk(): boolean {
    return this.trouble !== "" && this.version !== this.savedVersion;
  }

  /** The words that are selected in it, to talk about. */
  get selected(): string {
    return this.writer?.selected() ?? "";
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
    if (this.version === this.savedVersion) this.since = Date.now();
    this.version += 1;
    if (this.trouble === "refused") this.settle();
    // Who types without a pause is kept as well.
    this.keeping ??= setTimeout(() => this.keep(), 200);
    if (this.trouble === "choice" || this.trouble === "closed") return;
    // What is only right as a whole waits until it is left.
    if (this.root.dataset["patient"] !== undefined && this.root.contains(document.activeElement)) tell(this.root, "busy", say("unsaved"));
    else if (!this.trouble) {
      tell(this.root, "busy", say("unsaved"));
      const waited = Date.now() - this.since;
      // A clock that was set back must not hold a save.
      this.plan(waited < 0 ? PAUSE : Math.max(0, Math.min(PAUSE, LONGEST_PAUSE - waited)));
    }
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

  private draft(): Draft {
    const seen = this.shown();
    return {
      field: this.key, base: this.base, value: this.value(), round: this.page.round, at: Date.now(), tab: this.page.tab,
      ...(seen === undefined ? {} : { seen }),
    };
  }

  /** What this page made of the text from which it started, if it could not show all of it. */
  private shown(): Sent | undefined {
    if (!this.writer || this.seen !== undefined) return this.seen;
    if (this.reading?.of !== this.known) this.reading = { of: this.known, as: this.writer.reading(this.known) };
    return this.reading.as === this.known ? undefined : this.reading.as;
  }

  private keep(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    if (this.version === this.savedVersion) return;
    void this.page.drafts.keep(this.draft()).then((kept) => {
      if (!kept && this.version !== this.savedVersion) this.problem(say("notKept"));
    });
  }

  /** The page goes: keep what was not acknowledged, without waiting. */
  keepNow(): void {
    if (this.version !== this.savedVersion) this.page.drafts.keepNow(this.draft());
  }

  /** What an earlier page left unsent: older drafts go straight to the server, the newest is shown first. */
  private async restore(drafts: Draft[]): Promise<void> {
    for (const draft of drafts) {
      if (!(await this.page.drafts.claim(draft))) continue;
      if (this.box) await this.openEditor();
      if ((this.box && !this.writer) || this.version !== this.savedVersion) {
        await this.sendApart(draft);
        continue;
      }
      this.put(draft.value);
      this.base = draft.base;
      this.seen = draft.seen;
      this.version += 1;
      const words = say("restored", { time: clock(new Date(draft.at)) });
      tell(this.root, "told", words);
      announce(words);
      await this.send(draft.round);
    }
  }

  /** A draft that cannot be shown here now: it is merged at the server, and comes back from there. */
  private async sendApart(draft: Draft): Promise<void> {
    const { field, base, value, seen, round } = draft;
    const body = JSON.stringify({ field, base, value, round, ...(seen === undefined ? {} : { seen }) });
    const { status, reply } = await ask<Reply>(this.page.saveUrl, body);
    if (status !== 200 || reply.revision === undefined) {
      this.apart.push(draft);
      return;
    }
    void this.page.drafts.drop(this.key, draft.at);
    this.changedElsewhere(reply as Reply);
  }

  // The editor

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
      this.writer = mount(box, this.known, label, box.getAttribute("aria-describedby") ?? "", () => this.changed());
      for (const name of ["role", "tabindex", "aria-multiline", "aria-labelledby", "aria-describedby"]) box.removeAttribute(name);
    } catch {
      // A failed load is never an empty save: without an editor there is nothing to send.
      tell(this.root, "problem", say("editorFailed"), button(say("retry"), "as-link", () => box.focus()));
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
    for (const draft of this.apart.splice(0)) void this.sendApart(draft);
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
    if (this.version !== this.savedVersion) tell(this.root, "problem", words);
  }

  private async send(round = this.page.round): Promise<void> {
    if (this.sending || this.trouble === "closed") return;
    this.keep();
    const [version, value, at] = [this.version, this.value(), Date.now()];
    if (isTakenOver()) return this.failed(401, {}, round);
    const seen = this.shown();
    const body = JSON.stringify({ field: this.key, base: this.base, value, round, ...(seen === undefined ? {} : { seen }) });
    const marker = this.writer?.mark() ?? null;
    this.sending = true;
    if (!this.trouble) tell(this.root, "busy", say("saving"));
    const { status, reply } = await ask<Reply>(this.page.saveUrl, body);
    this.sending = false;
    if (status === 200 && reply.revision !== undefined) {
      this.take(reply as Reply, value, version, marker);
      this.accepted(reply as Reply, version, at);
    } else this.failed(status, reply, round);
    if (marker) this.writer?.release(marker);
    const { later } = this;
    if (!later || this.trouble) return;
    this.later = null;
    this.changedElsewhere(later);
  }

  private accepted(reply: Reply, version: number, at: number): void {
    this.attempts = 0;
    this.trouble = "";
    this.savedVersion = version;
    this.settle();
    void this.page.drafts.drop(this.key, at);
    if (this.version === version) {
      tell(this.root, "saved", reply.state || say("saved", { time: clock(new Date(reply.at)) }));
      this.page.quietly(say("saved", { time: clock(new Date(reply.at)) }));
    } else {
      this.since = Date.now();
      this.keep();
      this.plan(PAUSE / 2);
    }
  }

  private failed(status: number, reply: Partial<Reply>, round: number): void {
    const retry = (): HTMLElement => button(say("retry"), "as-link", () => this.again());
    if (status === 401) {
      this.trouble = "signed-out";
      const link = make("a", { href: document.body.dataset["signIn"] ?? "/", target: "_blank", rel: "noopener" }, say("signIn"));
      this.problem(reply.error ?? say("signedOut"), link, retry());
    } else if (status === 409 && reply.revision !== undefined) {
      this.choose(reply as Reply);
    } else if (status === 423 && reply.round !== undefined) {
      this.roundClosed(reply as Reply, round);
    } else if (status === 422 || status === 413 || (status === 400 && reply.error)) {
      this.trouble = "refused";
      refuse(this.root, reply.error ?? say("failed"));
    } else if ((status === 403 || status === 404) && reply.error) {
      // Rights may come back, a token may be renewed: what was typed waits.
      this.trouble = "signed-out";
      this.problem(reply.error, retry());
    } else {
      this.trouble = "network";
      this.attempts += 1;
      this.problem(say(status === 0 ? "offline" : "failed"), retry());
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.attempts);
      this.plan(wait * (0.75 + Math.random() / 2));
    }
  }

  /** The round of this page is over: what was typed can go along to the present one, if there is one. */
  private roundClosed(reply: Reply, round: number): void {
    this.trouble = "round";
    this.problem(`${reply.error} ${say("keptHere")}`, ...(reply.round === round ? [] : [this.along(reply.round)]));
  }

  /** The next round has begun: what waits here may go there. */
  roundStarted(round: number): void {
    if (this.trouble === "round") this.problem(`${say("roundStarted", { round })} ${say("keptHere")}`, this.along(round));
  }

  private along(round: number): HTMLElement {
    return button(say("takeAlong", { round }), "as-link", () => {
      this.trouble = "";
      this.page.round = round;
      void this.send();
    });
  }

  private problem(words: string, ...more: HTMLElement[]): void {
    tell(this.root, "problem" satisfies Problem, words, ...more);
  }

  private settle(): void {
    if (this.trouble === "refused") this.trouble = "";
    settle(this.root);
  }

  // Several people, one field

  /** What stands at the server now becomes what this page starts from. */
  private rebase(standing: Standing): void {
    this.base = standing.revision;
    this.root.dataset["revision"] = String(standing.revision);
    this.root.classList.toggle("is-empty", standing.value === null);
    const hidden = one<HTMLInputElement>(`input[name="${CSS.escape(`${this.key}:base`)}"]`, this.root);
    if (hidden) hidden.value = String(standing.revision);
    if (standing.conflicts !== Number(this.root.dataset["conflicts"] ?? 0)) this.page.redraw(this);
  }

  /** After a save: bring in what others wrote meanwhile, around what was typed since. */
  private take(reply: Reply, sent: Sent, version: number, marker: ReturnType<Writer["mark"]> | null): void {
    const now = asSent(this.kind, reply.value);
    if (this.writer) {
      this.seen = undefined;
      const mine = String(asSent(this.kind, reply.yours ?? null));
      if (reply.merged && marker && !this.writer.receive(marker, mine, String(now))) {
        if (this.version === version) this.writer.set(String(now));
        else this.seen = sent;
      }
      this.known = String(now);
    } else if (reply.merged && this.version === version) {
      this.put(now);
      this.seen = read(this.root);
    } else this.seen = sent;
    this.rebase(reply);
  }

  /** Somebody else saved this field. */
  changedElsewhere(standing: Standing): void {
    if (standing.revision <= this.base) {
      if (standing.revision === this.base) this.rebase(standing);
      return;
    }
    if (!this.isClean) {
      this.later = standing;
      // What was typed goes to the server, which merges; the answer brings theirs.
      if (!this.trouble) this.flush();
      return;
    }
    const now = asSent(this.kind, standing.value);
    if (this.writer) {
      const marker = this.writer.mark();
      if (!this.writer.receive(marker, this.known, String(now))) this.writer.set(String(now));
      this.writer.release(marker);
    } else if (this.box) one("[data-rich-html]", this.box)?.replaceChildren(...childrenOf(String(now)));
    else this.put(now);
    this.known = String(now);
    this.seen = this.box ? undefined : read(this.root);
    this.rebase(standing);
    this.root.classList.remove("is-fresh");
    void this.root.offsetWidth;
    this.root.classList.add("is-fresh");
    tell(this.root, "told", say("updated", { name: standing.by || say("somebody") }));
  }

  /** The server does not know what this page started from: both texts are shown, and somebody chooses. */
  private choose(reply: Reply): void {
    this.trouble = "choice";
    this.keep();
    offerChoice(this.root, this.kind, reply.by || say("somebody"), this.value(), asSent(this.kind, reply.value), (value, send) => {
      this.trouble = "";
      this.later = null;
      this.known = String(asSent(this.kind, reply.value) ?? "");
      this.seen = undefined;
      this.rebase(reply);
      if (value !== undefined) this.put(value);
      if (send) {
        this.version += 1;
        this.keep();
        this.plan(value === undefined ? 0 : PAUSE);
        tell(this.root, value === undefined ? "busy" : "told", say(value === undefined ? "saving" : "combined"));
      } else {
        this.savedVersion = this.version;
        void this.page.drafts.drop(this.key);
        tell(this.root, "saved", reply.state);
      }
    });
  }

  /** The field goes: another takes its place. */
  leave(): void {
    clearTimeout(this.timer);
    clearTimeout(this.keeping);
    this.writer?.destroy();
  }
}
