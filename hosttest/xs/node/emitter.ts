type Listener = (...values: unknown[]) => void;

/** As much of Node's `EventEmitter` as tests use. */
export class Emitter {
  private readonly listeners: [name: string, listener: Listener, isOnce: boolean][] = [];

  on(name: string, listener: Listener): this {
    this.listeners.push([name, listener, false]);
    return this;
  }

  once(name: string, listener: Listener): this {
    this.listeners.push([name, listener, true]);
    return this;
  }

  off(name: string, listener: Listener): this {
    const index = this.listeners.findIndex((entry) => entry[0] === name && entry[1] === listener);
    if (index >= 0) this.listeners.splice(index, 1);
    return this;
  }

  emit(name: string, ...values: unknown[]): void {
    for (const [own, listener, isOnce] of this.listeners.slice()) {
      if (own !== name) continue;
      if (isOnce) this.off(name, listener);
      listener(...values);
    }
  }
}
