// On any page: text of this person that still waits in this browser, so that nothing is forgotten.
import { all, button, fragment, inert, make, one, toast } from "./dom";
import { discard, isTakenOver, type Waiting, waiting } from "./drafts";
import { read } from "./values";
import { say } from "./words";

const GRACE = 2500;
const MOST = 20;

const sectionOf = (draft: Waiting): string => draft.field.split("/")[0] ?? "";
const addressOf = (draft: Waiting): string => `/w/${draft.workbook}/s/${encodeURIComponent(sectionOf(draft))}/`;
const isHere = (draft: Waiting): boolean => location.pathname === addressOf(draft);

type Standing = "waits" | "stands" | "closed" | "unreachable";

const bare = (html: string): string => inert(html, ["href"]).innerHTML.replace(/\s+/g, " ").trim();

/** Whether what was typed stands at the server after all: it may have been sent as its page closed. */
async function standing(draft: Waiting): Promise<Standing> {
  const asked = `/w/${draft.workbook}/field/?key=${encodeURIComponent(draft.field)}`;
  const response = await fetch(asked, { redirect: "manual" }).catch(() => null);
  if (!response || response.status >= 500 || response.type === "opaqueredirect") return "unreachable";
  if (!response.ok) return "closed";
  const root = fragment(await response.text());
  if (!root || !one("input, textarea", root)) return "waits";
  try {
    const rich = one("[data-rich-html]", root);
    const same = rich ? bare(rich.innerHTML) === bare(String(draft.value ?? "")) : JSON.stringify(read(root)) === JSON.stringify(draft.value);
    return same ? "stands" : "waits";
  } catch {
    return "waits";
  }
}

/** The words of a draft, for who can no longer open its section. */
function wordsOf(value: unknown): string {
  if (typeof value === "string") {
    const body = inert(value);
    for (const block of all("p, li, h3, h4, br, tr", body)) block.append("\n");
    return (body.textContent ?? "").trim();
  }
  if (typeof value !== "object" || value === null) return String(value ?? "");
  return Object.values(value).map(wordsOf).filter(Boolean).join("\n");
}

function closedLine(draft: Waiting): HTMLElement {
  const words = wordsOf(draft.value);
  const line = make(
    "details",
    { class: "fold" },
    make("summary", {}, say("waitingClosed", { section: sectionOf(draft) })),
    make("pre", { tabindex: "0" }, words),
    button(say("copyText"), "as-link", () => void navigator.clipboard.writeText(words).then(() => toast(say("copied")), () => undefined)),
    " ",
    button(say("throwAway"), "as-link", () => void discard(draft).then(() => line.remove())),
  );
  return line;
}

async function look(): Promise<void> {
  if (document.body.dataset["copyFrom"] !== undefined || isTakenOver()) return;
  const found = (await waiting()).filter((draft) => !isHere(draft)).slice(-MOST);
  const links = new Map<string, HTMLElement>();
  const closed: HTMLElement[] = [];
  for (const draft of found) {
    const now = await standing(draft);
    if (now === "unreachable") return;
    if (now === "stands") await discard(draft);
    else if (now === "closed") closed.push(closedLine(draft));
    else links.set(addressOf(draft), make("a", { href: addressOf(draft) }, sectionOf(draft)));
  }
  one(".waiting-notice")?.remove();
  const sections = [...links.values()];
  if (!sections.length && !closed.length) return;
  const names = new Intl.ListFormat(document.documentElement.lang).format([...links.values()].map((link) => link.textContent));
  const notice = make(
    "div",
    { class: "notice waiting-notice", role: "status" },
    make(
      "div",
      {},
      sections.length ? make("p", {}, say("waiting", { sections: names })) : null,
      sections.length ? make("ul", {}, ...sections.map((link) => make("li", {}, linked(link)))) : null,
      ...closed,
    ),
  );
  one("#main > *")?.prepend(notice);
}

function linked(link: HTMLElement): HTMLElement {
  link.textContent = say("openSection", { section: link.textContent });
  return link;
}

/** Look once the page is at rest, and again when the connection is back. */
export function tellWhatWaits(): void {
  if (!document.body.dataset["user"]) return;
  setTimeout(() => void look(), GRACE);
  addEventListener("online", () => setTimeout(() => void look(), GRACE));
}
