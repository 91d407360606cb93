/**
 * Texts that a robot, a floor, a zone, an error code or a link may hold and that break careless code. All are valid ids of
 * the contract (1 to 128 characters). Tests send every one of them through what people see.
 */
export const HOSTILE: readonly { text: string; why: string }[] = [
  { why: 'a quote', text: "o'hall" },
  { why: 'a backslash before a quote', text: "\\') OR 1=1 -- " },
  { why: 'a backslash at the end', text: 'amr-1\\' },
  { why: 'doubled quotes', text: "'') UNION ALL SELECT name FROM system.tables --" },
  { why: 'double quotes and backticks', text: '"amr`1"' },
  { why: 'a comment', text: 'amr/*1*/--2#' },
  { why: 'a variable', text: '${robot:raw}$robot[[robot]]' },
  { why: 'a macro', text: "$__dateFilter(1) OR $__timeFilter('x')" },
  { why: 'a parameter of ClickHouse', text: '{x:String}?@x' },
  { why: 'a comma and braces', text: '{amr-1,amr-2}' },
  { why: 'a script', text: '<script>window.hacked=1</script>' },
  { why: 'an image that runs a script', text: '<img src=x onerror="window.hacked=1">' },
  { why: 'a template of an alert', text: '{{ printf "%s" .Labels }}' },
  { why: 'a script as a link', text: 'javascript:window.hacked=1' },
  { why: 'another parameter of a link', text: 'amr-1&var-robot=amr-2#x?y=1+2%27' },
  { why: 'a path', text: '../../amr/1' },
  { why: 'a direction mark', text: 'amr-\u202e7-1\u202c' },
  { why: 'a letter of no width', text: 'amr\u200b-1\ufeff' },
  { why: 'a formula', text: '=HYPERLINK("http://x","y")' },
  { why: 'a formula with +', text: '+1+cmd|x' },
  { why: 'a formula with -', text: '-2+3' },
  { why: 'a formula with @', text: '@SUM(1)' },
  { why: 'a tab and a line', text: '\t=1\r\nx,"y"' },
  { why: 'a word of JavaScript', text: '__proto__' },
  { why: 'the value of all', text: '$__all' },
  { why: 'letters of other scripts', text: 'ロボット-Ünïcode-روبوت-🤖' },
  { why: 'the longest id', text: 'x'.repeat(64) + '-'.repeat(63) + '1' },
];
