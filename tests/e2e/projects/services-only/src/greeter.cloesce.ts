// No model, no database, no env: services alone.
import { GET, POST, Service } from "cloesce/backend";

@Service
export class Names {
  nameOf(id: number): string {
    return `visitor ${id}`;
  }
}

@Service
export class Greeter {
  names: Names;

  @GET
  hello(id: number): string {
    return `hello, ${this.names.nameOf(id)}`;
  }

  @POST
  sum(numbers: number[]): number {
    return numbers.reduce((sum, number) => sum + number, 0);
  }
}
