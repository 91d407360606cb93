import { ClickHouseError } from '@clickhouse/client';

/**
 * Errors that the values of a row cause, so that a retry of the same insert always fails: a table constraint, or a function in
 * a materialised view that throws. All other errors (network, memory, too many parts, rights, another schema) are
 * infrastructure and are retried. The numbers are ClickHouse's error codes.
 */
const DATA_ERRORS: ReadonlySet<string> = new Set([
  '6', // CANNOT_PARSE_TEXT
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '38', // CANNOT_PARSE_DATE
  '41', // CANNOT_PARSE_DATETIME
  '69', // ARGUMENT_OUT_OF_BOUND
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '131', // TOO_LARGE_STRING_SIZE
  '153', // ILLEGAL_DIVISION
  '321', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '376', // CANNOT_PARSE_UUID
  '395', // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
  '407', // DECIMAL_OVERFLOW
  '469', // VIOLATED_CONSTRAINT
]);

/** An insert of half the size may succeed: MEMORY_LIMIT_EXCEEDED, TIMEOUT_EXCEEDED. */
const SIZE_ERRORS: ReadonlySet<string> = new Set(['241', '159']);

export function isSizeError(error: unknown): boolean {
  return error instanceof ClickHouseError && SIZE_ERRORS.has(error.code);
}

export function isDataError(error: unknown): error is ClickHouseError {
  return error instanceof ClickHouseError && DATA_ERRORS.has(error.code);
}
