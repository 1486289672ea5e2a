/** An HTTP response before it is sent. `Content-Length` is left to the delivery, unless a script sets it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `base` with `changes`; names are compared without regard to case, and the name in `changes` is the one sent. */
export function mergeHeaders(
  base: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
): Record<string, string> {
  const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(base).filter(([name]) => !changed.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...changes };
}

/** Headers with a content type, unless it is null; one among `headers` wins. */
export function typedHeaders(type: string | null, headers: Record<string, string>): Record<string, string> {
  return type === null ? headers : mergeHeaders({ 'Content-Type': type }, headers);
}

/** The value of a header, whatever the case of its name. */
export function headerOf(answer: Answer, name: string): string | undefined {
  return Object.entries(answer.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Whether HTTP forbids this status a body. */
export function isBodyless(status: number): boolean {
  return status === 204 || status === 304;
}

export function textAnswer(status: number, text: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(text) };
}
