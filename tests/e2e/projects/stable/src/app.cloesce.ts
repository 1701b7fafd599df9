// Middleware at every level.
import { CloesceApp, HttpResult } from "cloesce/backend";
import { ClockService, EchoService } from "./services.cloesce";
import { Horse } from "./horse.cloesce";

const app = new CloesceApp();

app.onRequest((di) => {
  const request = di.get<Request>("Request");
  if (request?.headers.get("x-stop") === "request")
    return HttpResult.fail(418, "stopped at the request");
  if (!di.has("Env") || !di.has(ClockService.name))
    return HttpResult.fail(500, "the container is not complete");
  di.set("visitor", request?.headers.get("x-visitor") ?? "nobody");
  return undefined;
});

app.onNamespace(EchoService, (di) => {
  if (di.get<Request>("Request")?.headers.get("x-stop") === "namespace")
    return HttpResult.ok(200, "stopped at the namespace");
  return undefined;
});

app.onNamespace(Horse, (di) => {
  if (di.get<Request>("Request")?.headers.get("x-stop") === "model")
    return HttpResult.fail(403, "no horses today");
  return undefined;
});

app.onMethod(EchoService, "guarded", (di) => {
  if (di.get("visitor") === "nobody") return HttpResult.fail(401, "who are you?");
  return undefined;
});

app.onResult((di, result) => {
  result.headers.set("x-visitor", di.get<string>("visitor") ?? "unknown");
  if (result.status === 418) return HttpResult.fail(418, "I am a teapot");
  return undefined;
});

export default app;
