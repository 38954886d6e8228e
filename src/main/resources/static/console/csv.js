// The beginning of a CSV file, read as the server reads it: separators, missing values, types of columns.
const SAMPLE = 1 << 20; // bytes
const MISSING = new Set(
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split('|'),
);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const AMBIGUOUS = /^[+-]?(inf(inity)?|\d{1,3}([,.'_ ]\d{3})+([,.]\d*)?|\d*,\d+(e[+-]?\d+)?)$/i; // meant as numbers
const DATE = /^\d{4}-\d\d-\d\d([T ]\d.*)?$/;
const ID = /(^|[\W_])(id|key|index)$|^unnamed: \d+$/i;
const TARGET = /^(target|label|class|species|y)$/i;

const isMissing = cell => MISSING.has(cell);

/** The most frequent separator in the first line, outside of quotes. */
function separatorOf(text) {
  const header = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const count = separator => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** The rows of a text; the last one only if the text is whole, because it may be cut off. */
function parse(text, whole) {
  const separator = separatorOf(text);
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
    }
    row = [];
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"' && (quoted || cell === '')) {
      quoted = !quoted;
      if (!quoted && text[i + 1] === '"') {
        cell += text[i++];
        quoted = true;
      }
    } else if (quoted) {
      cell += character;
    } else if (character === separator) {
      endCell();
    } else if (character === '\n' || character === '\r') {
      endRow();
    } else {
      cell += character;
    }
  }
  if (whole || rows.length === 0) {
    endRow();
  }
  return rows;
}

/** The names, the first rows and the decimal separator of a file; whole says whether these are all rows. */
export async function read(file) {
  const whole = file.size <= SAMPLE;
  const text = new TextDecoder().decode(await file.slice(0, SAMPLE).arrayBuffer());
  if (text.includes('\0')) {
    throw new Error(`${file.name} is not text in UTF-8. Save the table as CSV in UTF-8.`);
  }
  const [names, ...rows] = parse(text, whole);
  if (!rows.length) {
    throw new Error(`${file.name} has no rows. A table has a line with the names of its columns, and one for each row.`);
  }
  const count = pattern => rows.slice(0, 1000).flat().filter(cell => pattern.test(cell)).length;
  const comma = count(/^[+-]?\d+,(\d\d?|\d{4,})$/) > count(/^[+-]?\d+\.\d+$/);
  return { names, rows, whole, decimal: comma ? ',' : '.' };
}

/**
 * The columns: the type that the server infers and the one that is proposed, with the reason if they differ or the column
 * is ignored; gaps, distinct values, whether all are integers, and an invalid cell of a numeric column.
 */
export function columnsOf({ names, rows, whole }, decimal) {
  const swap = cell => (decimal === ',' ? cell.replace(/[.,]/g, each => (each === ',' ? '.' : ',')) : cell);
  return names.map((name, index) => {
    const values = rows.map(row => row[index] ?? '').filter(cell => !isMissing(cell));
    const unique = new Set(values);
    const distinct = unique.size;
    const all = test => values.length > 0 && 20 * values.filter(test).length >= 19 * values.length;
    const isNumber = cell => NUMBER.test(swap(cell));
    const dates = all(cell => DATE.test(cell));
    const numeric = dates || all(cell => isNumber(cell) || AMBIGUOUS.test(swap(cell)));
    const integers = values.every(cell => /^[+-]?\d+$/.test(cell));
    const different = distinct === rows.length && distinct > 1;
    const useless = !name ? 'has no name' : distinct === 0 ? 'has no values'
      : !numeric && distinct > 1000 ? 'has too many different words'
      : whole && distinct === 1 && values.length === rows.length ? 'has one value'
      : !numeric && whole && different ? 'differs in every row' : '';
    const counts = integers && different && (ID.test(name)
      || (rows.length >= 20 && values.every((cell, i) => Number(cell) === Number(values[0]) + i)));
    const inferred = useless ? 'ignore' : numeric ? 'numeric' : 'categorical';
    return {
      name, inferred, distinct, integers,
      type: counts ? 'ignore' : inferred,
      numbers: numeric,
      reason: useless || (counts ? 'numbers the rows' : ''),
      gaps: rows.length - values.length,
      invalid: numeric ? values.find(cell => !(dates ? DATE.test(cell) : isNumber(cell))) : undefined,
    };
  });
}

/** The column to predict, and why: [name, reason]. */
export function proposeTarget(columns) {
  const usable = columns.filter(({ name, distinct }) => name && distinct > 1);
  const named = usable.find(({ name }) => TARGET.test(name));
  return named ? [named.name, 'proposed for its name'] : [usable.at(-1)?.name, 'proposed as the last column'];
}

/** The task that the server infers from a target, the one that is proposed, and why. */
export function taskOf({ name, numbers, integers, distinct }) {
  if (!numbers) {
    return { inferred: 'classification', task: 'classification', reason: `${distinct} classes` };
  }
  if (integers && distinct > 1 && distinct <= 20) {
    const task = distinct === 2 || TARGET.test(name) ? 'classification' : 'regression';
    return { inferred: 'regression', task, reason: `${distinct} different integers: numbers, or codes of classes` };
  }
  return { inferred: 'regression', task: 'regression', reason: 'a number' };
}
