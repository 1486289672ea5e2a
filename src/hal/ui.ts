/** What the user sees: for SHOW. */
export interface Ui {
  /** Opens the page at an absolute http(s) URL in the device's browser; returns at once. What it throws is a failure of the device. */
  show(url: string): void;
}
