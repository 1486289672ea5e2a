import config from 'mc/config';

/**
 * The module `dmlet/identity`: what the device knows of itself and of its networks (src/hal/identity.ts), here as the manifest says it. Firmware for
 * a module with a modem replaces this one by its own, which asks the modem, and calls `client.identityChanged()` when the answers are others.
 */
export default {
  value(name: string): string {
    const values = config.dmlet.identity;
    // Compared, not looked up: looking for a name that is not there takes an entry in the key table for good.
    const names = Object.keys(values);
    const at = names.indexOf(name);
    return at < 0 ? '' : values[names[at]];
  },
};
