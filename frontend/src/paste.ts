// What is pasted, from Word, Google Docs, LibreOffice, mail or a web page, as the structure it was meant to have.
// It is read without loading or running anything, and built anew: no element or attribute of it is taken over.
import { inert } from "./dom";

type Marks = { bold: boolean; italic: boolean; href: string };
/** Where lines go: a cell holds one paragraph, an item and a quote no headings or tables. */
type Kind = "free" | "quote" | "item" | "cell";
type Item = { level: number; ordered: boolean; list: string; source: Element; goesOn: boolean };

const PLAIN: Marks = { bold: false, italic: false, href: "" };

const GONE = new Set(
  ("script style head title meta link base template noscript iframe frame object embed applet svg math canvas img picture " +
    "map video audio nav aside button input select textarea option datalist dialog menu xml").split(" "),
);
const BLOCK = new Set(
  ("address article body caption center dd details div dl dt fieldset figcaption figure footer form header hgroup html legend " +
    "main p section summary table tbody td tfoot th thead tr").split(" "),
);

const nameOf = (element: Element): string => element.localName.toLowerCase();
const styleOf = (element: Element): string => element.getAttribute(STYLE) ?? "";
const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE;

// A style or a handler in a page, be it one that is never shown, is reported as a breach of the policy: they are read as data.
const STYLE = "data-style";
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'"<>])*>/gi;
const SHEET = /<style\b[\s\S]*?<\/style\s*>/gi;

const HIDDEN = /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all/i;
const MARKER = /mso-list\s*:\s*ignore/i;
const WORD_ITEM = /mso-list\s*:\s*l(\d+)\s+level(\d+)/i;
const OUTLINE = /mso-outline-level\s*:\s*(\d)/i;
const NUMBER = /^[([]?(?:\d+(?:\.\d+)*[.):\]]?|(?:[a-z]|[ivxlcdm]+)[.):\]])$/i;
const SIGN = /^\s*(?:[·•▪◦§–-]|\d+[.)]|[a-z][.)])[\s\u00a0]+/i;

const isMarked = ({ bold, italic, href }: Marks): boolean => bold || italic || href !== "";

function isGone(element: Element): boolean {
  const name = nameOf(element);
  return GONE.has(name) || name.startsWith("v:") || element.hasAttribute("hidden") || HIDDEN.test(styleOf(element)) ||
    element.getAttribute("role") === "navigation" || MARKER.test(styleOf(element));
}

function marked(element: Element, marks: Marks): Marks {
  const name = nameOf(element);
  const style = styleOf(element);
  const found = { ...marks };
  if (name === "b" || name === "strong") found.bold = true;
  if (name === "i" || name === "em" || name === "cite") found.italic = true;
  const [, weight] = /(?:^|[;\s])font-weight\s*:\s*(\w+)/i.exec(style) ?? [];
  if (weight) found.bold = /^bold/i.test(weight) || Number(weight) >= 600;
  const [, slant] = /(?:^|[;\s])font-style\s*:\s*(\w+)/i.exec(style) ?? [];
  if (slant) found.italic = /^(italic|oblique)$/i.test(slant);
  if (name === "a") {
    const href = (element.getAttribute("href") ?? "").trim();
    found.href = /^(https?:\/\/|mailto:)/i.test(href) ? href : "";
  }
  return found;
}

/** 3 or 4 for what is a heading, by its element, its style in Word or its role; 0 for what is not. */
function headingOf(element: Element): number {
  const name = nameOf(element);
  const kind = element.getAttribute("class") ?? "";
  const [, told] = /^h([1-6])$/.exec(name) ?? /\bMsoHeading(\d)/i.exec(kind) ?? OUTLINE.exec(styleOf(element)) ?? [];
  if (told) return Number(told) <= 3 ? 3 : 4;
  if (/\bMsoTitle\b/i.test(kind)) return 3;
  if (/\bMsoSubtitle\b/i.test(kind)) return 4;
  if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level") ?? 2) <= 3 ? 3 : 4;
  return 0;
}

/** The items of a list in desktop Word (a paragraph each) or Word on the web (a list each); null for anything else. */
function itemsOf(element: Element, within: boolean): Item[] | null {
  if (element.classList.contains("ListContainerWrapper")) {
    return Array.from(element.children).flatMap((child) => itemsOf(child, within) ?? []);
  }
  const name = nameOf(element);
  if (name === "ul" || name === "ol") {
    const items = Array.from(element.children);
    if (!items.length || !items.every((item) => item.hasAttribute("data-aria-level"))) return null;
    return items.map((source) => ({
      level: Number(source.getAttribute("data-aria-level")), ordered: name === "ol", list: source.getAttribute("data-listid") ?? "", source, goesOn: false,
    }));
  }
  if (name !== "p" && name !== "div") return null;
  const [, list = "", level] = WORD_ITEM.exec(styleOf(element)) ?? [];
  if (level) {
    const sign = Array.from(element.querySelectorAll("span")).find((span) => MARKER.test(styleOf(span)));
    const text = (sign ?? element).textContent ?? "";
    const shown = sign ? text.replace(/[\s\u00a0]+/g, "") : (SIGN.exec(text)?.[0] ?? "").trim();
    return [{ level: Number(level), ordered: NUMBER.test(shown), list, source: element, goesOn: false }];
  }
  if (within && /\bMsoListParagraph/i.test(element.className) && element.textContent?.trim()) {
    return [{ level: 0, ordered: false, list: "", source: element, goesOn: true }];
  }
  return null;
}

class Builder {
  private line: HTMLElement | null = null;
  private last: { marks: Marks; text: Text } | null = null;
  private sign = false;
  /** Between the lines of a cell: the items of a list do not run into each other. */
  private glue = " ";

  constructor(private readonly doc: Document, private readonly into: Element, private readonly kind: Kind, private tag = "p") {}

  private made(name: string): HTMLElement {
    return this.doc.createElement(name);
  }

  /** The nodes of a container, with what belongs together taken together. */
  nodes(nodes: Iterable<Node>, marks: Marks): void {
    let items: Item[] = [];
    for (const node of nodes) {
      if (node.nodeType === Node.COMMENT_NODE || (items.length && node.nodeType === Node.TEXT_NODE && !node.textContent?.trim())) continue;
      const more = isElement(node) && !isGone(node) ? itemsOf(node, items.length > 0) : null;
      if (more) {
        items.push(...more);
        continue;
      }
      this.items(items, marks);
      items = [];
      this.node(node, marks);
    }
    this.items(items, marks);
  }

  private node(node: Node, marks: Marks): void {
    if (node.nodeType === Node.TEXT_NODE) return this.words(node.textContent ?? "", marks);
    if (!isElement(node) || isGone(node)) return;
    const name = nameOf(node);
    const heading = headingOf(node);
    if (heading) return this.heading(node, `h${heading}`, marks);
    if (name === "br") return this.turn();
    if (name === "hr") return this.end();
    if (name === "pre") return this.lines(node, marks);
    if (name === "ul" || name === "ol") return this.list(node, name, marks);
    if (name === "li") return this.list(node, "ul", marks);
    if (name === "blockquote") return this.quote(node, marks);
    if (name === "table" && this.isTable(node as HTMLTableElement)) return this.table(node as HTMLTableElement);
    if (!BLOCK.has(name)) return this.nodes(node.childNodes, marked(node, marks));
    this.end();
    this.nodes(node.childNodes, marked(node, marks));
    this.end();
  }

  // Lines and their words

  private words(given: string, marks: Marks): void {
    let text = given.replace(/[ \t\r\n\f]+/g, " ").replace(/[ \u00a0]{2,}/g, " ");
    if (this.sign) {
      text = text.replace(SIGN, "");
      if (text.trim()) this.sign = false;
    }
    const before = this.last?.text.data ?? "";
    // A space at the beginning of a line, or after a space, is none.
    if (!before || /[ \u00a0]$/.test(before)) text = text.replace(/^[ \u00a0]+/, "");
    if (!text) return;
    this.line ??= this.made(this.tag);
    const inHeading = this.tag !== "p";
    const now = { ...marks, bold: marks.bold && !inHeading };
    const blank = !text.trim();
    if (this.last && (blank || (this.last.marks.bold === now.bold && this.last.marks.italic === now.italic && this.last.marks.href === now.href))) {
      this.last.text.data += text;
      return;
    }
    if (blank) return;
    // Spaces stand between what is marked, not in it.
    let gap = "";
    if (this.last && isMarked(this.last.marks)) {
      gap = /[ \u00a0]$/.exec(before)?.[0] ?? "";
      if (gap) this.last.text.data = before.slice(0, -1);
    }
    if (isMarked(now) && /^[ \u00a0]/.test(text)) {
      gap = text.charAt(0);
      text = text.slice(1);
    }
    this.line.append(gap);
    const run = this.doc.createTextNode(text);
    let inner: Node = run;
    const around = (name: string): void => {
      const element = this.made(name);
      element.append(inner);
      inner = element;
    };
    if (now.italic) around("em");
    if (now.bold) around("strong");
    if (now.href) {
      around("a");
      (inner as HTMLElement).setAttribute("href", now.href);
    }
    this.line.append(inner);
    this.last = { marks: now, text: run };
  }

  /** One break is a break; a second one begins a paragraph. */
  private turn(): void {
    if (!this.line) return;
    if (this.kind === "cell") return this.words(" ", PLAIN);
    if (this.line.lastElementChild?.localName === "br" && this.line.lastChild === this.line.lastElementChild) return this.end();
    this.line.append(this.made("br"));
    this.last = null;
  }

  end(): void {
    const { line } = this;
    this.line = null;
    this.last = null;
    if (!line) return;
    while (line.lastChild?.nodeName === "BR") line.lastChild.remove();
    const walker = this.doc.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let text: Text | null = null;
    while (walker.nextNode()) text = walker.currentNode as Text;
    if (text) text.data = text.data.replace(/[ \u00a0]+$/, "");
    if (!line.textContent?.trim()) return;
    if (this.kind !== "cell") {
      this.into.append(line);
      return;
    }
    const only = this.into.firstElementChild;
    if (only) only.append(this.glue, ...Array.from(line.childNodes));
    else this.into.append(line);
  }

  private lines(element: Element, marks: Marks): void {
    this.end();
    for (const line of (element.textContent ?? "").split("\n")) {
      if (line.trim()) this.words(line, marks);
      this.turn();
    }
    this.end();
  }

  // Blocks

  private heading(element: Element, tag: string, marks: Marks): void {
    this.end();
    if (this.kind === "free") this.tag = tag;
    this.nodes(element.childNodes, { ...marks, bold: false });
    this.end();
    this.tag = "p";
  }

  private quote(element: Element, marks: Marks): void {
    this.end();
    if (this.kind !== "free") this.nodes(element.childNodes, marks);
    else this.within(this.made("blockquote"), "quote", element.childNodes, marks);
    this.end();
  }

  private within(into: HTMLElement, kind: Kind, nodes: Iterable<Node>, marks: Marks): void {
    const inner = new Builder(this.doc, into, kind);
    inner.nodes(nodes, marks);
    inner.end();
    if (into.hasChildNodes()) this.into.append(into);
  }

  private item(list: Element, nodes: Iterable<Node>, marks: Marks, sign = false): Element {
    const item = this.made("li");
    const inner = new Builder(this.doc, item, "item");
    inner.sign = sign;
    inner.nodes(nodes, marks);
    inner.end();
    if (item.hasChildNodes()) list.append(item);
    return item;
  }

  private list(element: Element, name: string, marks: Marks): void {
    this.end();
    if (this.kind === "cell") {
      for (const child of Array.from(element.childNodes)) {
        this.nodes(isElement(child) && nameOf(child) === "li" ? child.childNodes : [child], marks);
        this.end();
        this.glue = "; ";
      }
      this.glue = " ";
      return;
    }
    const made = this.made(name);
    for (const child of nameOf(element) === "li" ? [element] : Array.from(element.childNodes)) {
      const isList = isElement(child) && /^[uo]l$/.test(nameOf(child));
      // Some put the list below an item beside it.
      if (isList && made.lastElementChild) new Builder(this.doc, made.lastElementChild, "item").list(child, nameOf(child), marks);
      else if (isElement(child) && nameOf(child) === "li") this.item(made, child.childNodes, marked(child, marks));
      else this.item(made, [child], marks);
    }
    if (made.hasChildNodes()) this.into.append(made);
  }

  /** Items that stand beside each other, each with its level, as lists within lists. */
  private items(items: Item[], marks: Marks): void {
    if (!items.length) return;
    this.end();
    if (this.kind === "cell") {
      for (const { source } of items) {
        this.nodes(source.childNodes, marks);
        this.end();
        this.glue = "; ";
      }
      this.glue = " ";
      return;
    }
    const open: { list: HTMLElement; level: number; name: string; of: string; last: Element | null }[] = [];
    for (const { level, ordered, list, source, goesOn } of items) {
      const top = open.at(-1);
      if (goesOn && top?.last) {
        const more = new Builder(this.doc, top.last, "item");
        more.nodes(source.childNodes, marks);
        more.end();
        continue;
      }
      while (open.length && open.at(-1)!.level > level) open.pop();
      const name = ordered ? "ol" : "ul";
      const same = open.at(-1);
      if (same?.level === level && (same.name !== name || same.of !== list)) open.pop();
      if (open.at(-1)?.level !== level || !open.length) {
        const above = open.at(-1)?.last ?? this.into;
        const made = this.made(name);
        above.append(made);
        open.push({ list: made, level, name, of: list, last: null });
      }
      const here = open.at(-1)!;
      const hasSign = !Array.from(source.querySelectorAll("span")).some((span) => MARKER.test(styleOf(span)));
      here.last = this.item(here.list, source.childNodes, marked(source, marks), hasSign && nameOf(source) !== "li");
    }
    for (const each of Array.from(this.into.querySelectorAll("ul, ol"))) if (!each.hasChildNodes()) each.remove();
  }

  /** Tables that only place things on a page are none. */
  private isTable(table: HTMLTableElement): boolean {
    return this.kind === "free" && table.getAttribute("role") !== "presentation" && !table.querySelector("table") &&
      Array.from(table.rows).some((row) => row.cells.length > 1);
  }

  private table(table: HTMLTableElement): void {
    this.end();
    if (table.caption) this.nodes([table.caption], PLAIN);
    const made = this.made("table");
    const body = made.appendChild(this.made("tbody"));
    // Cells are never joined here: what a joined one covered is empty.
    const covered: number[] = [];
    for (const row of Array.from(table.rows)) {
      if (!row.textContent?.trim()) continue;
      const line = body.appendChild(this.made("tr"));
      const pad = (): void => {
        for (let column = line.children.length; (covered[column] ?? 0) > 0; column += 1) {
          covered[column]! -= 1;
          line.append(this.made("td"));
        }
      };
      for (const cell of Array.from(row.cells)) {
        pad();
        const to = this.made(row.parentElement?.localName === "thead" ? "th" : cell.localName);
        const inner = new Builder(this.doc, to, "cell");
        inner.nodes(cell.childNodes, marked(cell, PLAIN));
        inner.end();
        for (let wide = 0; wide < Math.min(cell.colSpan, 12); wide += 1) {
          covered[line.children.length] = Math.min(cell.rowSpan, 200) - 1;
          line.append(wide ? this.made(to.localName) : to);
        }
      }
      pad();
    }
    if (body.hasChildNodes()) this.into.append(made);
  }
}

export function cleanPaste(given: string): string {
  const html = given.replace(SHEET, "").replace(TAG, (tag) => tag.replace(/([\s"'])(style|on\w+)\s*=/gi, "$1data-$2="));
  // What was copied here says itself how it fits.
  if (/<[^>]+\sdata-pm-slice=/.test(html)) return inert(html, ["href", "colspan", "rowspan", "data-pm-slice"]).innerHTML;
  const source = new DOMParser().parseFromString(html, "text/html");
  const into = source.createElement("div");
  const builder = new Builder(source, into, "free");
  builder.nodes(source.body.childNodes, PLAIN);
  builder.end();
  return into.innerHTML;
}
