// What was typed and is not yet acknowledged, kept in this browser for its writer alone.
import type { Sent } from "./values";

export type Draft = { base: number; value: Sent; at: number };

const KEEP = 30 * 86_400_000;
const prefix = (): string => `koers:draft:${document.body.dataset["user"] ?? ""}:`;

const PERSON = "koers:person";

/** Note who is signed in, so that pages in other tabs learn that somebody signed in again. */
export function arrive(): void {
  const person = document.body.dataset["user"];
  if (!person) return;
  try {
    localStorage.setItem(PERSON, `${person} ${Date.now()}`);
  } catch {
    // Storage is closed: the other pages try again by themselves.
  }
}

/** Call back when the writer of this page signs in in another tab. */
export function onReturn(back: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === PERSON && event.newValue?.split(" ")[0] === document.body.dataset["user"]) back();
  });
}

/** Whether somebody else signed in in this browser since: nothing of this page may be sent in their name. */
export function isTakenOver(): boolean {
  try {
    const last = localStorage.getItem(PERSON)?.split(" ")[0];
    return last !== undefined && last !== document.body.dataset["user"];
  } catch {
    return false;
  }
}

export class Drafts {
  constructor(private readonly workbook: string) {}

  private name(field: string, base: number): string {
    return `${prefix()}${this.workbook}:${field}:${base}`;
  }

  keep(field: string, base: number, value: Sent): boolean {
    try {
      localStorage.setItem(this.name(field, base), JSON.stringify({ base, value, at: Date.now() } satisfies Draft));
      return true;
    } catch {
      return false;
    }
  }

  drop(field: string): void {
    for (const name of this.names(field)) localStorage.removeItem(name);
  }

  /** The newest draft of a field. */
  of(field: string): Draft | null {
    let newest: Draft | null = null;
    for (const name of this.names(field)) {
      try {
        const draft = JSON.parse(localStorage.getItem(name) ?? "null") as Draft | null;
        if (!draft || Date.now() - draft.at > KEEP) localStorage.removeItem(name);
        else if (!newest || draft.at > newest.at) newest = draft;
      } catch {
        localStorage.removeItem(name);
      }
    }
    return newest;
  }

  private names(field: string): string[] {
    const start = `${prefix()}${this.workbook}:${field}:`;
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(start) && WHOLE.test(name.slice(start.length)));
    } catch {
      return [];
    }
  }
}

const WHOLE = /^\d+$/;
