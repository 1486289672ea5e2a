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

/** Indexed by `CommandCode`. */
export const NAMES: readonly string[] = [
  'HGET',
  'HPUT',
  'HPOST',
  'DELETE',
  'EXEC',
  'GET',
  'SHOW',
  'CONT',
  'END',
  'DEFAULT',
  'SUB',
  'UNSUB',
];

/**
 * The parameters of each command, indexed by `CommandCode`: `S` a ServerURI, `C` a ClientURI or a MOID. What stands behind `?` may be
 * left out; `+` repeats what is before it.
 */
const FORMS: readonly string[] = ['S?C', 'SC+', 'SC+', 'C', 'C?S', 'C+', 'S', 'S', '', 'SC', 'SC', 'C'];

/** True where the parameters have the number and the forms that command `code` needs. */
export function fitsForms(code: CommandCode, parameters: readonly string[]): boolean {
  const forms = FORMS[code];
  let at = 0;
  for (let i = 0; i < parameters.length; i += 1) {
    if (forms[at] === '?') at += 1;
    if (forms[at] === '+') at -= 1;
    if (forms[at] !== (isServerUri(parameters[i]) ? 'S' : 'C')) return false;
    at += 1;
  }
  return at === forms.length || forms[at] === '?' || forms[at] === '+';
}

/** A ServerURI begins with `http://` or `https://`, in any case (PROTOCOL.md §3, [PD]). */
export function isServerUri(uri: string): boolean {
  const scheme = uri.slice(0, 8).toLowerCase();
  return scheme === 'https://' || scheme.slice(0, 7) === 'http://';
}
