// What a participant does, sent one after the other. What could not be sent waits, and goes when the connection is back.
import type { Mine, State } from "../live/shapes";
import { ask } from "../sending";
import type { Deed, Memory } from "./memory";

const PAUSES = [1000, 2000, 4000, 8000, 15_000];

export interface Reply {
  mine?: Mine | null;
  state?: State;
  error?: string;
}

export interface Heard {
  done(deed: Deed, reply: Reply): void;
  /** The vote, or the step, is over: it can no longer be given. */
  late(deed: Deed, reply: Reply): void;
  refused(deed: Deed, reply: Reply): void;
  gone(): void;
  /** Something waits, or nothing does. */
  changed(): void;
}

const sameKind = (one: Deed, other: Deed): boolean =>
  one.deed === other.deed &&
  (one.deed === "points" || (one.deed === "vote" && other.deed === "vote" && one.question === other.question && one.ballot === other.ballot));

export class Outbox {
  /** How often the first one failed: above zero, the page says so. */
  failed = 0;
  private busy = false;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly url: string, private readonly memory: Memory, private readonly heard: Heard) {
    addEventListener("online", () => this.hurry());
    addEventListener("pageshow", () => this.hurry());
    document.addEventListener("visibilitychange", () => !document.hidden && this.hurry());
  }

  put(deed: Deed): void {
    // A later vote replaces the one that waits; the one under way is left alone.
    const [first, ...rest] = this.memory.waiting;
    const kept = first && this.busy ? [first, ...rest.filter((each) => !sameKind(each, deed))] : this.memory.waiting.filter((each) => !sameKind(each, deed));
    this.memory.waiting = [...kept, deed];
    this.heard.changed();
    void this.flush();
  }

  /** The vote that waits to be sent. */
  vote(question: string, ballot: number): Extract<Deed, { deed: "vote" }> | undefined {
    return this.memory.waiting.findLast((each) => each.deed === "vote" && each.question === question && each.ballot === ballot) as
      | Extract<Deed, { deed: "vote" }>
      | undefined;
  }

  waits(kind: Deed["deed"]): Deed[] {
    return this.memory.waiting.filter((each) => each.deed === kind);
  }

  hurry(): void {
    clearTimeout(this.again);
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.busy) return;
    clearTimeout(this.again);
    this.busy = true;
    try {
      for (let deed = this.memory.waiting[0]; deed; deed = this.memory.waiting[0]) {
        const { status, reply } = await ask<Reply>(this.url, JSON.stringify(deed));
        if (!this.settle(deed, status, reply as Reply)) return;
      }
    } finally {
      this.busy = false;
    }
  }

  /** Whether the next one can go. */
  private settle(deed: Deed, status: number, reply: Reply): boolean {
    if (status === 0 || status >= 500 || status === 429 || status === 408) {
      const pause = PAUSES[Math.min(this.failed, PAUSES.length - 1)] ?? 15_000;
      this.failed += 1;
      this.again = setTimeout(() => void this.flush(), pause * (0.75 + Math.random() / 2));
      this.heard.changed();
      return false;
    }
    this.failed = 0;
    this.memory.waiting = this.memory.waiting.slice(1);
    if (status === 404) this.heard.gone();
    else if (status === 409) this.heard.late(deed, reply);
    else if (status === 200) this.heard.done(deed, reply);
    else this.heard.refused(deed, reply);
    this.heard.changed();
    return status !== 404;
  }
}
