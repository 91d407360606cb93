import React, { useEffect, useState } from 'react';
import { dateTimeFormat, type DataFrame, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert } from '@grafana/ui';
import { useAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { askOnce } from '../../queries/askOnce';
import { cellOf } from '../../queries/parts';
import { retiredOf } from '../../queries/robotList';

/** Over the page while a selected robot is retired: it is neither silent nor offline, and not in the lists of now. */
export class RetiredNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<RetiredNotice>) {
  const selected = useAddress('var-robot');
  const [answer, setAnswer] = useState<{ of: string; frame: DataFrame } | null>(null);
  const timeRange = sceneGraph.getTimeRange(model);
  // Another one with each refresh of the page: robots are retired, and come back, meanwhile.
  const { value } = timeRange.useState();
  useEffect(() => {
    const ids = new URLSearchParams(selected).getAll('var-robot').filter((id) => id !== '' && id !== '$__all');
    if (ids.length === 0) return undefined;
    let isLeft = false;
    askOnce(retiredOf(ids), value).then(
      (frame) => !isLeft && setAnswer({ of: selected, frame }),
      () => undefined // The panels say that the database does not answer.
    );
    return () => {
      isLeft = true;
    };
  }, [selected, value]);
  if (answer?.of !== selected || answer.frame.length === 0) return null;
  const { frame } = answer;
  const more = Number(cellOf(frame, 'robots')) - frame.length;
  return (
    <Alert
      severity="info"
      title={t('fleet.retired.title', 'A selected robot is retired: it is not in the lists and counts of now')}
      data-testid="retired-notice"
    >
      {Array.from({ length: frame.length }, (_, row) => (
        <div key={row}>{lineOf(frame, row, timeRange.getTimeZone())}</div>
      ))}
      {more > 0 && t('fleet.retired.more', 'And {{more}} more.', { more })}
    </Alert>
  );
}

function lineOf(frame: DataFrame, row: number, timeZone: TimeZone): string {
  const text = (name: string) => showText(String(cellOf(frame, name, row) ?? '')) || '–';
  const atMs = cellOf(frame, 'retired_at', row);
  const at = typeof atMs === 'number' ? dateTimeFormat(atMs, { timeZone }) : '–';
  const said = retiredText({ at, by: text('retired_by'), why: text('retired_reason') });
  return t('fleet.retired.robot', '{{robot}}: {{said}}', { robot: text('robot_id'), said, ...UNESCAPED });
}

/** Since when a robot is retired, by whom and why; '–' for what is not known. */
export function retiredText({ at, by, why }: Record<'at' | 'by' | 'why', string>): string {
  if (by === '–' && why === '–') return t('robot.sheet.retired_at', 'Retired since {{at}}.', { at, ...UNESCAPED });
  if (why === '–') return t('robot.sheet.retired_by', 'Retired since {{at}}, by {{by}}.', { at, by, ...UNESCAPED });
  if (by === '–') return t('robot.sheet.retired_why', 'Retired since {{at}}: {{why}}.', { at, why, ...UNESCAPED });
  return t('robot.sheet.retired_by_why', 'Retired since {{at}}, by {{by}}: {{why}}.', { at, by, why, ...UNESCAPED });
}
