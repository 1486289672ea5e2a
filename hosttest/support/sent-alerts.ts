import type { ReceivedPackage } from 'dmlet/server';

/** A Generic Alert as it was sent. */
export interface SentAlert {
  AlertType: string;
  SourceURI?: string;
  TargetURI?: string;
  Mark?: string;
  DataType?: string;
  Data?: string;
}

/** The session alert of each Package#1. */
export function sessionAlerts(packages: readonly ReceivedPackage[]): SentAlert[] {
  return packages.filter(({ number }) => number === 1).map((sent) => alertsOf(sent)[0]);
}

/** All other alerts: which package to which path carried each. */
export function otherAlerts(packages: readonly ReceivedPackage[]): [string, SentAlert][] {
  return packages.flatMap((sent) =>
    alertsOf(sent)
      .slice(sent.number === 1 ? 1 : 0)
      .map((alert): [string, SentAlert] => [`#${sent.number} ${sent.path}`, alert]),
  );
}

function alertsOf(sent: ReceivedPackage): SentAlert[] {
  return (sent.body as { Alert?: SentAlert[] }).Alert ?? [];
}
