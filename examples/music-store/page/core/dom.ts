// Elements from code: `h("a", { href: "/", class: "link" }, "Home")`. Text is always text, never markup.

/** What may stand between tags; null, undefined and false stand for nothing. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

type Handlers = {
  [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void;
};

/** Attributes by name; false, null and undefined leave one out, true writes it without a value. */
export interface Attributes {
  readonly [name: string]:
    | string
    | number
    | boolean
    | null
    | undefined
    | Handlers
    | Readonly<Record<`--${string}`, string>>;
  /** Event listeners by event name. */
  readonly on?: Handlers;
  /** Custom properties of the style. */
  readonly vars?: Readonly<Record<`--${string}`, string>>;
}

/** An HTML element with attributes, listeners and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes | null,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") listen(element, value as Handlers);
    else if (name === "vars") setVariables(element, value as Record<string, string>);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** An SVG element. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Node[]
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Children without an element around them. */
export function fragment(...children: Child[]): DocumentFragment {
  const result = document.createDocumentFragment();
  append(result, children);
  return result;
}

/** The element of the page's own HTML that `selector` finds. */
export function required<Found extends Element = HTMLElement>(selector: string): Found {
  const element = document.querySelector<Found>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (child instanceof Node) parent.appendChild(child);
    else if (typeof child === "object") append(parent, child);
    else parent.appendChild(document.createTextNode(String(child)));
  }
}

function listen(element: HTMLElement, handlers: Handlers): void {
  for (const [name, handler] of Object.entries(handlers)) {
    element.addEventListener(name, handler as EventListener);
  }
}

function setVariables(element: HTMLElement, variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) element.style.setProperty(name, value);
}
