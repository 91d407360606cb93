import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';

/** Shown over a view without robots: the view has been moved away from them, the floor is not empty. */
export function OutOfSightSign({ onShow }: { onShow: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={styles.sign} data-testid="floormap-out-of-sight">
      <span>{t('map.empty_view', 'No robot is in this part of the map.')}</span>
      <Button size="sm" variant="secondary" onClick={onShow}>
        {t('map.show_robots', 'Show the robots')}
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sign: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    width: 'fit-content',
    gap: theme.spacing(0.5, 1),
    marginBottom: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${theme.colors.primary.border}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    pointerEvents: 'auto',
  }),
});
