import React, { useEffect, useState } from 'react';
import { dateTimeFormat, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import { showText } from '../../grafana/showText';
import { fetchEvents } from '../fleet/eventsLayer';
import type { FleetEvent } from '../fleet/readEvents';
import { ReportTable } from './ReportTable';

/** More than fit on a sheet; the first ones are what began it. */
const MOST = 30;

interface Loaded {
  key: string;
  events: FleetEvent[];
  problem: string;
}

/** Alerts that began to fire, and notes, in the shift. */
export function ShiftEvents({ fromMs, toMs, timeZone }: { fromMs: number; toMs: number; timeZone: TimeZone }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const key = `${fromMs} ${toMs}`;
  useEffect(() => {
    let isCurrent = true;
    const settle = (events: FleetEvent[], problem: string) => {
      if (isCurrent) setLoaded({ key, events, problem });
    };
    fetchEvents(fromMs, toMs).then(
      (events) => settle(events, ''),
      (error: unknown) => settle([], error instanceof Error ? error.message : JSON.stringify(error))
    );
    return () => {
      isCurrent = false;
    };
  }, [fromMs, toMs, key]);
  if (loaded?.key !== key) return null;
  if (loaded.problem !== '') {
    return (
      <Alert severity="warning" title={t('shift.events.failed', 'Alerts and notes cannot be read from Grafana')}>
        {loaded.problem}
      </Alert>
    );
  }
  const sorted = [...loaded.events].sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
  const alerts = sorted.filter(({ alert, isFiring }) => alert !== '' && isFiring);
  const notes = sorted.filter(({ alert }) => alert === '');
  const time = ({ time: ms = 0 }: FleetEvent) => dateTimeFormat(ms, { timeZone });
  return (
    <>
      <ReportTable
        title={
          alerts.length > MOST
            ? t('shift.alerts.cut', 'Alerts that fired (the first {{shown}} of {{all}})', {
                shown: MOST,
                all: alerts.length,
              })
            : t('shift.alerts.title', 'Alerts that fired')
        }
        empty={t('shift.alerts.none', 'No alert fired.')}
        head={[t('shift.head.alert', 'Alert'), t('shift.head.robot', 'Robot'), t('shift.head.time', 'Time')]}
        rows={alerts
          .slice(0, MOST)
          .map((event) => [showText(event.alert), showText(event.robot_id) || '–', time(event)])}
      />
      <ReportTable
        title={
          notes.length > MOST
            ? t('shift.notes.cut', 'Notes (the first {{shown}} of {{all}})', { shown: MOST, all: notes.length })
            : t('shift.notes.title', 'Notes')
        }
        empty={t('shift.notes.none', 'Nobody left a note. A note is an annotation in Grafana.')}
        head={[t('shift.head.note', 'Note'), t('shift.head.time', 'Time')]}
        rows={notes.slice(0, MOST).map((event) => [showText(event.text ?? ''), time(event)])}
      />
    </>
  );
}
