// Giving ideas, and points to those of everybody.
import { announce, button, make } from "../dom";
import type { Idea, Mine, State } from "../live/shapes";
import { count, pick, say } from "../live/words";
import type { Memory } from "./memory";
import type { Outbox } from "./outbox";
import { heading } from "./screens";

const POINTS = 3;
const LONGEST = 400;

export interface Part {
  element: HTMLElement;
  /** Something came in: show it, without touching what is being typed. */
  renew(state: State, mine: Mine | null): void;
}

export function collecting(state: State, outbox: Outbox, memory: Memory): Part {
  const area = make("textarea", { id: "idea", rows: "3", maxlength: String(LONGEST), "aria-describedby": "idea-hint" });
  const error = make("p", { class: "form-error", id: "idea-error", role: "alert", hidden: "" });
  const send = make("button", { type: "submit", class: "button wide" }, say("giveIdea"));
  const list = make("ul", { class: "own-ideas" });
  const title = make("h2", {}, say("yourIdeas"));
  const aside = make("p", { class: "hint", hidden: "" });
  const form = make("form", { class: "idea-form", novalidate: "" }, make("label", { for: "idea" }, say("ideaLabel")), make("p", { class: "hint", id: "idea-hint" }, say("ideaHint")), area, error, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = area.value.replace(/\s+/g, " ").trim();
    error.hidden = text !== "";
    error.textContent = text ? "" : say("writeFirst");
    area.focus();
    if (!text) return;
    area.value = "";
    outbox.put({ deed: "idea", text });
    announce(say("ideaGiven"));
  });
  const step = state.step;
  const renew = (now: State, mine: Mine | null): void => {
    const known = new Map(now.ideas.map((idea) => [idea.id, idea]));
    const ids = mine?.yours.ideas ?? [];
    const back = new Set(outbox.waits("unidea").map((deed) => (deed as { id: number }).id));
    const own = ids.filter((id) => !back.has(id)).flatMap((id): [number, string][] => {
      const text = known.get(id)?.text ?? memory.idea(id);
      return text === undefined ? [] : [[id, text]];
    });
    for (const id of ids) {
      const idea = known.get(id);
      if (idea) memory.keepIdea(id, idea.text);
    }
    const unsent = outbox.waits("idea") as { text: string }[];
    const held = list.contains(document.activeElement);
    list.replaceChildren(
      ...unsent.map(({ text }) => make("li", { class: "is-unsent" }, make("span", {}, text), make("span", { class: "hint" }, say(outbox.failed ? "notSent" : "sending")))),
      ...own.reverse().map(([id, text]) => {
        const take = button(say("takeBack"), "as-link", () => outbox.put({ deed: "unidea", id }));
        take.setAttribute("aria-label", `${say("takeBack")}: ${text}`);
        return make("li", {}, make("span", {}, text), take);
      }),
    );
    if (held) area.focus();
    const elsewhere = ids.length - own.length - back.size;
    aside.hidden = elsewhere <= 0;
    aside.textContent = elsewhere > 0 ? count("ideasAside", elsewhere) : "";
    title.hidden = !unsent.length && !own.length;
  };
  return { element: make("section", { class: "step is-ideas", "aria-labelledby": "title" }, heading(pick(step?.title)), form, title, list, aside), renew };
}

export function ranking(state: State, outbox: Outbox): Part {
  const left = make("p", { class: "left" });
  const list = make("ol", { class: "ranked" });
  const none = make("p", { class: "lead", hidden: "" }, say("noIdeas"));
  const how = make("p", { class: "hint" }, say("rankingHow"));
  const counts = new Map<number, number>();
  let drawn = "";
  const given = (): number => [...counts.values()].reduce((all, each) => all + each, 0);
  const set = (id: number, points: number): void => {
    counts.set(id, points);
    show();
    outbox.put({ deed: "points", points: Object.fromEntries([...counts].filter(([, each]) => each).map(([key, each]) => [String(key), each])) });
    announce(left.textContent ?? "");
  };
  const show = (): void => {
    const rest = POINTS - given();
    none.hidden = list.children.length > 0;
    left.hidden = how.hidden = !none.hidden;
    left.textContent = rest ? count("pointsLeft", rest) : say("pointsGone");
    left.toggleAttribute("data-right", rest === 0);
    for (const row of list.children as HTMLCollectionOf<HTMLElement>) {
      const points = counts.get(Number(row.dataset["idea"])) ?? 0;
      row.classList.toggle("is-yours", points > 0);
      const [less, value, more] = row.querySelectorAll<HTMLElement>("[data-points]");
      if (!less || !value || !more) continue;
      // Disabled buttons lose the focus: they stay, and do nothing.
      less.setAttribute("aria-disabled", String(points === 0));
      more.setAttribute("aria-disabled", String(rest === 0));
      value.textContent = String(points);
      value.setAttribute("aria-label", count("pointsGiven", points));
    }
  };
  const draw = (ideas: Idea[]): void => {
    const key = JSON.stringify(ideas);
    if (key === drawn) return;
    drawn = key;
    const held = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-idea]")?.dataset["idea"];
    const press = (sign: string, words: string, idea: Idea, by: number): HTMLButtonElement => {
      const made = button(sign, "step-button", () => {
        const points = counts.get(idea.id) ?? 0;
        if (by < 0 ? points : given() < POINTS) set(idea.id, points + by);
      });
      made.setAttribute("aria-label", `${words}: ${idea.text}`);
      made.dataset["points"] = "";
      return made;
    };
    list.replaceChildren(
      ...ideas.map((idea) =>
        make("li", { "data-idea": String(idea.id) }, make("span", { class: "ranked-text" }, idea.text), make("span", { class: "stepper" }, press("−", say("pointLess"), idea, -1), make("output", { class: "stepper-value", "data-points": "" }, "0"), press("+", say("pointMore"), idea, 1))),
      ),
    );
    if (held) list.querySelector<HTMLElement>(`[data-idea="${held}"] button:last-of-type`)?.focus();
  };
  const renew = (now: State, mine: Mine | null): void => {
    draw(now.ideas);
    if (!outbox.waits("points").length && mine) {
      counts.clear();
      for (const [id, points] of Object.entries(mine.yours.points)) counts.set(Number(id), points);
    }
    for (const id of counts.keys()) if (!now.ideas.some((idea) => idea.id === id)) counts.delete(id);
    show();
  };
  const element = make("section", { class: "step is-ranking", "aria-labelledby": "title" }, heading(pick(state.step?.title)), how, left, list, none);
  return { element, renew };
}

/** The ideas with their points, the most wanted first. */
export function ranked(state: State, mine: Mine | null): HTMLElement {
  const most = Math.max(1, ...state.ideas.map((idea) => idea.points ?? 0));
  return make(
    "section",
    { class: "step is-shown", "aria-labelledby": "title" },
    heading(pick(state.step?.title)),
    make(
      "ol",
      { class: "bars" },
      ...state.ideas.map((idea, index) => {
        const fill = make("span", { class: "bar-fill" });
        fill.style.width = `${(100 * (idea.points ?? 0)) / most}%`;
        const own = mine?.yours.points[String(idea.id)];
        return make(
          "li",
          { class: `bar${own ? " is-yours" : ""}` },
          make("span", { class: "bar-label" }, make("span", { class: "bar-letter" }, String(index + 1)), make("span", {}, idea.text), own ? make("span", { class: "bar-yours" }, count("yourPoints", own)) : null),
          make("span", { class: "bar-line" }, make("span", { class: "bar-track", "aria-hidden": "true" }, fill), make("span", { class: "bar-count" }, count("points", idea.points ?? 0))),
        );
      }),
    ),
  );
}
