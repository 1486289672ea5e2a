import type { Resource } from '../../hal/resource.js';

/** An object of the SDK's module `Resource`: bytes in the firmware's flash. */
export interface NativeResource {
  readonly byteLength: number;
  /** A copy. The SDK does not bound `begin`. */
  slice(begin: number, end: number): ArrayBuffer;
}

export class ModdableResource implements Resource {
  private readonly resource: NativeResource;

  constructor(resource: NativeResource) {
    this.resource = resource;
  }

  read(offset: number, into: Uint8Array): number {
    if (offset >= this.resource.byteLength) return 0;
    const bytes = new Uint8Array(this.resource.slice(offset, offset + into.length));
    into.set(bytes);
    return bytes.length;
  }
}
