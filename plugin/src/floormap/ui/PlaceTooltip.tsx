import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Portal, TagList, useStyles2, VizTooltipContainer } from '@grafana/ui';
import { timeOfNote } from '../annotations/describeAnnotation';
import type { Note } from '../annotations/readAnnotations';

/** More notes of one place would reach over the edge of the screen. */
const MAX_NOTES = 6;

interface PlaceTooltipProps {
  /** What the shown layers say of the place. */
  readings: ReadonlyArray<{ name: string; text: string }>;
  notes: readonly Note[];
  timeZone: string;
  /** Page coordinates of the pointer. */
  at: { x: number; y: number };
}

/** What is known of a place where no robot stands; nothing where nothing is. */
export function PlaceTooltip({ readings, notes, timeZone, at }: PlaceTooltipProps) {
  const styles = useStyles2(getStyles);
  if (readings.length === 0 && notes.length === 0) return null;
  return (
    <Portal>
      <VizTooltipContainer position={at} offset={{ x: 14, y: 14 }}>
        <div data-testid="floormap-place" className={styles.body}>
          {notes.slice(-MAX_NOTES).map((note, k) => (
            <div key={k} className={styles.note}>
              <div className={styles.label}>
                {[timeOfNote(note, timeZone), note.robotId].filter(Boolean).join(' · ')}
              </div>
              {note.title !== '' && <strong>{note.title}</strong>}
              <div>{note.text}</div>
              <TagList tags={note.tags} />
            </div>
          ))}
          {notes.length > MAX_NOTES && (
            <div className={styles.label}>{`and ${notes.length - MAX_NOTES} earlier ones`}</div>
          )}
          {readings.map(({ name, text }) => (
            <div key={name} className={styles.reading}>
              <span className={styles.label}>{name}</span>
              <span>{text}</span>
            </div>
          ))}
        </div>
      </VizTooltipContainer>
    </Portal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({
    padding: theme.spacing(0.5),
    fontSize: theme.typography.bodySmall.fontSize,
    maxWidth: 320,
    overflowWrap: 'anywhere',
  }),
  note: css({ marginBottom: theme.spacing(0.5), whiteSpace: 'pre-wrap' }),
  reading: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1.5) }),
  label: css({ color: theme.colors.text.secondary }),
});
