export const all = <E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E[] =>
  Array.from(within.querySelectorAll<E>(selector));

export const one = <E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E | null =>
  within.querySelector<E>(selector);

type Child = Node | string | null | undefined | false;

/** An element with attributes and children; text is always text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export function button(words: string, kind: string, press: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: kind }, words);
  made.addEventListener("click", press);
  return made;
}

/** Elements from HTML that our own server made. */
export function fragment(html: string): HTMLElement | null {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild as HTMLElement | null;
}

/** What stands in HTML that our own server made. */
export function childrenOf(html: string): Node[] {
  return Array.from(fragment(`<div>${html}</div>`)?.childNodes ?? []);
}

/** The structure and the words of foreign HTML, with none of its scripts, styles, pictures or other attributes. */
export function inert(html: string, keep: string[] = []): HTMLElement {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const odd of all("script, style, iframe, object, embed, form, svg, math, link, meta, img, video, audio", body)) odd.remove();
  for (const each of all("*", body)) {
    for (const { name } of Array.from(each.attributes)) if (!keep.includes(name)) each.removeAttribute(name);
  }
  return body;
}

let spoken: HTMLElement | undefined;

/** Tell a screen reader; who sees the page sees it where it happens. */
export function announce(words: string): void {
  if (!spoken) {
    spoken = make("p", { class: "visually-hidden", role: "status" });
    document.body.append(spoken);
  }
  spoken.textContent = words;
}

let fading: ReturnType<typeof setTimeout> | undefined;

/** Say something once at the bottom of the page, for what has no place of its own. */
export function toast(words: string): void {
  const line = document.getElementById("status");
  if (!line) return;
  line.textContent = words;
  clearTimeout(fading);
  fading = setTimeout(() => (line.textContent = ""), 5000);
}
