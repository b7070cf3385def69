// The timer of a step: counts down by the clock of the server, turns warm near the end, and never stops anybody.
import { button, make } from "../dom";
import { clockText, isPaused, secondsLeft } from "../live/clock";
import { say } from "../live/words";
import type { Act, HostState } from "./state";

const WARM = 120;
const MINUTE = 60;

export class Clock {
  private state: HostState | null = null;
  private drawn = "";
  private readonly time = make("span", { class: "clock-time", role: "timer", "aria-live": "off" });
  private readonly words = make("span", { class: "clock-words" });
  private readonly tools = make("span", { class: "clock-tools" });

  constructor(private readonly root: HTMLElement, private readonly act: Act) {
    setInterval(() => this.tick(), 250);
  }

  take(state: HostState): void {
    this.state = state;
    const shows = state.status === "open" && state.step !== null;
    const mode = !shows ? "" : state.timer === null ? "none" : isPaused(state.timer) ? "paused" : "runs";
    if (mode !== this.drawn) {
      this.drawn = mode;
      this.root.replaceChildren(...(shows ? [this.time, this.words, this.tools] : []));
      this.tools.replaceChildren(...this.buttons(mode));
    }
    this.tick();
  }

  private buttons(mode: string): HTMLElement[] {
    const quiet = "button quiet small";
    if (mode === "none") {
      return [button(say("timerStart"), quiet, () => void this.act("timer", { seconds: MINUTE * (this.state?.step?.minutes || 5) }))];
    }
    const more = (): void => void this.act("timer", { seconds: Math.max(0, secondsLeft(this.state?.timer ?? null) ?? 0) + MINUTE });
    return [
      mode === "paused"
        ? button(say("timerResume"), quiet, () => void this.act("resume"))
        : button(say("timerPause"), quiet, () => void this.act("pause")),
      button(say("timerMore"), quiet, more),
    ];
  }

  private tick(): void {
    const timer = this.state?.timer ?? null;
    const left = secondsLeft(timer);
    const over = left !== null && left <= 0;
    const text = left === null ? "–:––" : over ? `+${clockText(-left)}` : clockText(left);
    if (this.time.textContent !== text) this.time.textContent = text;
    const tone = left === null ? "none" : over ? "over" : left <= WARM ? "warm" : "calm";
    if (this.root.dataset["tone"] !== tone) this.root.dataset["tone"] = tone;
    const said = left === null ? say("timerNone") : isPaused(timer) ? say("timerPaused") : over ? say("timerOver") : say("timerLeft");
    if (this.words.textContent !== said) this.words.textContent = said;
  }
}
