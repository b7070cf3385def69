// What was typed and is not yet acknowledged, kept in this browser for its writer alone.
import type { Sent } from "./values";

export type Draft = { base: number; value: Sent; at: number };

const KEEP = 30 * 86_400_000;
const prefix = (): string => `koers:draft:${document.body.dataset["user"] ?? ""}:`;

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
