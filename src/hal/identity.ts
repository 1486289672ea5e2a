/** What the device knows about itself and its networks. */
export interface Identity {
  /**
   * The value of a name at this moment, or '' where the device does not know it (no SIM, not camped).
   * Names asked for: `MCC`, `MNC` (home network of the SIM), `CMCC`, `CMNC` (network camped on now; MNC with its leading
   * zeros), `IMSI`, `ICCID`, and the DevInfo leaves `DevID`, `Man`, `Mod`, `Lang`, `DevType`, `OEM`, `FwV`, `SwV`, `HwV`.
   */
  value(name: string): string;
}
