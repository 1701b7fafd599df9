// A Worker of its own around the compiled one.
import { withSessions } from "cloesce/sessions";
import worker from "../.generated/workers";

export default withSessions(worker);
