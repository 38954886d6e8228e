// The beginning of a CSV file, read as the server reads it: separators, missing values, types of columns.
const SAMPLE = 1 << 20; // bytes
const MISSING = /^(#N\/A( N\/A)?|#?NA|N\/A|<NA>|-?1\.#(IND|QNAN)|-?(NaN|nan)|None|n\/a|NULL|null|)$/;
const NUMBER = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|\d{4}-\d\d-\d\d.*)$/i; // or a date
const ID = /(^|[\W_])(id|index)$|^unnamed: /i;
const TARGET = /^(target|label|class|species|y)$/i;

function parse(text, separator) {
  const cell = `"([^"]*(?:""[^"]*)*)"?|([^${separator}\r\n]*)`;
  const cells = new RegExp(`(?:${cell})(${separator}|\r\n?|\n|$)`, 'gy');
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(cells)) {
    rows.at(-1).push((plain ?? quoted.replaceAll('""', '"')).trim());
    if (end !== separator) {
      rows.push([]);
    }
  }
  return rows.filter(row => row.some(Boolean));
}

/** The names, the first rows, and the decimal separator unless a point. */
export async function read(file) {
  const sample = await file.slice(0, SAMPLE).text();
  const text = file.size > SAMPLE ? sample.slice(0, sample.lastIndexOf('\n')) : sample;
  const header = text.split(/[\r\n]/, 1)[0].replace(/"[^"]*"/g, '');
  const separator = [';', '\t'].find(each => header.split(each).length > header.split(',').length) ?? ',';
  const [names, ...rows] = parse(text, separator);
  if (rows.length === 0 || text.includes('\0')) {
    throw new Error(`${file.name} is not a table of text with a line of names`);
  }
  const comma = separator !== ',' && /[;\t\n]-?\d+,\d+\s*[;\t\n]/.test(text);
  return { names, rows, decimal: comma ? ',' : null };
}

/** The columns: type that the server infers, type to propose, and the same for a target, share of gaps. */
export const columnsOf = ({ names, rows, decimal }) => names.map((name, index) => {
  const values = rows.map(row => row[index] ?? '').filter(cell => !MISSING.test(cell));
  const numbers = values.filter(cell => NUMBER.test(cell.replace(decimal ?? '.', '.')));
  const inferred = numbers.length >= 0.95 * values.length ? 'numeric' : 'categorical';
  const distinct = new Set(values).size;
  const identifies = distinct === rows.length && (inferred === 'categorical' || ID.test(name));
  const codes = distinct <= (TARGET.test(name) ? 20 : 2) && values.every(cell => /^[+-]?\d+$/.test(cell));
  return {
    name,
    inferred,
    type: !name || distinct === 0 || identifies ? 'ignore' : inferred,
    typeAsTarget: codes ? 'categorical' : inferred,
    gaps: 1 - values.length / rows.length,
  };
});

/** The column to predict: the one with such a name, or the last one. */
export const proposeTarget = columns => columns.find(({ name }) => TARGET.test(name))
  ?? columns.findLast(({ type }) => type !== 'ignore') ?? columns[0];
