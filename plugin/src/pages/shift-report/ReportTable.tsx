import React from 'react';

interface ReportTableProps {
  title: string;
  /** Stands in the place of a table without rows; with '', its title is not there either. */
  empty: string;
  head: string[];
  rows: string[][];
}

export function ReportTable({ title, empty, head, rows }: ReportTableProps) {
  if (rows.length === 0 && empty === '') return null;
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 && <p>{empty}</p>}
      {rows.length > 0 && (
        <div>
          <table>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, k) => (
                <tr key={k}>
                  {cells.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
