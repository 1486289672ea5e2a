/** What the device knows about itself and its networks. */
export interface Identity {
  /**
   * The value of a name at this moment, or '' where the device does not know it (no SIM, not camped).
   * Names asked for: `MCC`, `MNC` (home network of the SIM), `CMCC`, `CMNC` (network camped on now; MNC with its leading
   * zeros), `IMSI`, `ICCID`, and the DevInfo leaves `DevID`, `Man`, `Mod`, `Lang`, `DevType`, `OEM`, `FwV`, `SwV`, `HwV`; and for Session
   * Information `Bearer` (1 cellular, 2 WLAN, 3 wireline) and `Roaming` (0 at home, 1 roaming).
   */
  value(name: string): string;
}
