// Who is asking; made by middleware from a request header and injected where a method needs it.

export class Visitor {
  constructor(readonly name: string) {}

  /** The name of somebody who has not said it. */
  static readonly nobody = "";

  /** The visitor that `request` names in its X-Visitor header, which is percent-encoded. */
  static of(request: Request): Visitor {
    const header = request.headers.get("x-visitor") ?? "";
    try {
      return new Visitor(decodeURIComponent(header).trim().slice(0, 60));
    } catch {
      return new Visitor(Visitor.nobody);
    }
  }
}
