import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Portal, TagList, useStyles2, VizTooltipContainer } from '@grafana/ui';
import { timeOfAnnotation, type Annotation } from '../annotations/readAnnotations';
import { showText } from '../../grafana/showText';

/** More annotations of one place would reach over the edge of the screen. */
const MAX_ANNOTATIONS = 6;

interface PlaceTooltipProps {
  /** What the shown layers say of the place. */
  readings: ReadonlyArray<{ name: string; text: string }>;
  annotations: readonly Annotation[];
  timeZone: string;
  /** Page coordinates of the pointer. */
  at: { x: number; y: number };
}

/** What is known of a place where no robot stands; nothing where nothing is. */
export function PlaceTooltip({ readings, annotations, timeZone, at }: PlaceTooltipProps) {
  const styles = useStyles2(getStyles);
  if (readings.length === 0 && annotations.length === 0) return null;
  return (
    <Portal>
      <VizTooltipContainer position={at} offset={{ x: 14, y: 14 }}>
        <div data-testid="floormap-place" className={styles.body}>
          {annotations.slice(-MAX_ANNOTATIONS).map((annotation, k) => (
            <div key={k} className={styles.annotation}>
              <div className={styles.label}>
                {[timeOfAnnotation(annotation, timeZone), showText(annotation.robotId)].filter(Boolean).join(' · ')}
              </div>
              {annotation.title !== '' && <strong>{showText(annotation.title)}</strong>}
              <div>{annotation.text}</div>
              <TagList tags={annotation.tags.map(showText)} />
            </div>
          ))}
          {annotations.length > MAX_ANNOTATIONS && (
            <div className={styles.label}>
              {t('map.earlier', 'and {{annotations}} earlier ones', {
                annotations: annotations.length - MAX_ANNOTATIONS,
              })}
            </div>
          )}
          {readings.map(({ name, text }) => (
            <div key={name} className={styles.reading}>
              <span className={styles.label}>{name}</span>
              <span>{showText(text)}</span>
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
  annotation: css({ marginBottom: theme.spacing(0.5), whiteSpace: 'pre-wrap' }),
  reading: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1.5) }),
  label: css({ color: theme.colors.text.secondary }),
});
