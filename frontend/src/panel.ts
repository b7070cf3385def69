// The panel beside a section: history, talk, whatever page is asked for with `data-panel`. Without this script those
// links lead to whole pages.
import { all, announce, childrenOf, make, one } from "./dom";
import { token } from "./sending";
import { say } from "./words";

const ASK = { "HX-Request": "true" };

let panel: HTMLElement | null = null;
let opener: HTMLAnchorElement | null = null;
let address = "";

/** Give the words that somebody selected along with a link that begins a talk about them. */
export function draftQuote(link: HTMLAnchorElement, words: string): void {
  const url = new URL(link.href);
  if (words.trim()) url.searchParams.set("quote", words.trim().slice(0, 500));
  else url.searchParams.delete("quote");
  link.href = url.href;
}

const bare = (link: HTMLAnchorElement): string => {
  const url = new URL(link.href);
  url.searchParams.delete("quote");
  return url.href;
};

/** The link that opened the panel; the tools of a field may have been drawn anew since. */
const back = (): HTMLElement | null | undefined =>
  opener?.isConnected ? opener : opener && all<HTMLAnchorElement>("main a[data-panel]").find((each) => bare(each) === bare(opener!));

/** The section makes room for the panel, or takes it back; what one looks at stays where it was. */
function room(open: boolean): void {
  const at = back();
  const before = at?.getBoundingClientRect().top ?? 0;
  document.body.classList.toggle("has-panel", open);
  if (at) scrollBy(0, at.getBoundingClientRect().top - before);
}

function close(): void {
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  room(false);
  address = "";
  back()?.focus();
}

function made(): HTMLElement {
  if (panel) return panel;
  const shut = make("button", { type: "button", class: "icon-button panel-close", "aria-label": say("closePanel"), title: say("closePanel") });
  shut.append(...childrenOf('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-remove"/></svg>'));
  shut.addEventListener("click", close);
  const body = make("div", { class: "panel-body", tabindex: "-1" });
  panel = make("aside", { class: "panel", id: "panel", "aria-label": say("panel") }, shut, body);
  panel.addEventListener("click", followed);
  panel.addEventListener("submit", (event) => void submitted(event));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.body.append(panel);
  return panel;
}

function show(html: string, from: string): void {
  const body = one(".panel-body", made());
  if (!body) return;
  body.replaceChildren(...childrenOf(html));
  address = from;
  if (!made().hidden && document.body.classList.contains("has-panel")) return;
  made().hidden = false;
  room(true);
}

/** Words that somebody typed and did not send yet are not thrown away by what others do. */
const isTouched = (): boolean =>
  Array.from(panel?.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input[type=text]") ?? [])
    .some((input) => input.value !== input.defaultValue);

/** Show what came back; a page that is not made for the panel is gone to. False: nothing came back. */
async function take(response: Response | null): Promise<boolean> {
  if (!response || !(response.ok || response.status === 422)) return false;
  const html = await response.text();
  if (/^\s*<!doctype/i.test(html)) location.assign(response.url);
  // What was refused shows what was typed: it is not read again.
  else show(html, response.status === 422 ? "" : response.url);
  return true;
}

async function open(url: string): Promise<void> {
  if (await take(await fetch(url, { headers: ASK }).catch(() => null))) {
    one<HTMLElement>(".panel-body", made())?.focus({ preventScroll: true });
  } else location.assign(url);
}

/** Links within the panel to pages that are made for it stay in it; all others are followed as ever. */
function followed(event: Event): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-panel]");
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  void open(link.href);
}

async function submitted(event: Event): Promise<void> {
  const form = event.target as HTMLFormElement;
  const submitter = (event as SubmitEvent).submitter;
  if (form.method.toLowerCase() !== "post") return;
  event.preventDefault();
  const body = new URLSearchParams();
  new FormData(form, submitter).forEach((value, name) => body.append(name, String(value)));
  // Without the attribute `formAction` is the address of the whole page.
  const url = submitter?.hasAttribute("formaction") ? (submitter as HTMLButtonElement).formAction : form.action;
  const headers = { ...ASK, "X-CSRFToken": token() };
  // What is on its way is shown next: the event of one's own deed does not read the old page once more.
  const before = address;
  address = "";
  const held = panel?.contains(document.activeElement);
  const response = await fetch(url, { method: "POST", body, headers }).catch(() => null);
  if (await take(response)) {
    if (response?.ok) document.dispatchEvent(new CustomEvent("koers:done"));
    // The button that was pressed is gone; what was refused can be mended where it stands.
    const wrong = one<HTMLElement>(".panel-body [aria-invalid=true]", panel ?? document);
    if (held) (wrong ?? one<HTMLElement>(".panel-body", panel ?? document))?.focus({ preventScroll: !wrong });
    return;
  }
  address = before;
  const line = make("p", { class: "notice error", role: "alert" }, say("notDone"));
  one(".panel-body > .notice[role=alert]", made())?.remove();
  one(".panel-body", made())?.prepend(line);
}

async function renew(): Promise<void> {
  if (!panel || panel.hidden || !address || isTouched()) return;
  const held = panel.contains(document.activeElement);
  const asked = address;
  const response = await fetch(asked, { headers: ASK }).catch(() => null);
  if (address !== asked || isTouched()) return;
  await take(response);
  if (held) one<HTMLElement>(".panel-body", panel)?.focus({ preventScroll: true });
}

export function panels(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-panel]");
    if (!link || event.defaultPrevented || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey || (event as MouseEvent).button) return;
    event.preventDefault();
    opener = link;
    void open(link.href).then(() => announce(one(".panel-body h1, .panel-body h2")?.textContent ?? ""));
  });
  document.addEventListener("koers:talk", () => void renew());
}
