/** A segment as a radio module hands it over. */
const SEGMENT = 536;

/** The sizes of the pieces in which bytes come and go: whole segments for seed 0, else anything, single bytes among them. */
export class Pace {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed;
  }

  next(): number {
    if (this.seed === 0) return SEGMENT;
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    const kind = (this.state >>> 16) & 3;
    return kind === 0 ? 1 : 1 + ((this.state >>> 18) % (kind === 1 ? 16 : SEGMENT));
  }
}
