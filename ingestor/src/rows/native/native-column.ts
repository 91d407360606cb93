import { ByteSink } from './byte-sink.ts';
import { stringEnd, type NativeColumn } from './column.ts';
import { LowCardinalityColumn } from './low-cardinality-column.ts';

const WIDTHS: Record<string, number> = {
  UUID: 16,
  Int64: 8,
  UInt64: 8,
  DateTime64: 8,
  Int32: 4,
  UInt32: 4,
  Float32: 4,
  Enum8: 1,
  UInt8: 1,
};

/** @throws when the type is not supported */
export function nativeColumn(type: string): NativeColumn {
  if (type === 'String') return new StringColumn();
  if (type === 'Nullable(String)') return new NullableColumn(new StringColumn(), 1);
  if (type === 'LowCardinality(String)') return new LowCardinalityColumn(false);
  if (type === 'LowCardinality(Nullable(String))') return new LowCardinalityColumn(true);
  const nested = /^Nullable\((.*)\)$/.exec(type)?.[1];
  const width = WIDTHS[(nested ?? type).replace(/\(.*/s, '')];
  if (width === undefined) throw new Error(`no Native column for ${type}`);
  return nested === undefined ? new FixedColumn(width) : new NullableColumn(new FixedColumn(width), width);
}

class FixedColumn implements NativeColumn {
  readonly values = new ByteSink();
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  take(rows: Uint8Array, at: number): number {
    const end = at + this.#width;
    this.values.copy(rows, at, end);
    return end;
  }

  pieces(): Buffer[] {
    return [this.values.contents()];
  }

  clear(): void {
    this.values.clear();
  }
}

class StringColumn implements NativeColumn {
  readonly values = new ByteSink();

  take(rows: Uint8Array, at: number): number {
    const end = stringEnd(rows, at);
    this.values.copy(rows, at, end);
    return end;
  }

  pieces(): Buffer[] {
    return [this.values.contents()];
  }

  clear(): void {
    this.values.clear();
  }
}

/** First the NULL flags, then all values, with zero or an empty string for NULL. */
class NullableColumn implements NativeColumn {
  readonly #nulls = new ByteSink();
  readonly #column: NativeColumn & { values: ByteSink };
  readonly #zeroBytes: number;

  constructor(column: NativeColumn & { values: ByteSink }, zeroBytes: number) {
    this.#column = column;
    this.#zeroBytes = zeroBytes;
  }

  take(rows: Uint8Array, at: number): number {
    const isNull = rows[at] ?? 0;
    this.#nulls.push(isNull);
    if (isNull === 0) return this.#column.take(rows, at + 1);
    this.#column.values.zeros(this.#zeroBytes);
    return at + 1;
  }

  pieces(): Buffer[] {
    return [this.#nulls.contents(), ...this.#column.pieces()];
  }

  clear(): void {
    this.#nulls.clear();
    this.#column.clear();
  }
}
