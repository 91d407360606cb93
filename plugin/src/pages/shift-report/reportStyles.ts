import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

export const getReportStyles = (theme: GrafanaTheme2) => ({
  sheet: css({
    width: '100%',
    maxWidth: 1200,
    padding: theme.spacing(3),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    header: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', gap: theme.spacing(2) },
    h2: { margin: 0 },
    h3: { margin: theme.spacing(3, 0, 1), fontSize: theme.typography.h5.fontSize },
    // A wide table is scrolled in itself, not with the page.
    'section > div': { overflowX: 'auto' },
    table: { width: '100%', fontVariantNumeric: 'tabular-nums' },
    'th, td': {
      padding: theme.spacing(0.5, 1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      textAlign: 'right',
      overflowWrap: 'break-word',
      minWidth: 72,
    },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    'th:first-child, td:first-child': { minWidth: 130, textAlign: 'left' },
    footer: { marginTop: theme.spacing(3), a: { color: theme.colors.text.link } },
    // Black on white, whatever the theme.
    '@media print': {
      ...{ maxWidth: 'none', padding: 0, border: 0, background: '#fff', color: '#000', fontSize: '9pt' },
      'th, td': { padding: '1mm 2mm', borderColor: '#bbb', color: '#000', minWidth: 0 },
      'h2, h3, p, th': { color: '#000' },
      'section, tr': { breakInside: 'avoid' },
      h3: { breakAfter: 'avoid', margin: '4mm 0 1mm' },
      'section > div': { overflow: 'visible' },
      footer: { display: 'none' },
    },
  }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(480px, 100%), 1fr))',
    columnGap: theme.spacing(4),
    '@media print': { display: 'block' },
  }),
  screenOnly: css({ '@media print': { display: 'none' } }),
});

/** Hides what is around the report on paper: navigation, controls, breadcrumbs. It is on the page only while the report is. */
export const PRINT_CSS = `
@page { size: A4 portrait; margin: 12mm; }
@media print {
  body * { visibility: hidden; }
  [data-testid="shift-report"], [data-testid="shift-report"] * { visibility: visible; }
  html, body, body > div, main, main * { height: auto; min-height: 0; overflow: visible; }
  html, body { background: #fff; }
  [data-testid="shift-report"] { position: absolute; left: 0; top: 0; width: 100%; }
}`;
