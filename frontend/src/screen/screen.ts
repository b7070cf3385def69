// The projector: follows the room, loses its connection quietly and comes back by itself.
import { make, one } from "../dom";
import { keepTime } from "../live/clock";
import { type State, withChange } from "../live/shapes";
import { Stream } from "../live/stream";
import { pick, say } from "../live/words";
import { fit } from "./fit";
import { countOf, sceneOf } from "./scenes";

const keyOf = (state: State): string =>
  JSON.stringify([state.status, state.step?.id, state.phase, state.question?.key, state.ballot, state.spread, state.consensus, state.ideas]);

export class Projector {
  private state: State | null = null;
  private drawn = "";
  private over = false;
  private still: ReturnType<typeof setTimeout> | undefined;
  private readonly stage = one("[data-stage]") ?? document.body;
  private readonly stream: Stream<State>;
  private readonly showTime: () => void;

  constructor(base: string) {
    this.stream = new Stream<State>(base, {
      looked: (state) => this.show(state),
      state: (state) => ("status" in state ? this.show(state as State) : this.stream.lookSoon(0)),
      count: ({ v, joined, voted }) => {
        if (!this.state) return;
        if (v > this.state.v) this.stream.lookSoon(150);
        if (v === this.state.v) {
          Object.assign(this.state, { joined, voted });
          this.counts();
        }
      },
      ideas: (change) => {
        if (this.state && change.v === this.state.v) this.show({ ...this.state, ideas: withChange(this.state.ideas, change) });
        else this.stream.lookSoon(150);
      },
      ended: (why) => (why === "workshop" && this.state ? this.show({ ...this.state, status: "ended", timer: null }) : this.gone()),
      connected: (is) => {
        const sign = one("[data-offline]");
        if (sign) sign.hidden = is;
      },
      gone: () => this.gone(),
    });
    this.showTime = keepTime(() => this.state);
    new ResizeObserver(() => this.draw()).observe(this.stage);
    void document.fonts?.ready.then(() => this.draw());
    this.tools();
  }

  start(): void {
    this.stream.start();
    void this.stream.look();
  }

  private show(state: State): void {
    if (this.state && state.v < this.state.v) return;
    this.state = state;
    const key = keyOf(state);
    if (key !== this.drawn) {
      this.drawn = key;
      this.head(state);
      this.draw();
    }
    this.counts();
  }

  /** Anew, for the room that there is. */
  private draw(): void {
    if (!this.state || this.over) return;
    this.stage.replaceChildren(sceneOf(this.state));
    this.counts();
    this.showTime();
    fit(this.stage);
  }

  private head(state: State): void {
    const { step, question } = state;
    const where = one("[data-where]");
    const part = question ? `${pick(question.dimension) || pick(step?.title)}${question.of > 1 ? ` · ${say("questionOf", { index: question.index, of: question.of })}` : ""}` : state.title;
    if (where) where.textContent = part;
    // In a break the clock is the scene itself.
    const timer = one(".screen-timer");
    timer?.toggleAttribute("data-timer", step?.kind !== "break");
    if (timer && step?.kind === "break") timer.hidden = true;
    const door = state.status === "planned" || !step || step.kind === "welcome";
    const corner = one("[data-corner]");
    if (corner) corner.hidden = door || state.status === "ended" || !state.door;
    const { position = 0, count = 0 } = (state.status === "open" && step) || {};
    one("[data-route]")?.replaceChildren(...Array.from({ length: count }, (_each, at) => make("span", { class: at + 1 < position ? "done" : at + 1 === position ? "here" : "" })));
  }

  private counts(): void {
    const line = one("[data-count]");
    const words = this.state ? countOf(this.state) : "";
    if (line && line.textContent !== words) line.textContent = words;
  }

  private gone(): void {
    if (this.state?.status === "ended") return;
    this.over = true;
    this.stage.replaceChildren(make("section", { class: "scene is-plain" }, make("h1", {}, say("deadLink")), make("p", {}, say("deadLinkWhy"))));
    for (const each of ["[data-corner]", ".screen-timer", "[data-offline]"]) {
      const part = one(each);
      if (part) part.hidden = true;
    }
    fit(this.stage);
  }

  private tools(): void {
    const full = one("[data-full]");
    if (full && !document.fullscreenEnabled) full.hidden = true;
    full?.addEventListener("click", () => void document.documentElement.requestFullscreen().catch(() => undefined));
    addEventListener("pointermove", () => {
      document.body.classList.add("is-moving");
      clearTimeout(this.still);
      this.still = setTimeout(() => document.body.classList.remove("is-moving"), 2500);
    });
  }
}
