// The console of a host: where the room is, and the one obvious next thing to do.
import { all, announce, button, make, one, toast } from "./dom";
import { Agreement, agreedCard, answeredWords } from "./hosting/agree";
import { byRole, note, nowWords, reading, texts } from "./hosting/body";
import { Clock } from "./hosting/clock";
import { Ideas, type Landing } from "./hosting/ideas";
import { Kept } from "./hosting/kept";
import { Link } from "./hosting/link";
import { nextOf, type Next } from "./hosting/next";
import { agenda, room, type Setting } from "./hosting/side";
import { MOST_BALLOTS, type HostState } from "./hosting/state";
import { hearNow } from "./live/clock";
import { pick, say } from "./live/words";

const KEY = "n";
const BREATH = 500;

type Settings = Setting & { lands: Landing; ideas: Record<string, string> };

const read = <T>(id: string): T => JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;

class Console {
  private state = read<HostState>("console-state");
  private readonly setting = read<Settings>("console-setting");
  private readonly kept = new Kept(this.state.id);
  private readonly link: Link;
  private readonly clock: Clock;
  private readonly ideas: Ideas;
  private readonly next = make("button", { type: "button", class: "button next-button" });
  private readonly hint = make("p", { class: "next-hint small", id: "next-hint" });
  private readonly quiet = make("div", { class: "next-quiet" });
  private agreement: Agreement | null = null;
  private changing = false;
  private busy = false;
  private restUntil = 0;
  private drawn: Record<string, string> = {};
  private readonly act = (deed: string, more: Record<string, unknown> = {}): Promise<boolean> => this.does(deed, more);

  constructor(private readonly root: HTMLElement) {
    this.link = new Link(root.dataset["base"] ?? "", {
      state: (state) => this.take(state),
      count: ({ joined, voted }) => this.take({ ...this.state, joined, voted }),
      line: (isOpen) => this.line(isOpen ? "" : say("offline")),
      gone: () => this.gone(),
    });
    this.clock = new Clock(this.part("clock"), this.act);
    this.ideas = new Ideas(this.act, this.kept, this.setting.lands, this.setting.ideas);
    this.next.setAttribute("aria-describedby", "next-hint");
    this.next.addEventListener("click", () => void this.press());
    this.part("next").replaceChildren(make("div", { class: "next-main" }, this.next, this.hint), this.quiet);
    document.addEventListener("keydown", (event) => this.key(event));
    hearNow(this.state.now);
    this.draw();
    this.link.start(this.state.v);
  }

  private part(name: string): HTMLElement {
    return one(`[data-part="${name}"]`, this.root) ?? make("div");
  }

  // In and out

  private take(state: HostState): void {
    const before = this.state;
    this.state = state;
    if (before.question?.key !== state.question?.key || before.phase !== state.phase) {
      this.changing = false;
      this.restUntil = Date.now() + BREATH;
      this.error("");
      scrollTo({ top: 0 });
      if (!this.busy) announce(say("nowIs", { now: nowWords(state) }));
    }
    if (state.status === "open" && state.phase === "voting" && state.joined && state.voted >= state.joined && before.voted < before.joined) announce(say("everybodyVoted"));
    this.draw();
  }

  /** What was typed stays where it is, whatever comes back. */
  private async does(deed: string, more: Record<string, unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.next.setAttribute("aria-disabled", "true");
    const done = await this.link.act(deed, more);
    this.busy = false;
    this.next.removeAttribute("aria-disabled");
    if (done.ok) {
      this.error("");
      announce(say("nowIs", { now: nowWords(this.state) }));
    } else if (done.status === 409) this.error(`${done.error} ${say("nowIs", { now: nowWords(this.state) })}`);
    else this.error(done.status === 0 ? say("notSent") : done.error || say("failed"));
    this.draw();
    // What was pressed may be gone by now: who uses the keyboard goes on at the next thing.
    if (document.activeElement === document.body && !this.next.hidden) this.next.focus({ preventScroll: true });
    return done.ok;
  }

  private error(words: string): void {
    const place = this.part("error");
    if (place.textContent === words) return;
    place.replaceChildren(...(words ? [make("p", { class: "notice error" }, make("span", {}, words))] : []));
  }

  private line(words: string): void {
    const place = this.part("line");
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words;
  }

  private gone(): void {
    const place = this.part("line");
    place.replaceChildren(say("gone"), " ", make("a", { href: document.body.dataset["signIn"] ?? "/", target: "_blank" }, say("signIn")));
    place.hidden = false;
  }

  // The next thing

  private nextNow(): Next & { go?: Record<string, unknown> } {
    const back = this.back();
    if (back) return { words: say("breakBack", { step: back.title }), hint: "", deed: "next", go: { step: back.step, question: back.question } };
    const next = nextOf(this.state, this.agreement?.value() != null);
    return this.changing ? { ...next, words: say("nextAgree"), hint: "", deed: "agree" } : next;
  }

  private async press(): Promise<void> {
    if (this.busy || Date.now() < this.restUntil) return;
    const next = this.nextNow();
    if (next.go) {
      if (await this.does("go", next.go)) this.kept.drop("back");
    } else if (next.deed === "agree") await this.agree();
    else if (next.deed === "end") this.ask("end");
    else if (next.deed !== "none") await this.does(next.deed, {});
  }

  private async agree(): Promise<void> {
    const { agreement } = this;
    if (!agreement) return;
    if (agreement.value() === null) {
      this.error(say("chooseFirst"));
      agreement.focus();
      return;
    }
    if (await this.does("agree", agreement.deed)) {
      agreement.done();
      this.changing = false;
      this.draw();
      this.next.focus({ preventScroll: true });
    }
  }

  /** A letter presses the large button, unless somebody is typing, or does not want it. */
  private key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== KEY || event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.kept.get("no-key")) return;
    if ((event.target as Element).closest?.("input, textarea, select, dialog[open], [contenteditable]")) return;
    event.preventDefault();
    void this.press();
  }

  // A break out of turn: this browser remembers where to go on

  private back(): { step: number; question: string; title: string } | null {
    if (this.state.step?.kind !== "break" || this.state.status !== "open") return null;
    try {
      return JSON.parse(this.kept.get("back") || "null") as { step: number; question: string; title: string } | null;
    } catch {
      return null;
    }
  }

  private async breakNow(): Promise<void> {
    const { step, question } = this.state;
    const rest = this.state.agenda.find((each) => each.kind === "break" && !each.done) ?? this.state.agenda.find((each) => each.kind === "break");
    if (!step || !rest) return;
    const back = JSON.stringify({ step: step.id, question: question?.key ?? "", title: pick(step.title) });
    if (await this.does("go", { step: rest.id })) {
      this.kept.set("back", back);
      this.draw();
    }
  }

  private quietButtons(): HTMLElement[] {
    const { state } = this;
    if (state.status === "ended") return [make("a", { class: "button", href: this.setting.plan }, say("seeOutcome"))];
    if (state.status !== "open") return [];
    const made: HTMLElement[] = [];
    const add = (words: string, press: () => void): void => void made.push(button(words, "as-link small", press));
    if (this.changing) add(say("cancel"), () => this.change(false));
    if (state.question && ["shown", "agreed"].includes(state.phase) && state.ballot < MOST_BALLOTS) add(say("again"), () => void this.act("again"));
    if (state.question && state.phase === "shown") add(say("skip"), () => void this.act("skip"));
    if (state.question && state.phase === "waiting") add(say("skipQuestion"), () => void this.act("skip"));
    if (state.step?.kind !== "break" && state.phase !== "voting" && state.agenda.some(({ kind }) => kind === "break")) add(say("breakNow"), () => void this.breakNow());
    return made;
  }

  private change(changing: boolean): void {
    this.changing = changing;
    this.draw();
    if (changing) this.agreement?.focus();
  }

  // Asking before what cannot be taken back

  private ask(what: "code" | "end"): void {
    const dialog = document.getElementById(`ask-${what}`) as HTMLDialogElement | null;
    const sure = dialog && one<HTMLButtonElement>("[data-sure]", dialog);
    if (!dialog || !sure) return;
    sure.onclick = () => {
      dialog.close();
      void this.act(what === "code" ? "new-code" : "end").then((done) => done && what === "code" && toast(say("newCode")));
    };
    dialog.showModal();
  }

  // Drawing: each part only when what it shows has changed

  private renew(part: string, sign: unknown, build: () => (Node | null)[]): void {
    const signed = JSON.stringify(sign);
    if (this.drawn[part] === signed) return;
    this.drawn[part] = signed;
    this.part(part).replaceChildren(...build().filter((each) => each !== null));
  }

  private draw(): void {
    const { state } = this;
    const { step, question } = state;
    this.root.dataset["status"] = state.status;
    this.renew("where", [step, question?.index, state.status], () => [
      make("span", {}, !step || state.status === "ended" ? state.title : question ? `${pick(step.title)} · ${say("questionOf", { index: question.index, of: question.of })}` : `${step.position}/${step.count}`)]);
    this.renew("title", [step?.title, question?.key, state.status], () => [
      document.createTextNode(state.status === "ended" ? say("nowEnded") : question ? pick(question.label) : step ? pick(step.title) : state.title)]);
    this.clock.take(state);
    this.agenda();
    this.renew("room", [state.code, state.code_expires, state.door, state.joined, state.roles_joined, state.screen_url, state.status], () => room(state, this.setting, this.act, (what) => this.ask(what)));
    this.count();
    this.renew("now", [state.status, step?.id, question?.key, state.phase, state.ballot, state.note, state.spread, state.consensus, state.texts, this.changing], () => this.body());
    if (this.ideas.root.isConnected) this.ideas.take(state);
    this.bar();
  }

  /** What was unfolded to look ahead stays so. */
  private agenda(): void {
    const { state } = this;
    const open = new Set(all<HTMLDetailsElement>(".where:not(.is-here) .where-fold[open]", this.root).map((each) => each.dataset["step"]));
    this.renew("agenda", [state.agenda, state.step?.id, state.question?.key, state.status], () => agenda(state, this.act));
    for (const each of all<HTMLDetailsElement>(".where-fold", this.root)) if (open.has(each.dataset["step"])) each.open = true;
  }

  /** How many answered: often, and so without touching anything else. */
  private count(): void {
    const { state } = this;
    const words = state.phase === "voting" ? "answeredOf" : state.phase === "ranking" ? "gavePoints" : "";
    this.renew("count", [words, state.voted, state.joined], () => words
      ? [make("progress", { max: String(Math.max(1, state.joined)), value: String(state.voted), "aria-label": say(words, { voted: state.voted, joined: state.joined }) }),
          make("p", { class: "console-counted" }, say(words, { voted: state.voted, joined: state.joined }))]
      : []);
  }

  private bar(): void {
    const next = this.nextNow();
    if (this.next.textContent !== next.words) this.next.textContent = next.words;
    this.next.hidden = next.deed === "none";
    if (this.hint.textContent !== next.hint) this.hint.textContent = next.hint;
    const { state } = this;
    const sign = JSON.stringify([state.status, state.phase, state.ballot, state.question?.key, state.step?.id, this.changing]);
    if (this.drawn["quiet"] === sign) return;
    this.drawn["quiet"] = sign;
    this.quiet.replaceChildren(...this.quietButtons());
  }

  private body(): (Node | null)[] {
    const { state } = this;
    const { question, spread } = state;
    this.agreement = null;
    if (state.status === "planned") return [make("p", { class: "lead" }, say("plannedLead"))];
    if (state.status === "ended") return [make("p", { class: "lead" }, say("endedLead")), this.ideasNow()];
    if (!question) return [note(state), ["ideas", "ranking"].includes(state.step?.kind ?? "") ? this.ideasNow() : null];
    const help = pick(question.help);
    const told = help ? make("p", { class: "soft" }, help) : null;
    if (!spread) return [told, reading(question), note(state)];
    const answered = make("p", { class: "small soft" }, answeredWords(spread));
    if (state.phase === "agreed" && !this.changing && state.consensus) {
      return [agreedCard(state, () => this.change(true)), byRole(question, spread), texts(state), note(state)];
    }
    this.agreement = new Agreement(state, question, spread, this.kept, () => this.bar(), () => void this.agree());
    return [answered, this.agreement.form, byRole(question, spread), texts(state), note(state)];
  }

  private ideasNow(): HTMLElement {
    queueMicrotask(() => this.ideas.take(this.state));
    return this.ideas.root;
  }
}

function keyChoice(root: HTMLElement): void {
  const box = one<HTMLInputElement>("[data-key]", root);
  if (!box) return;
  const kept = new Kept(read<HostState>("console-state").id);
  box.checked = !kept.get("no-key");
  box.addEventListener("change", () => kept.set("no-key", box.checked ? "" : "yes"));
}

/** On a narrow screen what stands beside the step begins folded. */
function folds(root: HTMLElement): void {
  if (matchMedia("(min-width: 48rem)").matches) return;
  for (const fold of all<HTMLDetailsElement>(".console-fold", root)) fold.open = false;
}

function printing(): void {
  for (const each of all("[data-print]")) {
    each.addEventListener("click", () => {
      for (const fold of all<HTMLDetailsElement>(".agenda-fold")) fold.open = true;
      print();
    });
  }
}

const root = one("[data-console]");
if (root) {
  folds(root);
  keyChoice(root);
  new Console(root);
}
printing();


