import React, { useState } from 'react';
import type { TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { UNESCAPED } from '../grafana/showText';
import { askOnce } from '../queries/askOnce';
import { csvOf } from './csv';

interface CsvButtonProps {
  /** The file without its ending. */
  name: string;
  sql: string;
  timeRange: TimeRange;
  columns: readonly string[];
}

/** Asks ClickHouse for all rows and saves them as a CSV file. */
export function CsvButton({ name, sql, timeRange, columns }: CsvButtonProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const download = async () => {
    setIsBusy(true);
    setProblem('');
    try {
      save(`${safeFileName(name)}.csv`, csvOf(await askOnce(sql, timeRange), columns));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : JSON.stringify(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Button
        size="sm"
        variant="secondary"
        icon={isBusy ? 'spinner' : 'download-alt'}
        disabled={isBusy}
        onClick={() => void download()}
      >
        {t('csv.button', 'CSV')}
      </Button>
      {problem !== '' && (
        <span role="alert">
          {t('csv.failed', 'The file cannot be read from ClickHouse: {{problem}}', { problem, ...UNESCAPED })}
        </span>
      )}
    </>
  );
}

/** An id may hold `/` and more that no file name can have. */
export function safeFileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100);
}

function save(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
