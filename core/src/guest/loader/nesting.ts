/**
 * Tells by the text alone whether TypeScript may nest deeper than its parser's stack allows: that parser is native
 * code, and what overflows there ends the process. Knows tokens and no grammar. What it takes for deep without need is
 * only transformed elsewhere; a text made to deceive it does no more than code that calls `process.kill`.
 */

/**
 * Levels that are deep. The costliest take 1 KB of stack each, and the smallest stack is that of a thread, 4 MB.
 * Operands of one expression count as levels: a chain or a sum of them is a tree as deep.
 */
const deepLevels = 1_000;

/** Tells whether the text may nest deep. @internal */
export function nestsDeeply(text: string): boolean {
  return text.length > deepLevels && new NestingScan(text).isDeep();
}

/** Words that carry on what a `}` before them ended. */
const carriesOn: ReadonlySet<string> = new Set([
  "else",
  "as",
  "satisfies",
  "in",
  "of",
  "instanceof",
  "extends",
  "implements",
  "is",
]);

/** Words after which a slash starts a regular expression. */
const precedesExpression: ReadonlySet<string> = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "throw",
]);

type Token = "word" | "value" | "operator" | "(" | ")" | "{" | "}" | "`" | ";" | "start";

class NestingScan {
  readonly #text: string;
  #position = 0;
  #levels = 0;
  /** Levels since the last statement or element began, for each bracket that is open. */
  readonly #open: number[] = [];
  #here = 0;
  #last: Token = "start";
  #lastWord = "";
  /** Brackets that are open at each `${`. */
  readonly #templates: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  isDeep(): boolean {
    while (this.#position < this.#text.length) {
      this.#step();
      if (this.#levels > deepLevels) return true;
    }
    return false;
  }

  #step(): void {
    const text = this.#text;
    const start = this.#position;
    const character = text.charAt(start);
    this.#position += 1;
    if (character <= " ") return;
    if (isWordPart(character)) {
      while (isWordPart(text.charAt(this.#position))) this.#position += 1;
      this.#word(text.slice(start, this.#position));
      return;
    }
    switch (character) {
      case "(":
      case "[":
      case "{":
        this.#add(character === "{" ? "{" : "(");
        this.#enter();
        return;
      case ")":
      case "]":
        this.#leave(")");
        return;
      case "}":
        this.#leave("}");
        if (this.#templates.at(-1) === this.#open.length) {
          this.#templates.pop();
          this.#template();
        }
        return;
      case ";":
      case ",":
        this.#last = ";";
        return;
      case '"':
      case "'":
        this.#skipTo(character);
        this.#add("value");
        return;
      case "`":
        this.#add("`");
        this.#template();
        return;
      case "/":
        this.#slash();
        return;
      default:
        this.#add("operator");
    }
  }

  #word(word: string): void {
    this.#add("word", word);
    this.#lastWord = word;
  }

  /** A token: one level more, or the first one of a statement or an element. */
  #add(token: Token, word?: string): void {
    const isNext =
      (this.#last === ";" && word !== "else") ||
      (this.#last === "}" && word !== undefined && !carriesOn.has(word));
    if (isNext) {
      this.#levels -= this.#here;
      this.#here = 0;
    }
    this.#here += 1;
    this.#levels += 1;
    this.#last = token;
  }

  #enter(): void {
    this.#open.push(this.#here);
    this.#here = 0;
  }

  #leave(token: ")" | "}"): void {
    this.#levels -= this.#here;
    this.#here = this.#open.pop() ?? 0;
    this.#last = token;
  }

  /** Goes on to the end of the template, or to the next `${`. */
  #template(): void {
    const text = this.#text;
    for (; this.#position < text.length; this.#position += 1) {
      const character = text.charAt(this.#position);
      if (character === "\\") this.#position += 1;
      else if (character === "`") {
        this.#position += 1;
        this.#last = "value";
        return;
      } else if (character === "$" && text.charAt(this.#position + 1) === "{") {
        this.#position += 2;
        this.#templates.push(this.#open.length);
        this.#enter();
        return;
      }
    }
  }

  #slash(): void {
    const text = this.#text;
    const next = text.charAt(this.#position);
    if (next === "/" || next === "*") {
      const end = next === "/" ? "\n" : "*/";
      const found = text.indexOf(end, this.#position + 1);
      this.#position = found === -1 ? text.length : found + end.length;
      return;
    }
    const isDivision =
      this.#last === "value" ||
      this.#last === ")" ||
      (this.#last === "word" && !precedesExpression.has(this.#lastWord));
    if (isDivision) this.#add("operator");
    else this.#expression();
  }

  /** A regular expression; a slash within brackets does not end it. */
  #expression(): void {
    this.#add("value");
    const text = this.#text;
    let isClass = false;
    for (; this.#position < text.length; this.#position += 1) {
      const character = text.charAt(this.#position);
      if (character === "\n") return;
      if (character === "\\") this.#position += 1;
      else if (character === "[") isClass = true;
      else if (character === "]") isClass = false;
      else if (character === "/" && !isClass) {
        this.#position += 1;
        return;
      }
    }
  }

  #skipTo(quote: string): void {
    const text = this.#text;
    for (; this.#position < text.length; this.#position += 1) {
      const character = text.charAt(this.#position);
      if (character === "\\") this.#position += 1;
      else if (character === quote || character === "\n") break;
    }
    this.#position += 1;
  }
}

function isWordPart(character: string): boolean {
  return (
    (character >= "a" && character <= "z") ||
    (character >= "A" && character <= "Z") ||
    (character >= "0" && character <= "9") ||
    character === "_" ||
    character === "$" ||
    character > "\x7f"
  );
}
