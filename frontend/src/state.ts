// What is said at a field: its state in words, and why something was refused.
import { all, announce, make, one } from "./dom";

export type Problem = "problem";
export type Tone = "saved" | "busy" | "told" | Problem;

const described = (input: HTMLElement): string[] => input.getAttribute("aria-describedby")?.split(" ") ?? [];

const targets = (root: HTMLElement): HTMLElement[] =>
  all("[contenteditable=true], input:not([type=hidden]), textarea:not(.no-js)", root);

/** Say in what state a field is; a problem is also told to a screen reader, once. */
export function tell(root: HTMLElement, tone: Tone, words: string, ...more: HTMLElement[]): void {
  const line = one("[data-state]", root);
  if (!line || (tone === "problem" && words && line.textContent?.startsWith(words))) return;
  line.dataset["tone"] = tone;
  line.replaceChildren(words, ...more.flatMap((each) => [" ", each]));
  if (tone === "problem" && words) announce(words);
}

/** Show at the inputs why what was typed is not accepted. */
export function refuse(root: HTMLElement, words: string): void {
  tell(root, "problem", "");
  const id = `${root.id}-e`;
  let line = document.getElementById(id);
  if (!line) {
    line = make("p", { class: "field-error", id });
    one("[data-state]", root)?.before(line);
  }
  line.textContent = words;
  for (const input of targets(root)) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", id);
    input.setAttribute("aria-describedby", [...described(input).filter((each) => each !== id), id].join(" "));
  }
  announce(words);
}

/** What was refused is accepted now. */
export function settle(root: HTMLElement): void {
  const id = `${root.id}-e`;
  document.getElementById(id)?.remove();
  for (const input of targets(root)) {
    const left = described(input).filter((each) => each !== id);
    if (left.length) input.setAttribute("aria-describedby", left.join(" "));
    else input.removeAttribute("aria-describedby");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}
