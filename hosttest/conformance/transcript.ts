import { readStep } from './course.js';
import { type Fail, failuresOf } from './failure.js';
import { type Given, readGiven } from './given.js';
import { type Line, type Section, sectionsOf } from './markdown.js';
import { type Outcome, readOutcome } from './outcome.js';
import { checkCourse, type Step } from './step.js';

/** A session as it is written down. */
export interface Transcript {
  readonly file: string;
  readonly title: string;
  /** Ids of src/PROTOCOL.md. */
  readonly proves: readonly Line[];
  readonly given: Given;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  /** Hosts that the text names, such as `https://dm.example`. */
  readonly origins: readonly string[];
}

const PARTS = ['Given', 'Course', 'Outcome'];

/**
 * Reads a transcript; README.md has the format.
 * @param file what failures call it.
 * @throws TranscriptFailure where it is none.
 */
export function readTranscript(markdown: string, file: string): Transcript {
  const fail: Fail = failuresOf(file);
  const sections = sectionsOf(markdown);
  const [head] = sections;
  if (head?.level !== 1) return fail(1, 'a title is needed first: "# …"');
  const parts = partsOf(sections.slice(1), fail);
  const [given = [], course = [], outcome = []] = PARTS.map((name) => parts.get(name));
  const steps = course.flatMap((section) => readStep(section, fail));
  if (steps.length === 0) return fail(head.line, 'the course is missing: "## Course"');
  const parsed = readGiven(given, fail);
  checkCourse(steps, parsed.resources, fail);
  return {
    file,
    title: head.title,
    proves: readProves(head, fail),
    given: parsed,
    steps,
    outcome: readOutcome(outcome, fail),
    origins: [...new Set(markdown.match(/\bhttps?:\/\/[a-z0-9.-]+(?::\d+)?/g))],
  };
}

function readProves(head: Section, fail: Fail): Line[] {
  const mark = 'Proves: ';
  const proves = head.paragraphs.filter(({ text }) => text.startsWith(mark));
  if (proves.length !== 1) return fail(head.line, 'one line "Proves: …" is needed');
  if (head.paragraphs.length < 2) return fail(head.line, 'a paragraph is needed that explains');
  const [{ text, line }] = proves;
  return text
    .slice(mark.length)
    .split(/,\s*/)
    .map((id) => ({ text: id.replace(/\.$/, ''), line }));
}

/** The sections below each `## …`. */
function partsOf(sections: readonly Section[], fail: Fail): Map<string, Section[]> {
  const parts = new Map<string, Section[]>();
  let part: Section[] | undefined;
  for (const section of sections) {
    if (section.level === 2) {
      if (!PARTS.includes(section.title) || parts.has(section.title))
        fail(section.line, `no place for "${section.title}"`);
      part = [];
      parts.set(section.title, part);
    } else if (section.level === 3 && part !== undefined) {
      part.push(section);
    } else {
      fail(section.line, `no place for "${section.title}"`);
    }
  }
  return parts;
}
