// The page of a measurement: it looks again when somebody answered, or something was agreed.
import { all, one } from "./dom";
import { look } from "./sending";

const GROUPED = 1_500;
const HIDDEN_FOR = 30_000;

class MeasurementPage {
  private stream: EventSource | null = null;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(private readonly root: HTMLElement) {
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
    addEventListener("pageshow", (event) => event.persisted && this.later());
    this.listen();
  }

  private listen(): void {
    const { events, measurement } = this.root.dataset;
    if (!events || this.stream || this.over) return;
    const stream = new EventSource(events);
    this.stream = stream;
    stream.addEventListener("measurement", (event: MessageEvent<string>) => {
      const told = JSON.parse(event.data) as { measurement: string };
      if (!measurement || told.measurement === measurement) this.later();
    });
    stream.addEventListener("news", () => document.dispatchEvent(new CustomEvent("koers:news")));
    stream.addEventListener("resync", () => this.later());
    for (const ending of ["revoked", "signed-out"]) {
      stream.addEventListener(ending, () => {
        this.over = true;
        this.hang();
      });
    }
  }

  private hang(): void {
    this.stream?.close();
    this.stream = null;
  }

  private seen(visible: boolean): void {
    clearTimeout(this.closing);
    if (!visible) {
      this.closing = setTimeout(() => this.hang(), HIDDEN_FOR);
      return;
    }
    if (!this.stream) this.later();
    this.listen();
  }

  private later(): void {
    this.looking ??= setTimeout(() => void this.renew(), GROUPED + Math.random() * 500);
  }

  /** The parts that count are drawn anew, but for one in which somebody is busy; what is unfolded stays so. */
  private async renew(): Promise<void> {
    this.looking = undefined;
    const response = await look(location.href);
    if (!response || new URL(response.url).pathname !== location.pathname) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const now of all("[data-part]", fresh)) {
      const before = one(`[data-part="${now.dataset["part"]}"]`, this.root);
      if (!before || before.innerHTML === now.innerHTML || before.contains(document.activeElement)) continue;
      const open = new Set(all<HTMLDetailsElement>("details[id][open]", before).map((each) => each.id));
      for (const each of all<HTMLDetailsElement>("details[id]", now)) each.open = open.has(each.id);
      before.replaceChildren(...Array.from(now.childNodes));
    }
  }
}

export function measuring(): void {
  const root = one("[data-measuring]");
  if (root) new MeasurementPage(root);
}
