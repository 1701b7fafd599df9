// Notes the linear memory of every core that is made; must be imported before the Worker is.

export const memories: WebAssembly.Memory[] = [];

const Original = WebAssembly.Instance;
(WebAssembly as { Instance: unknown }).Instance = class extends Original {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    memories.push(this.exports["memory"] as WebAssembly.Memory);
  }
};
