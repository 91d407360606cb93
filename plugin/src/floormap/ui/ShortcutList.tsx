import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Modal, useStyles2 } from '@grafana/ui';

const shortcuts = (): Array<[keys: string, meaning: string]> => [
  ['/', t('map.key.find', 'Find a robot, from anywhere on the page')],
  ['?', t('map.key.list', 'This list; outside of the map, the list of Grafana')],
  ['← ↑ → ↓', t('map.key.move', 'Move the map')],
  ['+  −', t('map.key.zoom', 'Zoom in and out')],
  ['0', t('map.key.fit', 'Show everything')],
  ['N  P', t('map.key.step', 'Go to the next or previous robot')],
  ['Enter', t('map.key.select', 'Select the robot in focus; with Shift, add it')],
  ['O', t('map.key.follow', 'Follow the robot in focus, or stop')],
  ['Z  Shift Z', t('map.key.zone', 'Select the robots of the next or previous zone')],
  ['A  Shift A', t('map.key.annotation', 'Go to the next or previous annotation')],
  ['L', t('map.key.lasso', 'Draw a lasso')],
  ['M', t('map.key.measure', 'Measure: Enter sets a point')],
  ['Escape', t('map.key.clear', 'Clear selection, focus and tool')],
];

/** Every key of the map and what it does. The map takes them while it has the focus. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Modal isOpen title={t('map.key.title', 'Keyboard shortcuts of the floor map')} onDismiss={onClose}>
      <p>{t('map.key.focus', 'They work while the map has the focus: click on it, or press Tab.')}</p>
      <dl className={styles} data-testid="floormap-shortcuts">
        {shortcuts().map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    margin: 0,
    '& > div': { display: 'flex', gap: theme.spacing(2), padding: theme.spacing(0.5, 0) },
    dt: { flex: '0 0 110px', textAlign: 'right' },
    dd: { margin: 0 },
    kbd: { whiteSpace: 'pre', color: theme.colors.text.primary, background: theme.colors.background.secondary },
  });
