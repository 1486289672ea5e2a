/** A transcript that cannot be played, or a device that does something else. The message begins with file and line. */
export class TranscriptFailure extends Error {
  constructor(file: string, line: number, text: string) {
    super(`${file}:${line}: ${text}`);
    this.name = 'TranscriptFailure';
  }
}

/** Says at which line something is wrong. */
export type Fail = (line: number, text: string) => never;

/** Makes failures of one file. */
export function failuresOf(file: string): Fail {
  return (line, text) => {
    throw new TranscriptFailure(file, line, text);
  };
}
