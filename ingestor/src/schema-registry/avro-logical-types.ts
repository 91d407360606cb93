import avro from 'avsc';

/** Decimal numbers with as many digits are different numbers of JavaScript. */
const EXACT_DIGITS = 15;
/** 308 digits. The time to convert a number grows faster than its length. */
const MAX_DECIMAL_BYTES = 128;
const MAX_SCALE = 1_000;

type Underlying = number | bigint | string | Buffer;

/** Reads a logical type. This program writes no Avro, so there is no way back. */
abstract class ReadOnlyType extends avro.types.LogicalType {
  protected override _toValue(value: unknown): unknown {
    return value;
  }
  protected override _fromValue(value: unknown): unknown {
    return this.read(value as Underlying);
  }
  protected abstract read(value: Underlying): unknown;
}

/** Milliseconds, rounded down, from a finer unit. */
const millis = (value: Underlying, perMilli: number): number => {
  const exact = BigInt(value as number | bigint);
  const unit = BigInt(perMilli);
  const quotient = exact / unit;
  return Number(exact % unit < 0n ? quotient - 1n : quotient);
};

class TimestampMicros extends ReadOnlyType {
  protected read(micros: Underlying): number {
    return typeof micros === 'number' ? Math.floor(micros / 1_000) : millis(micros, 1_000);
  }
}

class TimestampNanos extends ReadOnlyType {
  protected read(nanos: Underlying): number {
    return millis(nanos, 1_000_000);
  }
}

/**
 * A time without a zone becomes text without a zone. The contract reads it as UTC, like such a text in JSON, and `meta` keeps it.
 * @param perMilli units per millisecond
 */
const localTimestamp = (perMilli: number) =>
  class extends ReadOnlyType {
    protected read(value: Underlying): unknown {
      const time = new Date(millis(value, perMilli));
      return Number.isNaN(time.getTime()) ? String(value) : time.toISOString().slice(0, -1);
    }
  };

/** A number, or text if a number would round it. */
class Decimal extends ReadOnlyType {
  readonly #scale: number;

  constructor(schema: avro.Schema, options: unknown) {
    super(schema, options);
    const { scale = 0 } = schema as unknown as { scale?: number };
    // avsc reads a logical type that cannot be created as the type that is under it.
    if (!Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE) throw new RangeError(`a scale of ${scale}`);
    this.#scale = scale;
  }

  protected read(bytes: Underlying): number | string {
    const { length } = bytes as Buffer;
    if (length > MAX_DECIMAL_BYTES) throw new RangeError(`a decimal number of ${length} bytes`);
    const hex = (bytes as Buffer).toString('hex');
    const unscaled = BigInt.asIntN(4 * hex.length, hex === '' ? 0n : BigInt(`0x${hex}`));
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    const sign = unscaled < 0n ? '-' : '';
    const text = sign + digits.slice(0, point) + (this.#scale > 0 ? `.${digits.slice(point)}` : '');
    return digits.replace(/^0+/, '').length <= EXACT_DIGITS ? Number(text) : text;
  }
}

/** Text, or 16 bytes. */
class Uuid extends ReadOnlyType {
  protected read(value: Underlying): unknown {
    if (!Buffer.isBuffer(value) || value.length !== 16) return value;
    return value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

/** avsc reads the types that are missing here, such as `timestamp-millis` and `date`, as their numbers. */
export const LOGICAL_TYPES = {
  'timestamp-micros': TimestampMicros,
  'timestamp-nanos': TimestampNanos,
  'local-timestamp-millis': localTimestamp(1),
  'local-timestamp-micros': localTimestamp(1_000),
  'local-timestamp-nanos': localTimestamp(1_000_000),
  decimal: Decimal,
  uuid: Uuid,
};
