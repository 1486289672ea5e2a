/** The commands of OMA DM 2.0, in the order of PROTOCOL.md §3. */
export const enum CommandCode {
  Unknown = -1,
  Hget = 0,
  Hput,
  Hpost,
  Delete,
  Exec,
  Get,
  Show,
  Cont,
  End,
  Default,
  Sub,
  Unsub,
}

/** What a parameter is. */
export const enum Form {
  None,
  ServerUri,
  ClientUri,
  Moid,
}

/** One command: its name, the forms of its parameters in order, how many of them there must be, and whether the last may repeat. */
export interface CommandEntry {
  readonly name: string;
  readonly forms: readonly Form[];
  readonly required: number;
  readonly repeats: boolean;
}

/** Indexed by `CommandCode`. */
export const CATALOG: readonly CommandEntry[] = [
  { name: 'HGET', forms: [Form.ServerUri, Form.ClientUri], required: 1, repeats: false },
  { name: 'HPUT', forms: [Form.ServerUri, Form.ClientUri], required: 2, repeats: true },
  { name: 'HPOST', forms: [Form.ServerUri, Form.ClientUri], required: 2, repeats: true },
  { name: 'DELETE', forms: [Form.ClientUri], required: 1, repeats: false },
  { name: 'EXEC', forms: [Form.ClientUri, Form.ServerUri], required: 1, repeats: false },
  { name: 'GET', forms: [Form.ClientUri], required: 1, repeats: true },
  { name: 'SHOW', forms: [Form.ServerUri], required: 1, repeats: false },
  { name: 'CONT', forms: [Form.ServerUri], required: 1, repeats: false },
  { name: 'END', forms: [], required: 0, repeats: false },
  { name: 'DEFAULT', forms: [Form.ServerUri, Form.Moid], required: 2, repeats: false },
  { name: 'SUB', forms: [Form.ServerUri, Form.ClientUri], required: 2, repeats: false },
  { name: 'UNSUB', forms: [Form.ClientUri], required: 1, repeats: false },
];

/** The form that parameter `index` of a command must have. */
export function formAt(entry: CommandEntry, index: number): Form {
  const forms = entry.forms;
  if (index < forms.length) return forms[index];
  return entry.repeats ? forms[forms.length - 1] : Form.None;
}
