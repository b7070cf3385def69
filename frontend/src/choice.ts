// Two texts of which one must be chosen, because the server cannot tell what the one has to do with the other.
import { announce, button, inert, make, one } from "./dom";
import { tell } from "./state";
import { combine, describe, type Sent } from "./values";
import { say } from "./words";

function side(root: HTMLElement, title: string, value: Sent): HTMLElement {
  const body = make("div", { class: "prose" });
  if (one("[data-rich]", root)) body.append(...Array.from(inert(String(value ?? "")).childNodes));
  else body.append(...describe(root, value).map((line) => make("p", {}, line)));
  if (!body.textContent?.trim()) body.replaceChildren(make("p", { class: "soft" }, say("empty")));
  return make("section", { class: "conflict-side" }, make("h3", {}, title), body);
}

/** Show both; `done` gets the value to put into the field (undefined: it stays) and whether to send it. */
export function offerChoice(
  root: HTMLElement, kind: string, name: string, mine: Sent, theirs: Sent, done: (value: Sent | undefined, send: boolean) => void,
): void {
  const both = combine(kind, mine, theirs);
  const id = `${root.id}-c`;
  const choose = (value: Sent | undefined, send: boolean): void => {
    panel.remove();
    done(value, send);
    one<HTMLElement>("[contenteditable=true], input:not([type=hidden])", root)?.focus();
  };
  const panel = make(
    "div",
    { class: "conflict", role: "group", "aria-labelledby": `${id}-t`, tabindex: "-1" },
    make("p", { id: `${id}-t`, class: "conflict-head" }, say("conflict", { name })),
    make("div", { class: "conflict-sides" }, side(root, say("mine"), mine), side(root, say("theirs", { name }), theirs)),
    make(
      "div",
      { class: "actions" },
      button(say("keepMine"), "button small", () => choose(undefined, true)),
      button(say("takeTheirs"), "button small quiet", () => choose(theirs, false)),
      both === undefined ? null : button(say("combine"), "button small quiet", () => choose(both, true)),
    ),
  );
  one(".conflict[tabindex]", root)?.remove();
  tell(root, "problem", "");
  one("[data-state]", root)?.before(panel);
  panel.scrollIntoView({ block: "nearest" });
  announce(say("conflict", { name }));
}
