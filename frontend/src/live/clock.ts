// The timer, by the clock of the server: a phone's own may be minutes off.
import type { State, Timer } from "./shapes";
import { say } from "./words";

let offset: number | undefined;

/** What the server's clock says now. The smallest delay that was seen gives the best guess. */
export function hearNow(now: number): void {
  const heard = now - Date.now();
  // A phone that slept may have had its own clock set.
  if (offset === undefined || heard > offset || offset - heard > 30_000) offset = heard;
}

export const serverNow = (): number => Date.now() + (offset ?? 0);

/** Seconds to go; negative once it is over; null without a timer. */
export function secondsLeft(timer: Timer | null): number | null {
  if (!timer) return null;
  return timer.ends === null ? timer.left : Math.ceil((timer.ends - serverNow()) / 1000);
}

export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (each: number): string => String(each).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export const isPaused = (timer: Timer | null): boolean => timer !== null && timer.ends === null;

/** Keep the elements with `data-timer` up to date, until the page goes. */
export function keepTime(state: () => State | null): () => void {
  const show = (): void => {
    const timer = state()?.timer ?? null;
    const left = secondsLeft(timer);
    for (const each of document.querySelectorAll<HTMLElement>("[data-timer]")) {
      const text = left === null ? "" : left <= 0 ? say("timeUp") : clockText(left);
      if (each.textContent !== text) each.textContent = text;
      each.hidden = left === null;
      each.toggleAttribute("data-over", left !== null && left <= 0);
      each.toggleAttribute("data-soon", left !== null && left > 0 && left <= 30);
      each.toggleAttribute("data-paused", isPaused(timer));
    }
  };
  setInterval(show, 250);
  return show;
}
