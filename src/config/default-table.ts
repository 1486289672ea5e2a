/** Owner of a DEFAULT that a bootstrap set. */
export const FACTORY = '';

/** Fields of a row of `device.defaults`: the DEFAULT commands in force, one ServerURI a MOID (PROTOCOL.md §10). */
export const enum DefaultField {
  Moid = 0,
  /** As it was given, placeholders and all. */
  ServerUri,
  /** SrvID of the account that set it; `FACTORY` for a bootstrap's. */
  Owner,
  Count,
}
