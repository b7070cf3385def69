// An editor opens when somebody goes to write: where she clicked, with the keys that she struck meanwhile.
import { one } from "./dom";
import type { Writer } from "./editor";

export function offerEditor(
  root: HTMLElement, box: HTMLElement, open: () => Promise<Writer | null>, present: () => Writer | null,
): void {
  let typed = "";
  let clicked: { left: number; top: number } | undefined;
  box.addEventListener("pointerdown", (event) => {
    clicked = { left: event.clientX, top: event.clientY };
  });
  box.addEventListener("focus", async () => {
    if (present()) return;
    const writer = await open();
    if (!writer) return;
    // Only if nobody went elsewhere while it loaded.
    if (root.contains(document.activeElement) || document.activeElement === document.body) {
      writer.focus(clicked);
      if (typed) writer.type(typed);
    }
    typed = "";
  });
  box.addEventListener("keydown", (event) => {
    if (present() || event.target !== box || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    typed += event.key;
    event.preventDefault();
  });
  one(`label[for]`, root)?.addEventListener("click", (event) => {
    event.preventDefault();
    const writer = present();
    if (writer) writer.focus();
    else box.focus();
  });
}
