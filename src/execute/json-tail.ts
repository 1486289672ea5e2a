import type { BodySource } from '../bytes/body-writer.js';

/** One more member of an object: `,"name":` and its value. */
export class JsonTail implements BodySource {
  private readonly head: string;
  private readonly value: BodySource | undefined;
  private isOpen: boolean;

  /** @param value writes what stands behind `head`. */
  constructor(head: string, value: BodySource | undefined) {
    this.head = head;
    this.value = value;
    this.isOpen = false;
  }

  rewind(): void {
    this.isOpen = false;
    if (this.value !== undefined) this.value.rewind();
  }

  next(): string {
    if (this.isOpen) return this.value === undefined ? '' : this.value.next();
    this.isOpen = true;
    return this.head;
  }
}
