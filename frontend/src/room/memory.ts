// What this tab must not lose: answers that still have to be sent, and those that were given. It goes with the tab.
import type { Raw } from "../live/shapes";

export type Deed =
  | { deed: "vote"; question: string; ballot: number; value: Raw }
  | { deed: "idea"; text: string }
  | { deed: "unidea"; id: number }
  | { deed: "points"; points: Record<string, number> }
  | { deed: "leave" };

interface Kept {
  waiting: Deed[];
  given: Record<string, Raw>;
  ideas: Record<string, string>;
}

export const placeOf = (question: string, ballot: number): string => `${question}|${ballot}`;

export class Memory {
  private kept: Kept = { waiting: [], given: {}, ideas: {} };

  constructor(private readonly key: string) {
    try {
      Object.assign(this.kept, JSON.parse(sessionStorage.getItem(key) ?? "{}"));
    } catch {
      // Storage is closed or holds something else: this page remembers by itself.
    }
  }

  get waiting(): Deed[] {
    return this.kept.waiting;
  }

  set waiting(waiting: Deed[]) {
    this.kept.waiting = waiting;
    this.write();
  }

  given(place: string): Raw | undefined {
    return this.kept.given[place];
  }

  give(place: string, value: Raw): void {
    this.kept.given[place] = value;
    this.write();
  }

  idea(id: number): string | undefined {
    return this.kept.ideas[id];
  }

  keepIdea(id: number, text: string): void {
    if (this.kept.ideas[id] === text) return;
    this.kept.ideas[id] = text;
    this.write();
  }

  forget(): void {
    this.kept = { waiting: [], given: {}, ideas: {} };
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // There was nothing.
    }
  }

  private write(): void {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      // Full or closed.
    }
  }
}
