// Who is here: faces at the head of the page, and at the field in which somebody's caret stands.
import { all, make, one } from "./dom";
import { post } from "./sending";
import { say } from "./words";

type Person = { id: number; name: string; initials: string; tint: string; section: string; field: string; fields?: string[] };
export type Roster = { people: Person[]; more: number };

const PAUSE = 250;
const MOST = 6;

function face(person: Person, words: string): HTMLElement {
  return make(
    "li",
    { title: words },
    make("span", { class: `avatar tint-${person.tint}`, "aria-hidden": "true" }, person.initials),
    make("span", { class: "visually-hidden" }, words),
  );
}

export class Present {
  private at = "";
  private told = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly me = Number(document.body.dataset["user"]);

  constructor(private readonly root: HTMLElement, private readonly tab: string) {
    root.addEventListener("focusin", (event) => this.move((event.target as Element).closest<HTMLElement>("[data-field]")?.dataset["field"] ?? ""));
    root.addEventListener("focusout", (event) => event.relatedTarget || this.move(""));
  }

  private move(field: string): void {
    this.at = field;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(), PAUSE);
  }

  private say(): void {
    const url = this.root.dataset["presence"];
    if (!url || this.told === this.at) return;
    this.told = this.at;
    void post(url, JSON.stringify({ tab: this.tab, field: this.at })).catch(() => (this.told = ""));
  }

  show({ people, more }: Roster): void {
    const others = people.filter((person) => person.id !== this.me);
    this.heads(others, more);
    const here = new Map<string, Person[]>();
    for (const person of others) {
      for (const field of new Set([person.field, ...(person.fields ?? [])])) {
        if (field) here.set(field, [...(here.get(field) ?? []), person]);
      }
    }
    for (const place of all("[data-field]", this.root)) this.mark(place, here.get(place.dataset["field"] ?? "") ?? []);
  }

  /** Without a connection nobody can be told from who is not there. */
  alone(): void {
    this.told = "";
    this.show({ people: [], more: 0 });
  }

  private heads(others: Person[], more: number): void {
    const list = one<HTMLElement>("[data-present]", this.root);
    if (!list) return;
    const section = this.root.dataset["section"];
    const sorted = [...others.filter((each) => each.section === section), ...others.filter((each) => each.section !== section)];
    const shown = sorted.slice(0, MOST);
    const rest = sorted.length - shown.length + more;
    list.replaceChildren(
      ...shown.map((person) => {
        const place = person.section === section ? say("presentHere", { name: person.name }) : say("presentIn", { name: person.name, section: person.section || "…" });
        const made = face(person, place);
        made.classList.toggle("is-elsewhere", person.section !== section);
        return made;
      }),
      ...(rest > 0 ? [make("li", { class: "small soft" }, `+${rest}`)] : []),
    );
    list.hidden = !others.length;
  }

  private mark(place: HTMLElement, people: Person[]): void {
    let line = one(":scope > .field-present", place);
    if (!people.length) {
      line?.remove();
      return;
    }
    if (!line) {
      line = make("ul", { class: "field-present", "aria-label": say("writing") });
      place.prepend(line);
    }
    line.replaceChildren(...people.slice(0, 4).map((person) => face(person, say("presentField", { name: person.name }))));
  }
}
