// A page that the service worker kept: it says so, and is kept up to date with what is saved and seen on it.
import { all, make, one } from "./dom";
import { say } from "./words";

const PAUSE = 1500;
const LOOK = 15_000;

const isCopy = (): boolean => document.body.dataset["copyFrom"] !== undefined;

/** When it was, with the day when that was not today. */
function moment(at: Date): string {
  const day = at.toDateString() === new Date().toDateString() ? {} : ({ day: "numeric", month: "long" } as const);
  return at.toLocaleString(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit" });
}

async function isReachable(): Promise<boolean> {
  const response = await fetch("/health/", { cache: "no-store" }).catch(() => null);
  return response?.ok ?? false;
}

/** On a page that is a copy: put in what was seen later, and say of when it is. Before anything reads the fields. */
export function showCopy(): void {
  if (!isCopy()) return;
  for (const template of all<HTMLTemplateElement>("template[data-copy-field]")) {
    const fresh = one("[data-field]", template.content);
    const shown = fresh && one(`[data-field="${CSS.escape(fresh.dataset["field"] ?? "")}"]`);
    if (shown && Number(fresh.dataset["revision"]) > Number(shown.dataset["revision"])) shown.replaceWith(fresh);
    template.remove();
  }
  const words = make("span", {}, say("copyFrom", { time: moment(new Date(document.body.dataset["copyFrom"] ?? "")) }));
  const line = make("div", { class: "notice warning copy-notice", role: "status" }, words);
  one("#main > *")?.prepend(line);
  const look = async (): Promise<void> => {
    if (!(await isReachable())) return;
    clearInterval(looking);
    removeEventListener("online", look);
    words.replaceChildren(say("copyBack"), " ", make("a", { href: location.pathname }, say("copyRenew")));
  };
  const looking = setInterval(look, LOOK);
  addEventListener("online", look);
}

/** Let the copy of this section follow what is saved, or changed by others, while it is open. */
export function followCopy(): void {
  const root = one("[data-workbook][data-field-url]");
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!root || !workers) return;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const follow = (node: Node): void => {
    const key = node instanceof HTMLElement && node.dataset["field"];
    if (!key) return;
    clearTimeout(waiting.get(key));
    waiting.set(key, setTimeout(() => {
      waiting.delete(key);
      workers.controller?.postMessage({ refresh: `${root.dataset["fieldUrl"]}?key=${encodeURIComponent(key)}` });
    }, PAUSE));
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) (type === "attributes" ? [target] : [...addedNodes]).forEach(follow);
  }).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-revision"] });
}
