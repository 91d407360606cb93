import React from 'react';

interface ReportTableProps {
  title: string;
  /** Stands in the place of a table without rows. */
  empty: string;
  head: string[];
  rows: string[][];
}

export function ReportTable({ title, empty, head, rows }: ReportTableProps) {
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
