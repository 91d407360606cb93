import { hostname } from 'node:os';

/** Who writes, as query_log tells it by `log_comment`. What is written in batches adds which batch. */
export const WRITER_NAME = `ingestor ${hostname()}`;
