// A section page: its fields, the sum of percentages, and what other people do meanwhile.
import { all, announce, fragment, make, one } from "./dom";
import { Drafts, onReturn } from "./drafts";
import { Field, type Page, type Standing } from "./field";
import { draftQuote } from "./panel";
import { Present } from "./presence";
import { look, post } from "./sending";
import { tell } from "./state";
import { numberOf } from "./values";
import { decimal, say } from "./words";

const QUIET = 20_000;
const HIDDEN_FOR = 30_000;

type Saved = { fields: Record<string, number>; by: string; now?: Record<string, Omit<Standing, "revision">> };
type Look = { round: number; closed: boolean; fields: Record<string, Standing & { standing: string; threads: number }> };

const named = (): string => Math.random().toString(36).slice(2, 12).padEnd(10, "0");

class SectionPage implements Page {
  readonly saveUrl: string;
  readonly drafts: Drafts;
  readonly tab = named();
  round: number;
  private readonly fields = new Map<string, Field>();
  private readonly present: Present;
  private spokenAt = 0;
  private stream: EventSource | null = null;
  private wasOpen = false;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private heading: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(private readonly root: HTMLElement) {
    this.saveUrl = root.dataset["save"] ?? "";
    this.round = Number(root.dataset["round"] ?? 1);
    this.drafts = new Drafts(root.dataset["workbook"] ?? "", this.tab);
    this.present = new Present(root, this.tab);
    for (const element of all("[data-field]", root)) this.add(element);
    this.sums();
    root.addEventListener("koers:changed", () => this.sums());
    root.addEventListener("click", (event) => this.pressed(event));
    one("form[data-autosave]", root)?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.flush();
    });
    document.addEventListener("koers:done", () => this.headLater());
    addEventListener("online", () => this.again());
    addEventListener("focus", () => this.again());
    onReturn(() => {
      this.listen();
      this.again();
    });
    addEventListener("pagehide", () => this.leave());
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

  private leave(): void {
    this.flush();
    for (const field of this.fields.values()) field.keepNow();
  }

  private again(): void {
    for (const field of this.fields.values()) field.again();
  }

  /** For a screen reader: that it was saved, but not every time. */
  quietly(words: string): void {
    if (Date.now() - this.spokenAt < QUIET && Date.now() >= this.spokenAt) return;
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

  // Buttons at a field

  private pressed(event: Event): void {
    const target = event.target as Element;
    const button = target.closest<HTMLButtonElement>("button[form=settle-form], button[data-mark]");
    const place = target.closest<HTMLElement>("[data-field]");
    const talk = target.closest<HTMLAnchorElement>("a[data-talk]");
    if (talk && place) draftQuote(talk, this.fields.get(place.dataset["field"] ?? "")?.selected || getSelection()?.toString() || "");
    if (!button?.form || !place) return;
    event.preventDefault();
    void this.submit(button, place);
  }

  private async submit(button: HTMLButtonElement, place: HTMLElement): Promise<void> {
    const form = button.form;
    if (!form) return;
    const body = new URLSearchParams([[button.name, button.value]]);
    const response = await post(form.action, body, { "X-Requested-With": "fetch" }).catch(() => null);
    if (response?.ok) {
      if (button.dataset["mark"]) this.mark(place, button.dataset["mark"]);
      return;
    }
    const reply = (await response?.json().catch(() => null)) as { error?: string } | null;
    tell(place, "problem", reply?.error ?? say("notDone"));
  }

  private mark(place: HTMLElement, standing: string): void {
    place.dataset["standing"] = standing;
    for (const each of all("[data-mark]", place)) each.setAttribute("aria-pressed", String(each.dataset["mark"] === standing));
  }

  // Other people

  private listen(): void {
    const { events: url, section } = this.root.dataset;
    if (!url || this.stream || this.over) return;
    const stream = new EventSource(`${url}?section=${encodeURIComponent(section ?? "")}&tab=${this.tab}`);
    this.stream = stream;
    const on = <T>(name: string, act: (data: T) => void): void =>
      stream.addEventListener(name, (event: MessageEvent<string>) => act(JSON.parse(event.data) as T));
    stream.addEventListener("open", () => {
      // Between the drawing of the page and this moment somebody may have saved.
      void this.resync(this.wasOpen ? "" : this.root.dataset["tag"]);
      this.wasOpen = true;
      this.again();
    });
    on<Saved>("saved", (saved) => this.saved(saved));
    on<Parameters<Present["show"]>[0]>("presence", (roster) => this.present.show(roster));
    on<{ fields: Record<string, string> }>("standing", ({ fields }) => {
      for (const [key, standing] of Object.entries(fields)) {
        const place = this.place(key);
        if (place) this.mark(place, standing);
      }
    });
    on<{ section: string; field: string }>("talk", ({ section: where, field }) => {
      if (!field && where === section) this.headLater();
      if (field && this.place(field)) void this.renewParts(field);
      document.dispatchEvent(new CustomEvent("koers:talk"));
    });
    on<{ round: number; closed: boolean }>("round", (round) => this.roundChanged(round.round, round.closed));
    stream.addEventListener("news", () => document.dispatchEvent(new CustomEvent("koers:news")));
    on<{ abilities: string[] }>("rights", ({ abilities }) => {
      if (this.fields.size && !abilities.includes("answer")) this.readOnly();
    });
    stream.addEventListener("resync", () => void this.resync());
    for (const ending of ["revoked", "closed"]) stream.addEventListener(ending, () => this.shut());
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
    this.present.alone();
  }

  private shut(): void {
    this.over = true;
    this.hang();
    for (const field of this.fields.values()) field.close(say("revoked"));
    this.notice("error", say("revoked"));
  }

  /** Her role was lowered: what she reads goes on, what she writes does not. */
  private readOnly(): void {
    for (const field of this.fields.values()) field.close(say("readOnly"));
    this.notice("warning", say("readOnly"), make("a", { href: location.pathname }, say("openAgain")));
  }

  private notice(kind: string, words: string, ...more: HTMLElement[]): void {
    one(".document > .notice[data-live]", this.root)?.remove();
    const line = make("p", { class: `notice ${kind}`, role: kind === "error" ? "alert" : "status", "data-live": "" }, make("span", {}, words, ...more.flatMap((each) => [" ", each])));
    one(".document", this.root)?.prepend(line);
  }

  private roundChanged(round: number, closed: boolean): void {
    if (closed ? this.root.dataset["closed"] !== undefined : round === this.round) return;
    const again = make("a", { href: location.pathname }, say("openAgain"));
    this.notice("warning", say(closed ? "roundClosed" : "roundStarted", { round }), again);
    if (closed) return;
    if ([...this.fields.values()].every((field) => field.isClean)) this.round = round;
    for (const field of this.fields.values()) field.roundStarted(round);
  }

  /** A page that nobody looks at keeps no connection: browsers allow only a few at once. */
  private seen(visible: boolean): void {
    clearTimeout(this.closing);
    if (visible) {
      this.listen();
      this.again();
    } else {
      this.leave();
      this.closing = setTimeout(() => this.hang(), HIDDEN_FOR);
    }
  }

  private place(key: string): HTMLElement | null {
    return one(`[data-field="${CSS.escape(key)}"]`, this.root);
  }

  private saved({ fields, by, now }: Saved): void {
    let missing = false;
    for (const [key, revision] of Object.entries(fields)) {
      const told = now?.[key];
      if (!this.place(key)) continue;
      if (told) this.elsewhere(key, { ...told, revision, by: told.by || by });
      else if (revision > Number(this.place(key)?.dataset["revision"])) missing = true;
    }
    // Not everybody at the same moment.
    if (missing) {
      clearTimeout(this.looking);
      this.looking = setTimeout(() => void this.resync(), 50 + Math.random() * 250);
    }
  }

  private elsewhere(key: string, standing: Standing): void {
    const field = this.fields.get(key);
    if (field) field.changedElsewhere(standing);
    else if (standing.revision > Number(this.place(key)?.dataset["revision"] ?? 0)) void this.renew(key, standing.by);
    this.sums();
  }

  redraw(field: Field): void {
    void this.renewParts(field.key);
  }

  private async fresh(key: string): Promise<HTMLElement | null> {
    const response = await look(`${this.root.dataset["fieldUrl"]}?key=${encodeURIComponent(key)}`);
    return response && fragment(await response.text());
  }

  /** What only the server draws of a field: its conflicts, how many talk about it. The inputs stay as they are. */
  private async renewParts(key: string): Promise<void> {
    const [fresh, old] = [await this.fresh(key), this.place(key)];
    if (!fresh || !old) return;
    for (const part of ["[data-conflict-list]", "[data-tools]"]) {
      const [now, before] = [one(part, fresh), one(part, old)];
      if (now && before && now.innerHTML !== before.innerHTML) before.replaceChildren(...Array.from(now.childNodes));
    }
    for (const name of ["conflicts", "threads", "standing"]) old.dataset[name] = fresh.dataset[name] ?? "";
    if (old.dataset["conflicts"] !== "0") announce(one(".conflict-head", old)?.textContent ?? "");
  }

  private headLater(): void {
    clearTimeout(this.heading);
    this.heading = setTimeout(() => void this.renewHead(), 500 + Math.random() * 250);
  }

  /** What stands around the fields: who takes the section and by when, how many talk about it, the stretch. */
  private async renewHead(): Promise<void> {
    const response = await look(location.pathname);
    if (!response) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of ["[data-owner]", "[data-section-tools]", "nav.stretch"]) {
      const [now, before] = [one(part, fresh), one(part, this.root)];
      if (!now || !before || now.innerHTML === before.innerHTML) continue;
      const held = all("a", before).findIndex((each) => each === document.activeElement);
      before.replaceChildren(...Array.from(now.childNodes));
      all("a", before)[held]?.focus();
    }
  }

  /** The whole field, for a page that only reads. */
  private async renew(key: string, by: string): Promise<void> {
    const [fresh, old] = [await this.fresh(key), this.place(key)];
    if (!fresh || !old || this.fields.has(key) || Number(fresh.dataset["revision"]) < Number(old.dataset["revision"])) return;
    old.replaceWith(fresh);
    fresh.classList.add("is-fresh");
    tell(fresh, "told", say("updated", { name: by || say("somebody") }));
    this.sums();
  }

  /** Events were missed: look what stands at the server now. */
  private async resync(unless = ""): Promise<void> {
    const response = await look(`${this.root.dataset["stateUrl"]}${unless && `?unless=${unless}`}`);
    if (response?.status !== 200) return;
    const now = (await response.json()) as Look;
    this.roundChanged(now.round, now.closed);
    for (const [key, standing] of Object.entries(now.fields)) {
      const place = this.place(key);
      if (!place) continue;
      this.elsewhere(key, standing);
      this.mark(place, standing.standing);
      const counts = [standing.conflicts, standing.threads].map(String);
      if (counts.join() !== [place.dataset["conflicts"], place.dataset["threads"]].join()) void this.renewParts(key);
    }
  }
}

export function workbook(): void {
  const root = one("[data-workbook]");
  if (root && one("[data-field]", root)) new SectionPage(root);
}
