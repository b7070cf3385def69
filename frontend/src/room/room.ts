// The page of a participant: draws what the room is at, and sends what she answers.
import { announce, make, one } from "../dom";
import { keepTime } from "../live/clock";
import { type Mine, type State, withChange } from "../live/shapes";
import { Stream } from "../live/stream";
import { pick, say } from "../live/words";
import { type Part, collecting, ranked, ranking } from "./ideas";
import { type Deed, Memory, placeOf } from "./memory";
import { Outbox, type Reply } from "./outbox";
import { agreed, ended, pause, shown } from "./screens";
import { asRaw } from "./values";
import { Voting } from "./voting";

interface Look {
  state: State;
  mine: Mine | null;
}

const keyOf = (state: State): string => [state.status, state.step?.id, state.phase, state.question?.key, state.ballot].join("|");
const placeNow = (state: State): string => [state.status, state.step?.id, state.question?.key].join("|");

export class Room {
  private state: State | null = null;
  private mine: Mine | null = null;
  private drawn = "";
  private part: (Part & { hurry?(): void; refused?(words: string): void }) | null = null;
  private readonly memory: Memory;
  private readonly outbox: Outbox;
  private readonly stream: Stream<Look>;
  private readonly stage: HTMLElement;
  private readonly showTime: () => void;

  constructor(private readonly root: HTMLElement) {
    const base = root.dataset["room"] ?? "";
    this.stage = one("[data-stage]", root) ?? root;
    this.memory = new Memory(`koers:room:${base}`);
    this.outbox = new Outbox(`${base}do`, this.memory, {
      done: (deed, reply) => this.done(deed, reply),
      late: (deed, reply) => this.late(deed, reply),
      refused: (deed, reply) => this.refused(deed, reply),
      gone: () => this.gone(),
      changed: () => this.renew(),
    });
    this.stream = new Stream<Look>(base, {
      looked: ({ state, mine }) => this.show(state, mine),
      state: (state) => ("status" in state ? this.show(state as State) : this.stream.lookSoon()),
      count: ({ v, joined, voted }) => {
        if (!this.state) return;
        if (v > this.state.v) this.stream.lookSoon();
        else if (v === this.state.v) {
          Object.assign(this.state, { joined, voted });
          this.renew();
        }
      },
      ideas: (change) => {
        if (!this.state || change.v !== this.state.v) return;
        this.state.ideas = withChange(this.state.ideas, change);
        this.renew();
      },
      ended: (why) => (why === "workshop" && this.state ? this.show({ ...this.state, status: "ended" }) : this.gone()),
      connected: (is) => this.connected(is),
      gone: () => this.gone(),
    });
    this.showTime = keepTime(() => this.state);
    addEventListener("pagehide", () => this.part?.hurry?.());
    one("[data-leave]", root)?.addEventListener("click", () => this.outbox.put({ deed: "leave" }));
  }

  async start(): Promise<void> {
    this.stream.start();
    if (!(await this.stream.look())) this.connected(false);
    this.outbox.hurry();
  }

  private show(state: State, mine?: Mine | null): void {
    if (this.state && state.v < this.state.v) return;
    this.state = state;
    if (mine) this.hear(state, mine);
    const key = keyOf(state);
    if (key !== this.drawn) this.draw(state, key);
    this.renew();
  }

  /** Her own answers as the server has them. */
  private hear(state: State, mine: Mine): void {
    this.mine = mine;
    if (state.question && mine.yours.value !== null) this.memory.give(placeOf(state.question.key, state.ballot), asRaw(state.question, mine.yours.value));
  }

  private draw(state: State, key: string): void {
    const was = this.drawn;
    const moved = !was || was.split("|").filter((_each, at) => ![2, 4].includes(at)).join("|") !== placeNow(state);
    const held = this.stage.contains(document.activeElement);
    // What was chosen within the last moments still goes: the server says whether it was in time.
    this.part?.hurry?.();
    this.drawn = key;
    this.part = null;
    this.stage.replaceChildren(this.scene(state));
    this.showTime();
    const seat = one("[data-seat]", this.root);
    if (seat) seat.hidden = state.status === "ended";
    one("[data-where]", this.root)?.replaceChildren(state.step ? say("stepOf", { position: state.step.position, count: state.step.count }) : "");
    this.route(state);
    if (!was) return;
    if (moved) {
      one("[data-notices]", this.root)?.replaceChildren();
      scrollTo(0, 0);
      one("h1", this.stage)?.focus({ preventScroll: true });
    } else {
      announce(this.news(state));
      if (held) one("h1", this.stage)?.focus({ preventScroll: state.phase !== "voting" });
    }
  }

  /** The motif of the product: a route with its waypoints, here the steps of the agenda. */
  private route(state: State): void {
    const line = one("[data-route]", this.root);
    if (!line) return;
    const { position = 0, count = 0 } = state.step ?? {};
    line.replaceChildren(...Array.from({ length: count }, (_each, at) => make("span", { class: at + 1 < position ? "done" : at + 1 === position ? "here" : "" })));
  }

  private news(state: State): string {
    if (state.phase === "voting") return say(state.ballot > 1 ? "news_again" : "news_voting");
    if (state.phase === "agreed") return `${say("decided")}: ${pick(state.consensus?.text)}`;
    return state.phase === "shown" ? say("news_shown") : "";
  }

  private scene(state: State): HTMLElement {
    const { question, step, phase, ballot } = state;
    if (state.status === "ended") return ended(state);
    if (state.status !== "open" || !step) return pause(state);
    if (question) {
      const own = this.memory.given(placeOf(question.key, ballot));
      if (phase === "shown") return shown(state, question, own);
      if (phase === "agreed") return agreed(state, question, own);
      if (phase !== "voting") return pause(state);
      const voting = new Voting(question, ballot, this.memory, this.outbox);
      this.part = { element: voting.element, renew: (now) => voting.renew(now), hurry: () => voting.hurry(), refused: (words) => voting.refused(words) };
      return voting.element;
    }
    if (phase === "collecting") this.part = collecting(state, this.outbox, this.memory);
    else if (phase === "ranking") this.part = ranking(state, this.outbox);
    else if (phase === "shown" && step.kind === "ranking") return ranked(state, this.mine);
    return this.part?.element ?? pause(state);
  }

  private renew(): void {
    if (!this.state) return;
    this.part?.renew(this.state, this.mine);
  }

  private done(deed: Deed, reply: Reply): void {
    if (deed.deed === "leave") {
      this.memory.forget();
      location.assign(this.root.dataset["join"] ?? "/join/");
      return;
    }
    if (reply.mine) this.mine = reply.mine;
    if (deed.deed === "vote") this.memory.give(placeOf(deed.question, deed.ballot), deed.value);
    // The newest is the one that was just given; the room hears of it a moment later.
    const newest = reply.mine?.yours.ideas.at(-1);
    if (deed.deed === "idea" && newest !== undefined) this.memory.keepIdea(newest, deed.text);
  }

  private late(deed: Deed, reply: Reply): void {
    if (reply.state) this.show(reply.state);
    if (deed.deed === "leave") location.assign(this.root.dataset["join"] ?? "/join/");
    else this.say(deed.deed === "vote" ? say("voteLate") : (reply.error ?? say("tooLate")));
  }

  private refused(deed: Deed, reply: Reply): void {
    const words = reply.error ?? say("notDone");
    if (deed.deed === "vote" && this.part?.refused && placeOf(deed.question, deed.ballot) === placeOf(this.state?.question?.key ?? "", this.state?.ballot ?? 0)) {
      this.part.refused(words);
      return;
    }
    this.say(deed.deed === "idea" ? `${words} “${deed.text}”` : words);
    void this.stream.look();
  }

  private say(words: string): void {
    const close = make("button", { type: "button", class: "notice-close", "aria-label": say("close") }, "×");
    const line = make("div", { class: "room-notice", role: "alert" }, make("p", {}, words), close);
    close.addEventListener("click", () => {
      line.remove();
      one("h1", this.stage)?.focus();
    });
    one("[data-notices]", this.root)?.replaceChildren(line);
  }

  private connected(is: boolean): void {
    const sign = one("[data-offline]", this.root);
    if (sign && sign.hidden !== is) sign.hidden = is;
    if (is) this.outbox.hurry();
  }

  private gone(): void {
    if (this.state?.status === "ended") return;
    this.stream.stop();
    if (this.state) {
      // The server knows whether the workshop ended or the seat is gone.
      location.replace(this.root.dataset["room"] ?? "");
      return;
    }
    this.stage.replaceChildren(
      make("section", { class: "step is-pause", "aria-labelledby": "title" }, make("h1", { id: "title", tabindex: "-1" }, say("notHere")), make("p", { class: "lead" }, say("notHereWhy")), make("p", {}, make("a", { class: "button wide", href: this.root.dataset["join"] ?? "/join/" }, say("joinAgain")))),
    );
    one("h1", this.stage)?.focus();
  }
}
