// Addresses of servers as people write them, taken apart for the client: who asks and whether by TLS is no part of a place.

import { InvalidOption } from "./errors.js";

export interface Addresses {
  /** Hosts with ports, as the client knows them. */
  readonly places: readonly string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Whether one of them is only to be reached by TLS. */
  readonly tls: boolean;
}

/** @throws InvalidOption where two addresses name two users: a connection has one */
export function addressesOf(servers: string | readonly string[]): Addresses {
  const places: string[] = [];
  let tls = false;
  let asking: string | null = null;
  for (const server of typeof servers === "string" ? [servers] : servers) {
    const [, scheme = "", who, place = ""] =
      /^(?:([a-z]+):\/\/)?(?:([^/@]*)@)?(.*)$/i.exec(server) ?? [];
    const isTls = scheme.toLowerCase() === "tls";
    places.push(`${isTls ? "nats" : scheme}${scheme === "" ? "" : "://"}${place}`);
    tls ||= isTls;
    if (who === undefined) continue;
    if (asking !== null && asking !== who)
      throw new InvalidOption("the servers' addresses name different users");
    asking = who;
  }
  if (asking === null) return { places, tls };
  const [user = "", ...pass] = asking.split(":");
  // By the custom of NATS one word alone is a token.
  if (pass.length === 0) return { places, tls, token: decoded(user) };
  return { places, tls, user: decoded(user), pass: decoded(pass.join(":")) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
