// Entry point of the child process that runs the ClickHouse server: node clickhouse-server.ts LIBCHDB ARGUMENT...
// The C entry point of chdb is `clickhouse local`. It blocks the only thread of this process until its query ends.
import { DataType, isNullPointer, load, open, restorePointer, wrapPointer } from 'ffi-rs';

const [libraryPath = '', ...clickHouseArguments] = process.argv.slice(2);
const LIBRARY = 'chdb';
open({ library: LIBRARY, path: libraryPath });

const argv = ['clickhouse', ...clickHouseArguments];
/** `struct local_result_v2` of chdb.h. */
const result = load({
  library: LIBRARY,
  funcName: 'query_stable_v2',
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  retType: {
    buffer: DataType.External,
    lengthBytes: DataType.U64,
    vector: DataType.External,
    elapsedSeconds: DataType.Double,
    rowsRead: DataType.U64,
    bytesRead: DataType.U64,
    errorMessage: DataType.External,
  },
});
if (!isNullPointer(result.errorMessage)) {
  const [message] = restorePointer({ retType: [DataType.String], paramsValue: wrapPointer([result.errorMessage]) });
  console.error(message);
}
process.exitCode = 1;
