// What a host types and has not sent yet, kept in this browser: a reload or an empty battery loses nothing.

const memory = new Map<string, string>();

export class Kept {
  private readonly prefix: string;

  constructor(workshop: string) {
    this.prefix = `koers:console:${document.body.dataset["user"] ?? ""}:${workshop}:`;
  }

  get(name: string): string {
    try {
      return localStorage.getItem(this.prefix + name) ?? memory.get(this.prefix + name) ?? "";
    } catch {
      return memory.get(this.prefix + name) ?? "";
    }
  }

  set(name: string, text: string): void {
    memory.set(this.prefix + name, text);
    try {
      if (text) localStorage.setItem(this.prefix + name, text);
      else localStorage.removeItem(this.prefix + name);
    } catch {
      // Storage is closed or full: this page remembers it.
    }
  }

  drop(...names: string[]): void {
    for (const name of names) this.set(name, "");
  }
}
