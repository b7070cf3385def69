// Deeds go out, states come in: over the stream of the live pages, which breaks now and then and comes back.
import { hearNow } from "../live/clock";
import type { Count } from "../live/shapes";
import { Stream } from "../live/stream";
import { post } from "../sending";
import type { HostState } from "./state";

export type Done = { ok: boolean; status: number; error: string };
type Reply = Partial<HostState> & { error?: string; state?: HostState };

type Hears = {
  state(state: HostState): void;
  count(count: Count): void;
  line(isOpen: boolean): void;
  gone(): void;
};

export class Link {
  private readonly stream: Stream<HostState>;
  private version = 0;
  private ideas = -1;

  constructor(private readonly base: string, private readonly hears: Hears) {
    this.stream = new Stream<HostState>(base, {
      looked: (state) => state.v >= this.version && this.take(state),
      state: () => this.stream.lookSoon(),
      count: (count) => this.counted(count),
      ended: () => void this.stream.look(),
      connected: (is) => this.hears.line(is),
      gone: () => this.hears.gone(),
    });
  }

  start(version: number): void {
    this.version = version;
    this.stream.start();
  }

  private take(state: HostState): void {
    this.version = state.v;
    this.hears.state(state);
  }

  private counted(count: Count): void {
    if (count.v !== this.version) return this.stream.lookSoon();
    this.hears.count(count);
    if (this.ideas >= 0 && this.ideas !== count.ideas) this.stream.lookSoon();
    this.ideas = count.ideas;
  }

  /** The state that comes back is shown, also when somebody else was first. */
  async act(deed: string, more: Record<string, unknown>): Promise<Done> {
    const body = JSON.stringify({ v: this.version, deed, ...more });
    const response = await post(`${this.base}do`, body, { Accept: "application/json" }).catch(() => null);
    if (!response || response.status === 0) return { ok: false, status: 0, error: "" };
    if (response.status === 401 || response.status === 403) this.hears.gone();
    const reply = (await response.json().catch(() => ({}))) as Reply;
    const state = response.ok ? (reply as HostState) : reply.state;
    if (state?.agenda) {
      hearNow(state.now);
      this.take(state);
    }
    return { ok: response.ok, status: response.status, error: reply.error ?? "" };
  }
}
