import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

/** A line over the page that says what it shows, if that is not the whole fleet of now. */
export function Notice({ testId, children }: { testId: string; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.notice} role="status" data-testid={testId}>
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  notice: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    width: '100%',
    marginBottom: theme.spacing(1),
    padding: theme.spacing(1, 2),
    border: `1px solid ${theme.colors.warning.border}`,
    borderLeft: `6px solid ${theme.colors.warning.main}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.warning.transparent,
    color: theme.colors.text.primary,
    '& > span': { flex: '1 1 200px' },
  }),
});
