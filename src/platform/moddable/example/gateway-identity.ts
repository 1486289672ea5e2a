// The module `dmlet/identity` of a firmware that knows its modem: in place of dmlet's own, which reads the manifest.

/** What a driver of the modem would tell. */
const modem = { imei: '493005100592800', home: '26201', serving: '26202', isRoaming: true };

export default {
  value(name: string): string {
    switch (name) {
      case 'DevID':
        return `IMEI:${modem.imei}`;
      case 'MCC':
        return modem.home.slice(0, 3);
      case 'MNC':
        return modem.home.slice(3);
      case 'CMCC':
        return modem.serving.slice(0, 3);
      case 'CMNC':
        return modem.serving.slice(3);
      case 'Bearer':
        return '1';
      case 'Roaming':
        return modem.isRoaming ? '1' : '0';
      default:
        return '';
    }
  },
};
