// The beginning of a CSV file, read as the server reads it: separators, missing values, types of columns.
const SAMPLE = 1 << 20; // bytes
export const MISSING = new Set(
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split('|'),
);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const AMBIGUOUS = /^[+-]?(inf(inity)?|\d{1,3}([,.'_ ]\d{3})+([,.]\d*)?|\d*,\d+)$/i; // meant as numbers
const DATE = /^\d{4}-\d\d-\d\d([T ]\d.*)?$/;
const ID = /(^|[\W_])(id|key|index)$|^unnamed: \d+$/i;
const TARGET = /^(target|label|class|species|y)$/i;

/** The most frequent separator in the first line, outside of quotes. */
function separatorOf(text) {
  const header = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const count = separator => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function parse(text) {
  const separator = separatorOf(text);
  const cells = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"?|([^${separator}\r\n]*))(${separator}|\r\n?|\n|$)`, 'gy');
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(cells)) {
    rows.at(-1).push((plain ?? quoted.replaceAll('""', '"')).trim());
    if (end !== separator) {
      rows.push([]);
    }
  }
  return rows.filter(row => row.some(cell => cell !== ''));
}

/** The names, the first rows and the decimal separator of a file; whole says whether these are all rows. */
export async function read(file) {
  const whole = file.size <= SAMPLE;
  const text = new TextDecoder().decode(await file.slice(0, SAMPLE).arrayBuffer());
  if (text.includes('\0')) {
    throw new Error(`${file.name} is not text. Save the table as CSV in UTF-8.`);
  }
  const [names, ...rows] = parse(whole ? text : text.slice(0, text.lastIndexOf('\n')));
  if (rows.length === 0) {
    throw new Error(`${file.name} has no rows. A table has a line with the names of its columns, and a line per row.`);
  }
  const count = pattern => rows.slice(0, 1000).flat().filter(cell => pattern.test(cell)).length;
  const comma = count(/^[+-]?\d+,(\d\d?|\d{4,})$/) > count(/^[+-]?\d+\.\d+$/);
  return { names, rows, whole, decimal: comma ? ',' : '.' };
}

/**
 * The columns: the type that the server infers and the one that is proposed, why a column is ignored, gaps, distinct
 * values, whether all are integers, and an invalid cell of a numeric column.
 */
export function columnsOf({ names, rows, whole }, decimal) {
  const swap = cell => (decimal === ',' ? cell.replace(/[.,]/g, each => (each === ',' ? '.' : ',')) : cell);
  return names.map((name, index) => {
    const values = rows.map(row => row[index] ?? '').filter(cell => !MISSING.has(cell));
    const nearlyAll = test => values.length > 0 && values.filter(test).length >= 0.95 * values.length;
    const distinct = new Set(values).size;
    const dates = nearlyAll(cell => DATE.test(cell));
    const valid = cell => (dates ? DATE.test(cell) : NUMBER.test(swap(cell)));
    const numbers = nearlyAll(cell => valid(cell) || AMBIGUOUS.test(swap(cell)));
    const integers = values.every(cell => /^[+-]?\d+$/.test(cell));
    const different = distinct === rows.length && distinct > 1;
    const useless = (!name && 'no name') || (distinct === 0 && 'no values')
      || (whole && distinct === 1 && values.length === rows.length && 'the same in every row')
      || (!numbers && (distinct > 1000 || (whole && different)) && 'too many different words');
    const steps = different && rows.length >= 20 && values.every((cell, row) => cell - values[0] === row);
    const ids = integers && different && (steps || ID.test(name)) && 'numbers the rows';
    const inferred = useless ? 'ignore' : numbers ? 'numeric' : 'categorical';
    return {
      name, inferred, numbers, distinct, integers,
      type: ids ? 'ignore' : inferred,
      reason: useless || ids,
      gaps: rows.length - values.length,
      invalid: numbers ? values.find(cell => !valid(cell)) : undefined,
    };
  });
}

/** The column to predict, and why: [name, reason]. */
export function proposeTarget(columns) {
  const usable = columns.filter(({ name, distinct }) => name && distinct > 1);
  const named = usable.find(({ name }) => TARGET.test(name));
  return named ? [named.name, 'Proposed for its name'] : [usable.at(-1)?.name, 'Proposed as the last column'];
}

/** The task that the server infers from a target, the one that is proposed, and why. */
export function taskOf({ name, numbers, integers, distinct }) {
  const codes = integers && distinct > 1 && distinct <= 20;
  const classes = !numbers || (codes && (distinct === 2 || TARGET.test(name)));
  return {
    inferred: numbers ? 'regression' : 'classification',
    task: classes ? 'classification' : 'regression',
    reason: !numbers ? `${distinct} classes`
      : codes ? `${distinct} different integers: are they numbers, or codes of classes?` : 'Numbers',
  };
}
