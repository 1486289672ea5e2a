/** An alert that fits its schema. */
export interface ReceivedAlert {
  readonly AlertType: string;
  readonly SourceURI?: string;
  readonly DataType?: string;
  readonly Data?: unknown;
}

const SERVER_INITIATED = 'urn:oma:at:dm:2.0:ServerInitiatedMgmt';

/** Alerts of which each Package#1 has exactly one. */
const SESSION_ALERTS: readonly string[] = [
  SERVER_INITIATED,
  'urn:oma:at:dm:2.0:ClientInitiatedMgmt',
  'urn:oma:at:dm:2.0:BootstrapComplete',
];

/** The result of an EXEC that was answered with 202. */
const EXEC_RESULT = 'urn:dmlet:at:exec-result:1.0';

const MAX_NOTIFICATION_ID = 0xffff;

/** What is wrong with the alerts of a package (PROTOCOL.md §4, §8). */
export function judgeAlerts(number: 1 | 3, alerts: readonly ReceivedAlert[]): string[] {
  return [...judgeSessionAlert(number, alerts), ...alerts.flatMap(judgeAlert)];
}

/** The NOTIFICATION-ID that a session alert names; undefined where it names none. */
export function notificationId({ AlertType, Data }: ReceivedAlert): number | undefined {
  if (AlertType !== SERVER_INITIATED || Data === undefined) return undefined;
  const text = String(Data);
  return /^\d{1,5}$/.test(text) && Number(text) <= MAX_NOTIFICATION_ID ? Number(text) : undefined;
}

function judgeSessionAlert(number: 1 | 3, alerts: readonly ReceivedAlert[]): string[] {
  const places = alerts.flatMap(({ AlertType }, index) => (SESSION_ALERTS.includes(AlertType) ? [index] : []));
  if (number === 3) return places.length > 0 ? ['a Package#3 has no session alert'] : [];
  if (places.length !== 1) return [`a Package#1 has exactly one session alert, this one ${places.length}`];
  return places[0] === 0 ? [] : ['the session alert is not the first alert'];
}

function judgeAlert(alert: ReceivedAlert, index: number): string[] {
  const { AlertType, SourceURI, DataType, Data } = alert;
  const place = `/Alert/${index}`;
  if (AlertType === SERVER_INITIATED && Data !== undefined && notificationId(alert) === undefined)
    return [`${place}/Data: expected a NOTIFICATION-ID`];
  if (AlertType !== EXEC_RESULT) return [];
  if (SourceURI === undefined || Data === undefined) return [`${place}: a result needs SourceURI and Data`];
  return DataType === 'int' && !/^\d{3}$/.test(String(Data)) ? [`${place}/Data: expected a status`] : [];
}
