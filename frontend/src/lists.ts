// Rows of a list: add, remove, move; the form without JavaScript keeps its own blank rows.
import { all, announce, one } from "./dom";
import { say } from "./words";

export class Rows {
  private readonly list: HTMLElement;
  private readonly template: HTMLTemplateElement;
  private made = 0;

  constructor(private readonly root: HTMLElement, private readonly changed: () => void) {
    this.list = one("ol", root)!;
    this.template = one<HTMLTemplateElement>("template", root)!;
    for (const blank of all(".blank", this.list)) blank.remove();
    if (!this.rows().length) this.add();
    one("[data-add]", root)?.addEventListener("click", () => {
      const row = this.add();
      one<HTMLElement>("[data-cell]", row)?.focus();
      announce(say("rowAdded", { number: this.rows().length }));
    });
    this.list.addEventListener("click", (event) => this.press(event.target as Element));
    this.list.addEventListener("keydown", (event) => {
      const cell = event.target as HTMLElement;
      if (event.key === "Enter" && cell.dataset["as"] === "line") event.preventDefault();
    });
    this.number();
  }

  rows(): HTMLElement[] {
    return Array.from(this.list.children) as HTMLElement[];
  }

  /** As many rows as asked, the old ones kept. */
  exactly(count: number): HTMLElement[] {
    while (this.rows().length > count) this.list.lastElementChild?.remove();
    while (this.rows().length < count) this.add();
    this.number();
    return this.rows();
  }

  private add(): HTMLElement {
    const row = this.template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    const index = String(9000 + this.made++);
    for (const each of all("[id], [for], [name]", row)) {
      for (const name of ["id", "for", "name"]) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, value.replace(/([:-])-1([:-])/, `$1${index}$2`));
      }
    }
    this.list.append(row);
    this.number();
    return row;
  }

  private press(target: Element): void {
    const pressed = target.closest<HTMLElement>("[data-up], [data-down], [data-remove]");
    const row = pressed?.closest<HTMLElement>(".item");
    if (!pressed || !row) return;
    const index = this.rows().indexOf(row);
    if (pressed.dataset["remove"] !== undefined) {
      row.remove();
      if (!this.rows().length) this.add();
      const near = this.rows()[Math.min(index, this.rows().length - 1)];
      one<HTMLElement>("[data-cell]", near ?? this.root)?.focus();
      announce(say("rowRemoved", { number: index + 1 }));
    } else {
      if (pressed.dataset["up"] !== undefined) row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      announce(say("rowMoved", { number: this.rows().indexOf(row) + 1 }));
    }
    this.number();
    if (row.isConnected) (pressed.matches(":disabled") ? one<HTMLElement>(".icon-button:enabled", row) : pressed)?.focus();
    this.changed();
  }

  /** Names of the buttons say which row; the first cannot go up, the last not down. */
  private number(): void {
    const rows = this.rows();
    rows.forEach((row, index) => {
      for (const button of all<HTMLButtonElement>(".icon-button", row)) {
        button.dataset["name"] ??= button.getAttribute("aria-label") ?? "";
        button.setAttribute("aria-label", `${button.dataset["name"]} (${index + 1})`);
        if (button.dataset["up"] !== undefined) button.disabled = index === 0;
        if (button.dataset["down"] !== undefined) button.disabled = index === rows.length - 1;
      }
    });
  }
}
