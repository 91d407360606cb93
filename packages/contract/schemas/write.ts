import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_FILES } from '../src/schemas.ts';

// `npm run schemas`: run it after changing the fields. A test fails if the files are not current.
for (const [name, text] of Object.entries(SCHEMA_FILES)) writeFileSync(join(import.meta.dirname, name), text());
