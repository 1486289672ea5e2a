import { CommandCode } from '../commands/catalog.js';
import type { Command } from '../commands/command.js';
import { asDmError, ERROR_STATUS, statusOf } from '../errors.js';
import { cont } from './cont.js';
import type { Context } from './context.js';
import { setDefault } from './default.js';
import { deleteNode } from './delete.js';
import { end } from './end.js';
import { exec } from './exec.js';
import { get } from './get.js';
import { hget } from './hget.js';
import type { Outcome } from './outcome.js';
import { show } from './show.js';
import { sub, unsub } from './sub.js';
import { hpost, hput } from './upload.js';

/** Executes one command. @throws DmError whose `status` is the command's. */
type Handler = (command: Command, context: Context) => Outcome;

/** Indexed by `CommandCode`. */
const HANDLERS: readonly Handler[] = [
  hget,
  hput,
  hpost,
  deleteNode,
  exec,
  get,
  show,
  cont,
  end,
  setDefault,
  sub,
  unsub,
];

/**
 * Executes a command as it was read. Never throws: what goes wrong is its status. The command's record may be used until it returns,
 * and by what is pending after that.
 */
export function execute(command: Command, context: Context): Outcome {
  try {
    if (command.defect) return ERROR_STATUS[command.defect];
    if (command.code === CommandCode.Unknown) return ERROR_STATUS.UNKNOWN_COMMAND;
    if (!command.fitsCatalog()) return ERROR_STATUS.BAD_COMMAND;
    return HANDLERS[command.code](command, context);
  } catch (thrown) {
    context.device.transaction.rollback();
    return statusOf(asDmError(thrown));
  }
}
