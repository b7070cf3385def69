// The page of a participant of a workshop. Small: it comes over the wifi of a meeting room.
import { all, one } from "./dom";
import { Room } from "./room/room";

/** On the page to join: how many answer together is asked only of a group. */
function joining(): void {
  const size = one("[data-size]");
  if (!size) return;
  const number = one<HTMLInputElement>("input", size);
  const show = (): void => {
    size.hidden = one<HTMLInputElement>("input[name=together]:checked")?.value !== "group";
    if (!number) return;
    number.disabled = size.hidden;
    if (!size.hidden) number.value ||= "2";
  };
  for (const each of all("input[name=together]")) each.addEventListener("change", show);
  show();
  const code = one<HTMLInputElement>("input[name=code]");
  code?.addEventListener("blur", () => (code.value = code.value.toUpperCase()));
}

const root = one("[data-room]");
if (root) void new Room(root).start();
else joining();
