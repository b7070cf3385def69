// The events of a workshop on any wifi: reconnects with growing pauses, and looks what stands at the server when the
// page wakes. Without a stream (a proxy that holds it back) the looks go on at the same pace, so the page still follows.
import { hearNow } from "./clock";
import type { Count, IdeasChange } from "./shapes";

const PAUSES = [500, 1000, 2000, 4000, 8000];
const QUIET = 2500;
const ASLEEP = 15_000;

export interface Ears<Look> {
  /** What `state` gave: the whole answer of the server. */
  looked(look: Look): void;
  /** An event `state`; when it holds only the version, the page is looked up anew. */
  state(state: { v: number; now?: number }): void;
  count(count: Count): void;
  ideas?(change: IdeasChange): void;
  /** The server closed the stream for good; `why` is "workshop" when the workshop ended. */
  ended(why: string): void;
  /** Said once it lasts: a hiccup is nobody's business. */
  connected(is: boolean): void;
  /** The server does not know us here any more. */
  gone(): void;
}

export class Stream<Look extends object> {
  private source: EventSource | null = null;
  private failed = 0;
  private over = false;
  private next: ReturnType<typeof setTimeout> | undefined;
  private worry: ReturnType<typeof setTimeout> | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
  private hiddenAt = 0;
  private looking: Promise<boolean> | null = null;

  constructor(private readonly base: string, private readonly ears: Ears<Look>) {}

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.hiddenAt = Date.now();
      else this.wake(Date.now() - this.hiddenAt > ASLEEP);
    });
    addEventListener("pageshow", (event) => event.persisted && this.wake(true));
    addEventListener("online", () => this.wake(true));
    addEventListener("offline", () => this.lost());
    this.listen();
  }

  stop(): void {
    this.over = true;
    this.hang();
    clearTimeout(this.next);
    clearTimeout(this.worry);
    clearTimeout(this.later);
  }

  /** Look what stands at the server now; whether that worked. */
  look(): Promise<boolean> {
    this.looking ??= this.fetch().finally(() => (this.looking = null));
    return this.looking;
  }

  /** The same, not everybody at the same moment. */
  lookSoon(within = 400): void {
    if (this.later !== undefined) return;
    this.later = setTimeout(() => {
      this.later = undefined;
      void this.look();
    }, Math.random() * within);
  }

  private async fetch(): Promise<boolean> {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 10_000);
    try {
      const response = await fetch(`${this.base}state`, { redirect: "manual", cache: "no-store", signal: stop.signal });
      if (response.status === 404 || response.status === 403 || response.status === 410 || response.type === "opaqueredirect") {
        this.stop();
        this.ears.gone();
        return true;
      }
      if (!response.ok) return false;
      const look = (await response.json()) as Look & { state?: { now?: number }; now?: number };
      const now = look.state?.now ?? look.now;
      if (now) hearNow(now);
      this.ears.looked(look);
      if (this.source?.readyState === EventSource.OPEN) this.fine();
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(late);
    }
  }

  private wake(anew: boolean): void {
    if (this.over) return;
    if (!anew && this.source?.readyState === EventSource.OPEN) return;
    this.failed = 0;
    clearTimeout(this.next);
    this.hang();
    this.listen();
    void this.look();
  }

  private listen(): void {
    if (this.over) return;
    const source = new EventSource(`${this.base}events`);
    this.source = source;
    const on = <T>(name: string, act: (data: T) => void): void =>
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (this.source === source) act((event.data ? JSON.parse(event.data) : {}) as T);
      });
    source.addEventListener("open", () => {
      // What happened between two connections is not told again.
      if (this.failed) void this.look();
      this.failed = 0;
      this.fine();
    });
    on<{ v: number; now?: number }>("state", (state) => {
      if (state.now) hearNow(state.now);
      this.ears.state(state);
    });
    on<Count>("count", (count) => this.ears.count(count));
    on<IdeasChange>("ideas", (change) => this.ears.ideas?.(change));
    on<{ why?: string }>("ended", ({ why }) => {
      this.stop();
      this.ears.ended(why ?? "");
    });
    on("resync", () => this.lookSoon());
    source.addEventListener("error", () => this.source === source && this.lost());
  }

  private fine(): void {
    clearTimeout(this.worry);
    this.worry = undefined;
    this.ears.connected(true);
  }

  private lost(): void {
    if (this.over) return;
    this.hang();
    this.worry ??= setTimeout(() => this.ears.connected(false), QUIET);
    const pause = PAUSES[Math.min(this.failed, PAUSES.length - 1)] ?? 8000;
    this.failed += 1;
    clearTimeout(this.next);
    this.next = setTimeout(() => {
      this.listen();
      void this.look();
    }, pause * (0.75 + Math.random() / 2));
  }

  private hang(): void {
    this.source?.close();
    this.source = null;
  }
}
