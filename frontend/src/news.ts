// How much news is unread, at the bell in the head of every page.
import { one } from "./dom";
import { look } from "./sending";

const EVERY = 120_000;
const MOST = 99;

export function news(): void {
  const bell = one<HTMLAnchorElement>("a.bell[data-news]");
  const count = bell && one("[data-unread]", bell);
  if (!bell || !count) return;
  const name = bell.title;
  let at = 0;

  const ask = async (): Promise<void> => {
    if (document.hidden || navigator.onLine === false) return;
    at = Date.now();
    const response = await look(bell.dataset["news"] ?? "");
    const { unread = 0 } = ((await response?.json().catch(() => null)) ?? {}) as { unread?: number };
    if (!response) return;
    count.textContent = unread > MOST ? `${MOST}+` : String(unread);
    count.hidden = !unread;
    if (unread) bell.setAttribute("aria-label", `${name}: ${count.textContent}`);
    else bell.removeAttribute("aria-label");
  };

  void ask();
  setInterval(() => void ask(), EVERY);
  // A page that is looked at again does not wait for its turn.
  document.addEventListener("visibilitychange", () => Math.abs(Date.now() - at) > EVERY && void ask());
  document.addEventListener("koers:news", () => void ask());
}
