import { alter } from './alterations.js';
import type { Answer } from './answer.js';
import type { Fault } from './fault.js';

/** An answer with its fault already in it, and the fault, for those that are in the delivery. */
export interface Reply {
  readonly answer: Answer;
  readonly fault?: Fault;
}

export function makeReply(answer: Answer, fault?: Fault): Reply {
  return { answer: alter(answer, fault), fault };
}
