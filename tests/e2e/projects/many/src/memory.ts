// Notes the linear memory of every core that is made for an app; must be imported before the Worker is. Under `cloesce serve` the
// rules of local storage are a module of the same process, which is none of the Worker's.

export const memories: WebAssembly.Memory[] = [];

const Original = WebAssembly.Instance;
(WebAssembly as { Instance: unknown }).Instance = class extends Original {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    if ("cloesce_app_open" in this.exports)
      memories.push(this.exports["memory"] as WebAssembly.Memory);
  }
};
