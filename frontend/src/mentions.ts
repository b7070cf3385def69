// Naming somebody: an `@` in a comment offers the colleagues whose attention the same form can call. The server finds
// the names in the text; without this script they are typed in full.
import { all, announce, make } from "./dom";
import { say } from "./words";

// Where the server would look for a name too (workbook/mentions.py): never within a word or an address.
const ASKED = /(?<![\p{L}\p{N}_@./])@(\S[^@\n]{0,40})?$/u;

let area: HTMLTextAreaElement | null = null;
let list: HTMLElement | null = null;
let chosen = 0;
let start = 0;
let caret = 0;

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const namesIn = (form: HTMLFormElement): string[] =>
  [...new Set(all('input[name="attention"]', form).map((box) => box.closest("label")?.textContent?.trim() ?? ""))].filter(Boolean);

function close(): void {
  list?.remove();
  list = null;
  for (const name of ["controls", "activedescendant", "autocomplete"]) area?.removeAttribute(`aria-${name}`);
}

function choose(index: number): void {
  const options = all("[role=option]", list ?? document);
  chosen = (index + options.length) % options.length;
  options.forEach((each, at) => each.setAttribute("aria-selected", String(at === chosen)));
  area?.setAttribute("aria-activedescendant", `mention-${chosen}`);
  options[chosen]?.scrollIntoView({ block: "nearest" });
}

function offer(from: HTMLTextAreaElement): void {
  close();
  caret = from.selectionStart;
  const found = from.form && caret === from.selectionEnd && ASKED.exec(from.value.slice(0, caret));
  if (!found || !from.form) return;
  const asked = plain(found[1] ?? "");
  const rank = (name: string): number => (plain(name).startsWith(asked) ? 0 : 1);
  const fits = namesIn(from.form).filter((name) => ` ${plain(name)}`.includes(` ${asked}`)).sort((one, other) => rank(one) - rank(other));
  if (!fits.length || (fits.length === 1 && plain(fits[0]!) === asked)) return;
  area = from;
  start = found.index;
  const options = fits.map((name, at) => make("li", { role: "option", id: `mention-${at}` }, name));
  list = make("ul", { class: "mentions", id: "mentions", role: "listbox", "aria-label": say("calling") }, ...options);
  // The text keeps the focus while somebody points.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest("[role=option]");
    if (option) pick(option);
  });
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", "mentions");
  choose(0);
  announce(say("toChoose", { count: fits.length }));
}

function pick(option: Element | undefined): void {
  if (!area || !option) return;
  const words = `@${option.textContent}${/^\s/.test(area.value.slice(caret)) ? "" : " "}`;
  close();
  area.setSelectionRange(start, caret);
  // As if it were typed, so that it can be undone.
  if (!document.execCommand("insertText", false, words)) area.setRangeText(words, start, caret, "end");
}

function pressed(event: KeyboardEvent): void {
  if (!list || event.target !== area || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter" || event.key === "Tab") pick(list.children[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function mentions(): void {
  document.addEventListener("input", (event) => event.target instanceof HTMLTextAreaElement && offer(event.target));
  // Before the panel, which closes at Escape.
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("focusout", (event) => event.target === area && close());
  document.addEventListener("selectionchange", () => list && area && area.selectionStart !== caret && offer(area));
}
