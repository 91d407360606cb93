import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, IconButton, Input, useStyles2 } from '@grafana/ui';
import type { Problems } from './problems';

interface RowListProps<Column extends string> {
  /** Of the setting: with the number of a row and the column, the field of a problem. */
  name: string;
  rows: ReadonlyArray<Record<Column, string>>;
  columns: ReadonlyArray<{ id: Column; label: string; placeholder: string; widthPx: number; type?: 'text' | 'time' }>;
  empty: Record<Column, string>;
  /** Of the buttons; a row is named by its number. */
  words: { add: string; remove: (row: number) => string };
  most: number;
  problems: Problems;
  isReadOnly: boolean;
  onChange: (rows: Array<Record<Column, string>>) => void;
}

/** Rows of texts that an administrator adds, changes and removes. A problem stands below its field. */
export function RowList<Column extends string>(props: RowListProps<Column>) {
  const { name, rows, columns, empty, words, most, problems, isReadOnly, onChange } = props;
  const styles = useStyles2(getStyles);
  const change = (row: number, id: Column, text: string) =>
    onChange(rows.map((one, k) => (k === row ? { ...one, [id]: text } : one)));
  return (
    <div className={styles.rows}>
      {rows.map((row, k) => (
        <div key={k} className={styles.row} data-testid={`${name}-${k}`}>
          {columns.map(({ id, label, placeholder, widthPx, type = 'text' }) => {
            const problem = problems[`${name}.${k}.${id}`];
            return (
              <div key={id} style={{ flex: `1 1 ${widthPx}px`, maxWidth: 2.2 * widthPx }}>
                <Field noMargin label={label} invalid={problem !== undefined} error={problem}>
                  <Input
                    id={`setup-${name}-${k}-${id}`}
                    type={type}
                    value={row[id]}
                    placeholder={placeholder}
                    disabled={isReadOnly}
                    maxLength={2_000}
                    onChange={({ currentTarget }) => change(k, id, currentTarget.value)}
                  />
                </Field>
              </div>
            );
          })}
          {!isReadOnly && (
            <div className={styles.remove}>
              <IconButton
                name="trash-alt"
                size="lg"
                tooltip={words.remove(k + 1)}
                onClick={() => onChange(rows.filter((_, other) => other !== k))}
              />
            </div>
          )}
        </div>
      ))}
      {!isReadOnly && (
        <div>
          <Button
            variant="secondary"
            size="sm"
            icon="plus"
            disabled={rows.length >= most}
            onClick={() => onChange([...rows, empty])}
          >
            {words.add}
          </Button>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5) }),
  row: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), alignItems: 'flex-start' }),
  // In the height of the inputs, below their labels.
  remove: css({ paddingTop: theme.spacing(3) }),
});
