// The pages of a questionnaire: each answer saves itself, and is kept in this browser until it is saved.
// The entry of those pages; who has a personal link has no account, so nothing of app.ts belongs there.
import "./icon.svg";
import { all, announce, one, toast } from "./dom";
import { Drafts } from "./drafts";
import { Field, type Page } from "./field";
import { page } from "./page";
import { numberOf } from "./values";
import { decimal, say } from "./words";

const QUIET = 20_000;

class Questionnaire implements Page {
  readonly saveUrl: string;
  readonly drafts: Drafts;
  readonly tab = Math.random().toString(36).slice(2, 12).padEnd(10, "0");
  round = 1;
  private readonly fields: Field[];
  private spokenAt = -QUIET;

  constructor(root: HTMLElement) {
    this.saveUrl = root.dataset["save"] ?? "";
    this.drafts = new Drafts(root.dataset["book"] ?? "", this.tab);
    this.fields = all("[data-field]", root).map((element) => new Field(element, this));
    root.addEventListener("koers:changed", (event) => this.sum(event.target as HTMLElement));
    root.addEventListener("input", (event) => this.sum((event.target as Element).closest<HTMLElement>("[data-field]")));
    one<HTMLFormElement>("form[data-answers]", root)?.addEventListener("submit", (event) => {
      // Without a connection the next page cannot be shown: what was answered is kept here meanwhile.
      if (navigator.onLine !== false) return;
      event.preventDefault();
      toast(say("offline"));
    });
    addEventListener("online", () => this.again());
    addEventListener("focus", () => this.again());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.again()));
    addEventListener("beforeunload", () => this.flush());
  }

  quietly(words: string): void {
    if (performance.now() - this.spokenAt < QUIET) return;
    this.spokenAt = performance.now();
    announce(words);
  }

  redraw(): void {
    // One person answers: the server draws nothing that the page does not know.
  }

  private flush(): void {
    for (const field of this.fields) field.flush();
  }

  private leave(): void {
    this.flush();
    for (const field of this.fields) field.keepNow();
  }

  private again(): void {
    for (const field of this.fields) field.again();
  }

  /** Shares that must add up. */
  private sum(field: HTMLElement | null): void {
    const line = field && one("[data-sum]", field);
    if (!line) return;
    const given = all<HTMLInputElement>("[data-share]", field).map((input) => numberOf(input.value)).filter((each) => typeof each === "number");
    const sum = Math.round(100 * given.reduce((total, each) => total + each, 0)) / 100;
    const rest = Math.round(100 * (Number(line.dataset["total"]) - sum)) / 100;
    line.classList.toggle("fits", rest === 0);
    line.textContent = rest === 0 ? say("sumRight") : say(rest > 0 ? "sumLess" : "sumMore", { sum: decimal(sum), rest: decimal(Math.abs(rest)) });
  }
}

page();
const root = one("[data-answering]");
if (root) new Questionnaire(root);
