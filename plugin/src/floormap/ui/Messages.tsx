import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface MessagesProps {
  messages: string[];
  /** More of them are scrolled: tools and counts stay in sight. */
  maxHeightPx: number;
  /** What else there is to know, below them. */
  children?: ReactNode;
}

/** What is wrong, one sentence each, over a map that goes on working. */
export function Messages({ messages, maxHeightPx, children }: MessagesProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.list}>
      <div role="status" className={styles.messages} style={{ maxHeight: maxHeightPx }} data-testid="floormap-messages">
        {[...new Set(messages)].map((message) => (
          <div key={message} className={styles.message}>
            {message}
          </div>
        ))}
      </div>
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ marginRight: 'auto' }),
  messages: css({ overflowY: 'auto', pointerEvents: 'auto' }),
  message: css({
    marginBottom: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    overflowWrap: 'anywhere',
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
