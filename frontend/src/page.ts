// Small things on every page: theme, menus, dialogs, copying, terms.
import { all, one, toast } from "./dom";
import { say } from "./words";

function theme(): void {
  const root = document.documentElement;
  for (const toggle of all("[data-theme-toggle]")) {
    toggle.addEventListener("click", () => {
      const dark = root.dataset["theme"]
        ? root.dataset["theme"] === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset["theme"] = dark ? "light" : "dark";
      try {
        localStorage.setItem("koers:theme", root.dataset["theme"]);
      } catch {
        // It holds for this page then.
      }
    });
  }
}

function menus(): void {
  const open = (): HTMLDetailsElement[] => all<HTMLDetailsElement>("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      one("summary", menu)?.focus();
    }
  });
}

function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) (document.getElementById(opener.dataset["opens"] ?? "") as HTMLDialogElement | null)?.showModal();
    const closer = target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
  });
}

function copying(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    const source = button.dataset["copy"] ?? "";
    const field = source.startsWith("#") ? one<HTMLInputElement>(source) : null;
    const text = field ? (field.value ?? field.textContent) : source;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      field?.select();
      document.execCommand("copy");
    }
    toast(say("copied"));
  });
}

/** The meaning of a term shows at the term: on hover and focus, and by the button itself. */
function terms(): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const meaningOf = (element: EventTarget | null): [HTMLElement, HTMLElement] | null => {
    const term = element instanceof Element ? element.closest<HTMLElement>(".term") : null;
    const meaning = term && document.getElementById(term.getAttribute("popovertarget") ?? "");
    return term && meaning ? [term, meaning] : null;
  };
  const place = (term: HTMLElement, meaning: HTMLElement): void => {
    const at = term.getBoundingClientRect();
    meaning.classList.add("placed");
    const box = meaning.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - box.width - 8));
    const below = at.bottom + 6;
    const top = below + box.height > innerHeight - 8 ? Math.max(8, at.top - box.height - 6) : below;
    meaning.style.left = `${left}px`;
    meaning.style.top = `${top}px`;
  };
  const show = (term: HTMLElement, meaning: HTMLElement): void => {
    if (!meaning.matches(":popover-open")) meaning.showPopover();
    place(term, meaning);
  };
  document.addEventListener("toggle", (event) => {
    const meaning = event.target as HTMLElement;
    if (!meaning.classList?.contains("meaning") || (event as ToggleEvent).newState !== "open") return;
    const term = one(`[popovertarget="${meaning.id}"]`);
    if (term) place(term, meaning);
  }, true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const found = meaningOf(event.target);
    clearTimeout(waiting);
    if (found) waiting = setTimeout(() => show(...found), 250);
    else if (!(event.target as Element).closest?.(".meaning")) {
      waiting = setTimeout(() => {
        for (const meaning of all(".meaning:popover-open")) {
          if (!document.activeElement?.matches(`[popovertarget="${meaning.id}"]`)) meaning.hidePopover();
        }
      }, 300);
    }
  });
  document.addEventListener("focusin", (event) => {
    const found = meaningOf(event.target);
    if (found && found[0].matches(":focus-visible")) show(...found);
  });
  document.addEventListener("focusout", (event) => {
    const found = meaningOf(event.target);
    if (found?.[1].matches(":popover-open")) found[1].hidePopover();
  });
}

/** On a small screen the guidance begins folded. */
function guidance(): void {
  if (matchMedia("(min-width: 75rem)").matches) return;
  for (const fold of all<HTMLDetailsElement>(".section-guide details[open]")) fold.open = false;
}

/** The stroke of a slash goes to the field of search, unless somebody is typing. */
function finding(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target instanceof Element ? event.target : null;
    if (at?.closest("input, textarea, select, dialog[open], [contenteditable]")) return;
    const field = all<HTMLInputElement>("[data-find]").find((each) => each.checkVisibility());
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

export function page(): void {
  theme();
  menus();
  dialogs();
  copying();
  terms();
  guidance();
  finding();
}
