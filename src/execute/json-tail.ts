import type { BodySource, BodyWriter } from '../bytes/body-writer.js';

/** Writes one more member of an object: `,"name":` and what `value` writes. */
export class JsonTail implements BodySource {
  private readonly name: string;
  private readonly value: BodySource | string;
  private place: number;

  /** @param value JSON text, or what writes it. */
  constructor(name: string, value: BodySource | string) {
    this.name = name;
    this.value = value;
    this.place = 0;
  }

  rewind(): void {
    this.place = 0;
    if (typeof this.value !== 'string') this.value.rewind();
  }

  step(out: BodyWriter): boolean {
    if (this.place === 0) out.put(`,"${this.name}":`);
    else if (typeof this.value !== 'string') return this.value.step(out);
    else if (this.place === 1) out.put(this.value);
    else return false;
    this.place += 1;
    return true;
  }
}
