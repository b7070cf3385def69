// Nothing scrolls on a projector: what does not fit is made smaller, step by step. A list of ideas rather gets shorter
// than unreadable.
import { one } from "../dom";
import { count } from "../live/words";

const SMALLEST = 0.4;
const READABLE = 0.68;
const STEP = 0.94;

function shorten(more: HTMLElement): boolean {
  const list = more.parentElement;
  const last = more.previousElementSibling;
  if (!list || !last || list.children.length <= 4) return false;
  last.remove();
  more.hidden = false;
  more.textContent = count("ideasMore", Number(more.dataset["more"]) - (list.children.length - 1));
  return true;
}

export function fit(stage: HTMLElement): void {
  const scene = stage.firstElementChild as HTMLElement | null;
  if (!scene) return;
  const more = one("[data-more]", scene);
  let size = 1;
  const overflows = (): boolean => scene.scrollHeight > scene.clientHeight + 1 || stage.scrollHeight > stage.clientHeight + 1 || scene.scrollWidth > scene.clientWidth + 1;
  stage.style.setProperty("--fit", "1");
  while (overflows() && size > SMALLEST) {
    if (more && size < READABLE && shorten(more)) continue;
    size *= STEP;
    stage.style.setProperty("--fit", size.toFixed(3));
  }
}
