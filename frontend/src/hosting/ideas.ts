// The ideas of the room: put together, reword, hide, put in the workbook. What is ticked or typed survives a new state.
import { all, button, make, one } from "../dom";
import { count, say } from "../live/words";
import type { Kept } from "./kept";
import type { Act, HostIdea, HostState } from "./state";

export type Landing = Record<string, { url: string; label: string }>;

export class Ideas {
  readonly root = make("section", { class: "ideas" });
  private readonly chosen = new Set<number>();
  private rewording: number | null = null;
  private asking: "merge" | "place" | null = null;
  private state: HostState | null = null;
  private drawn = "";

  constructor(private readonly act: Act, private readonly kept: Kept, private readonly lands: Landing, private readonly kinds: Record<string, string>) {}

  take(state: HostState): void {
    this.state = state;
    const there = new Set(state.all_ideas.map(({ id }) => id));
    for (const id of this.chosen) if (!there.has(id)) this.chosen.delete(id);
    const sign = JSON.stringify([state.all_ideas, state.phase, state.step?.id, state.status]);
    if (sign !== this.drawn) this.draw();
    this.drawn = sign;
  }

  /** What is typed stays, and so does where the caret stands. */
  private draw(): void {
    const { state } = this;
    if (!state) return;
    const at = document.activeElement instanceof HTMLElement && this.root.contains(document.activeElement) ? document.activeElement : null;
    const key = at?.dataset["keeps"];
    const caret = at instanceof HTMLInputElement && at.type === "text" ? at.selectionStart : null;
    const kind = state.step?.idea_kind ?? "";
    const mine = state.status === "ended" || !kind ? state.all_ideas : state.all_ideas.filter((idea) => idea.kind === kind);
    const groups = state.status === "ended" || !kind ? Object.keys(this.kinds) : [kind];
    this.root.replaceChildren(
      ...(state.status === "open" && state.step?.kind === "ideas" ? [this.adding()] : []),
      ...groups.map((each) => this.group(each, mine.filter((idea) => idea.kind === each), groups.length > 1)),
      ...(mine.length ? [this.tools(mine)] : []),
    );
    const again = key ? one<HTMLInputElement>(`[data-keeps="${CSS.escape(key)}"]`, this.root) : null;
    again?.focus({ preventScroll: true });
    if (again && caret !== null) again.setSelectionRange(caret, caret);
  }

  private group(kind: string, ideas: HostIdea[], named: boolean): HTMLElement {
    const top = ideas.filter((idea) => idea.merged === null).sort((one, other) => (other.points ?? 0) - (one.points ?? 0) || one.id - other.id);
    return make("div", { class: "ideas-group" },
      named || top.length ? make("h2", {}, named ? `${this.kinds[kind] ?? kind}: ` : null, count("ideas", top.length)) : null,
      top.length ? make("ul", { class: "rows ideas-list" }, ...top.map((idea) => this.line(idea, ideas))) : named ? null : make("p", { class: "soft" }, say("ideasNone")),
    );
  }

  private line(idea: HostIdea, ideas: HostIdea[]): HTMLElement {
    const beneath = ideas.filter((each) => each.merged === idea.id);
    const box = make("input", { type: "checkbox", id: `idea-${idea.id}`, "data-keeps": `box-${idea.id}`, "aria-label": say("chooseIdea", { idea: idea.text }) });
    box.checked = this.chosen.has(idea.id);
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.add(idea.id);
      else this.chosen.delete(idea.id);
      this.asking = null;
      this.draw();
    });
    const place = this.lands[idea.kind];
    const open = this.state?.status === "open";
    return make("li", { class: `idea${idea.hidden ? " is-hidden" : ""}` },
      box,
      make("div", { class: "idea-body" },
        this.rewording === idea.id ? this.reword(idea) : make("label", { for: `idea-${idea.id}`, class: "idea-text" }, idea.text),
        make("p", { class: "idea-more small soft" },
          idea.points !== null && idea.points > 0 ? make("span", { class: "badge strong" }, count("points", idea.points)) : null,
          idea.placed && place ? make("a", { href: place.url, target: "_blank" }, say("placed", { place: place.label })) : null,
          idea.hidden ? make("span", { class: "badge" }, say("ideaHidden")) : null,
          !open || this.rewording === idea.id ? null : this.small(say("reword"), `reword-${idea.id}`, () => {
            this.rewording = idea.id;
            this.draw();
            one<HTMLInputElement>(`[data-keeps="words-${idea.id}"]`, this.root)?.focus();
          }),
          open && this.small(idea.hidden ? say("show") : say("hide"), `hide-${idea.id}`, () => void this.act("hide", { id: idea.id, hidden: !idea.hidden })),
        ),
        beneath.length ? make("ul", { class: "idea-merged small" }, make("li", { class: "soft" }, say("mergedHere")), ...beneath.map((each) =>
          make("li", {}, each.text, " ", open && this.small(say("unmerge"), `unmerge-${each.id}`, () => void this.act("unmerge", { id: each.id }))))) : null,
      ),
    );
  }

  private small(words: string, keeps: string, press: () => void): HTMLElement {
    const made = button(words, "as-link small", press);
    made.dataset["keeps"] = keeps;
    return made;
  }

  private field(name: string, start: string, label: string): HTMLInputElement {
    const field = make("input", { type: "text", maxlength: "400", "data-keeps": name, "aria-label": label, autocomplete: "off" });
    field.value = this.kept.get(name) || start;
    field.addEventListener("input", () => this.kept.set(name, field.value));
    return field;
  }

  private reword(idea: HostIdea): HTMLElement {
    const name = `words-${idea.id}`;
    const field = this.field(name, idea.text, say("reword"));
    const close = (): void => {
      this.kept.drop(name);
      this.rewording = null;
      this.draw();
    };
    const form = make("form", { class: "idea-form" }, field, make("button", { type: "submit", class: "button small" }, say("rewordDo")), button(say("cancel"), "as-link small", close));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.act("reword", { id: idea.id, text: field.value }).then((done) => done && close());
    });
    return form;
  }

  private adding(): HTMLElement {
    const field = this.field("idea", "", say("addIdea"));
    field.placeholder = say("addIdea");
    const form = make("form", { class: "idea-form idea-add" }, field, make("button", { type: "submit", class: "button quiet small" }, say("addIdeaDo")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return field.focus();
      void this.act("idea", { text: field.value }).then((done) => {
        if (!done) return;
        this.kept.drop("idea");
        this.draw();
        one<HTMLInputElement>("[data-keeps=idea]", this.root)?.focus();
      });
    });
    return form;
  }

  private tools(ideas: HostIdea[]): HTMLElement {
    const chosen = ideas.filter((idea) => this.chosen.has(idea.id) && idea.merged === null);
    const sameKind = new Set(chosen.map(({ kind }) => kind)).size === 1;
    const toPlace = chosen.filter((idea) => !idea.placed);
    const open = this.state?.status === "open";
    const ask = (what: "merge" | "place") => (): void => {
      this.asking = this.asking === what ? null : what;
      this.draw();
    };
    const merge = this.small(say("merge"), "merge", ask("merge"));
    const place = this.small(say("place"), "place", ask("place"));
    for (const each of [merge, place]) each.className = "button quiet small";
    return make("div", { class: "ideas-tools" },
      make("p", { class: "small soft" }, chosen.length ? say("selected", { count: chosen.length }) : say("selectedNone")),
      make("p", { class: "actions" }, open && chosen.length > 1 && sameKind ? merge : null, toPlace.length ? place : null),
      this.asking === "merge" && chosen.length > 1 && sameKind ? this.merging(chosen) : null,
      this.asking === "place" && toPlace.length ? this.placing(toPlace) : null,
    );
  }

  private after(done: boolean): void {
    if (!done) return;
    this.chosen.clear();
    this.asking = null;
    this.draw();
  }

  private merging(chosen: HostIdea[]): HTMLElement {
    const form = make("form", { class: "ideas-ask" },
      make("fieldset", {}, make("legend", {}, say("mergeInto")), make("div", { class: "options" }, ...chosen.map((idea, index) => {
        const radio = make("input", { type: "radio", name: "into", value: String(idea.id), "data-keeps": `into-${idea.id}` });
        radio.checked = index === 0;
        return make("label", { class: "option" }, radio, make("span", {}, idea.text));
      }))),
      make("button", { type: "submit", class: "button small" }, say("mergeDo")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const into = Number(all<HTMLInputElement>("[name=into]", form).find((each) => each.checked)?.value);
      void this.act("merge", { ids: chosen.map(({ id }) => id), into }).then((done) => this.after(done));
    });
    return form;
  }

  /** First said what lands where, then done. */
  private placing(ideas: HostIdea[]): HTMLElement {
    const kinds = [...new Set(ideas.map(({ kind }) => kind))];
    return make("div", { class: "ideas-ask" }, make("p", {}, say("placeLead")),
      ...kinds.map((kind) => {
        const place = this.lands[kind];
        return make("div", {}, make("p", {}, place ? make("a", { href: place.url, target: "_blank" }, place.label) : null),
          make("ul", {}, ...ideas.filter((idea) => idea.kind === kind).map((idea) => make("li", {}, idea.text))));
      }),
      button(say("placeDo"), "button small", () => void this.act("place", { ids: ideas.map(({ id }) => id) }).then((done) => this.after(done))));
  }
}
