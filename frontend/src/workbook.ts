// A section page: its fields, the sum of percentages, and what other people do meanwhile.
import { all, announce, fragment, make, one } from "./dom";
import { Drafts, onReturn } from "./drafts";
import { Field, type Page } from "./field";
import { numberOf } from "./values";
import { decimal, say } from "./words";

const QUIET = 20_000;
const HIDDEN_FOR = 30_000;

class SectionPage implements Page {
  readonly saveUrl: string;
  readonly drafts: Drafts;
  private readonly fields = new Map<string, Field>();
  private readonly fieldUrl: string;
  private spokenAt = 0;
  private stream: EventSource | null = null;
  private wasOpen = false;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(private readonly root: HTMLElement) {
    this.saveUrl = root.dataset["save"] ?? "";
    this.fieldUrl = root.dataset["fieldUrl"] ?? "";
    this.drafts = new Drafts(root.dataset["workbook"] ?? "");
    for (const element of all("[data-field]", root)) this.add(element);
    this.sums();
    root.addEventListener("koers:changed", () => this.sums());
    one("form[data-autosave]", root)?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.flush();
    });
    addEventListener("online", () => this.again());
    addEventListener("focus", () => this.again());
    onReturn(() => {
      this.listen();
      this.again();
    });
    addEventListener("pagehide", () => this.flush());
    addEventListener("beforeunload", (event) => {
      this.flush();
      if ([...this.fields.values()].some((field) => field.isAtRisk)) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
    addEventListener("pageshow", (event) => event.persisted && void this.resync());
    this.listen();
  }

  private add(element: HTMLElement): void {
    // A reader's page has no inputs.
    if (!one("input, textarea", element)) return;
    this.fields.set(element.dataset["field"] ?? "", new Field(element, this));
  }

  private flush(): void {
    for (const field of this.fields.values()) field.flush();
  }

  private again(): void {
    for (const field of this.fields.values()) field.again();
  }

  /** For a screen reader: that it was saved, but not every time. */
  quietly(words: string): void {
    if (Date.now() - this.spokenAt < QUIET) return;
    this.spokenAt = Date.now();
    announce(words);
  }

  // Percentages that must add up

  private sums(): void {
    for (const block of all("[data-total]", this.root)) {
      const line = one("[data-sum]", block);
      const inputs = all<HTMLInputElement>("[data-percent]", block);
      if (!line || !inputs.length) continue;
      const given = inputs.map((input) => numberOf(input.value)).filter((each) => typeof each === "number");
      const sum = Math.round(100 * given.reduce((total, each) => total + each, 0)) / 100;
      const rest = Math.round(100 * (Number(block.dataset["total"]) - sum)) / 100;
      const words = !given.length ? "" : rest === 0 ? say("sumRight") : say(rest > 0 ? "sumLess" : "sumMore", { sum: decimal(sum), rest: decimal(Math.abs(rest)) });
      line.classList.toggle("fits", rest === 0);
      if (words && line.textContent !== words) line.textContent = words;
    }
  }

  // Other people

  private listen(): void {
    const url = this.root.dataset["events"];
    if (!url || this.stream || this.over) return;
    const stream = new EventSource(url);
    this.stream = stream;
    stream.addEventListener("open", () => {
      if (this.wasOpen) void this.resync();
      this.wasOpen = true;
      this.again();
    });
    stream.addEventListener("saved", (event: MessageEvent<string>) => {
      const { fields, by } = JSON.parse(event.data) as { fields: Record<string, number>; by: string };
      for (const [key, revision] of Object.entries(fields)) this.elsewhere(key, revision, by);
    });
    stream.addEventListener("resync", () => void this.resync());
    stream.addEventListener("revoked", () => {
      this.over = true;
      this.hang();
      for (const field of this.fields.values()) field.close(say("revoked"));
      one(".document", this.root)?.prepend(make("p", { class: "notice error", role: "alert" }, make("span", {}, say("revoked"))));
      announce(say("revoked"));
    });
    // The next save says so, with a way to sign in; whoever does goes on here.
    stream.addEventListener("signed-out", () => this.hang());
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) {
        this.hang();
        setTimeout(() => !document.hidden && this.listen(), 60_000);
      }
    });
  }

  private hang(): void {
    this.stream?.close();
    this.stream = null;
  }

  /** A page that nobody looks at keeps no connection: browsers allow only a few at once. */
  private seen(visible: boolean): void {
    clearTimeout(this.closing);
    if (visible) {
      this.listen();
      this.again();
    } else {
      this.flush();
      this.closing = setTimeout(() => this.hang(), HIDDEN_FOR);
    }
  }

  private elsewhere(key: string, revision: number, by: string): void {
    const field = this.fields.get(key);
    if (field) field.changedElsewhere(revision, by);
    else if (one(`[data-field="${CSS.escape(key)}"]`, this.root)) void this.renew(key, by);
  }

  refresh(field: Field, by: string): void {
    void this.renew(field.key, by);
  }

  private async renew(key: string, by: string): Promise<void> {
    const response = await fetch(`${this.fieldUrl}?key=${encodeURIComponent(key)}`, { redirect: "manual" }).catch(() => null);
    if (!response?.ok) return;
    const fresh = fragment(await response.text());
    const old = one(`[data-field="${CSS.escape(key)}"]`, this.root);
    if (!fresh || !old || Number(fresh.dataset["revision"]) < Number(old.dataset["revision"])) return;
    const field = this.fields.get(key);
    // Somebody may have begun to write while it came in.
    if (field && (!field.isClean || old.contains(document.activeElement))) return;
    field?.leave();
    old.replaceWith(fresh);
    this.add(fresh);
    fresh.classList.add("is-fresh");
    const state = one("[data-state]", fresh);
    if (state) {
      state.dataset["tone"] = "told";
      state.textContent = say("updated", { name: by || say("somebody") });
    }
    this.sums();
  }

  /** Events were missed: compare the revisions of this page with those of now. */
  private async resync(): Promise<void> {
    const response = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
    if (!response?.ok) return;
    const now = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const fresh of all("[data-field]", now)) {
      const key = fresh.dataset["field"] ?? "";
      const shown = Number(one(`[data-field="${CSS.escape(key)}"]`, this.root)?.dataset["revision"] ?? 0);
      const revision = Number(fresh.dataset["revision"] ?? 0);
      if (revision > shown) this.elsewhere(key, revision, "");
    }
  }
}

export function workbook(): void {
  const root = one("[data-workbook]");
  if (root && one("[data-field]", root)) new SectionPage(root);
}
