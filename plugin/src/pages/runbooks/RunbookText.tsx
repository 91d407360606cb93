import React from 'react';
import { css } from '@emotion/css';
import { renderMarkdown, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, TextLink, useStyles2 } from '@grafana/ui';
import { RUNBOOKS_URL } from '../../grafana/identifiers';
import { showText, UNESCAPED } from '../../grafana/showText';
import commands from './commands.md';
import { findRunbook } from './runbooks';

/** One runbook, or the way to the others when the address names none. */
export function RunbookText({ rule }: { rule: string }) {
  const styles = useStyles2(getStyles);
  const runbook = findRunbook(rule);
  if (!runbook) {
    return (
      <Alert
        title={t('runbooks.unknown', 'There is no runbook named {{rule}}', { rule: showText(rule), ...UNESCAPED })}
        severity="warning"
      >
        <TextLink href={RUNBOOKS_URL}>{t('runbooks.all', 'See all runbooks')}</TextLink>
      </Alert>
    );
  }
  // The text ships with the plugin; renderMarkdown sanitises it anyway.
  const html = renderMarkdown(`${runbook.markdown}\n${commands}`);
  return <article className={styles} dangerouslySetInnerHTML={{ __html: html }} />;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    maxWidth: 860,
    paddingBottom: theme.spacing(6),
    fontSize: theme.typography.body.fontSize,
    lineHeight: 1.6,
    h2: { marginTop: theme.spacing(3), fontSize: theme.typography.h4.fontSize },
    'ol, ul': { paddingLeft: theme.spacing(3) },
    li: { marginBottom: theme.spacing(1) },
    code: { whiteSpace: 'pre-wrap' },
    pre: {
      padding: theme.spacing(1, 1.5),
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      code: { margin: 0, padding: 0, border: 0, background: 'transparent', whiteSpace: 'pre-wrap' },
    },
    a: { color: theme.colors.text.link, textDecoration: 'underline' },
  });
