/**
 * Tables with named columns of numbers, text, dates and missing values, and their encoding as inputs of a network.
 *
 * <ul>
 *   <li>A {@link io.backprop.tabular.RowSink} receives a table cell by cell, for example from
 *       {@link io.backprop.tabular.CsvTables}.
 *   <li>For training, a {@link io.backprop.tabular.TableBuilder} collects a {@link io.backprop.tabular.Table} in memory
 *       and infers the types of its columns. {@link io.backprop.tabular.TableExamples} fits the
 *       {@link io.backprop.tabular.Feature}s of a model to some of its rows and encodes rows as inputs.
 *   <li>A table of any length, in any number of parts, is fitted in up to three passes, which begin with a
 *       {@link io.backprop.tabular.TableScan}; an {@link io.backprop.tabular.ExampleRows} encodes its rows.
 *   <li>For prediction, a {@link io.backprop.tabular.RowEncoder} encodes rows in batches for a model with known features.
 * </ul>
 *
 * <p>Every number is parsed as a double and rounded to a float, however a table is read, so that the same table always
 * gives the same bits. Plain Java, like the engine.
 *
 * <p>What is fitted does not depend on the order of the rows, nor on their division among machines: sums are exact and are
 * rounded once, quantiles are counted, and equally frequent categories are sorted by their text. The same accumulators fit a
 * table in memory and one in parts. A median is part of each numeric feature, and the number of rows for validation depends
 * on the number of all rows; therefore types are found in the first pass, sums and the upper halves of numbers in the second,
 * and the lower halves in the third. A column may have 10,000 different values only while at most 1,000 of them are numbers
 * or dates, because a column of numbers must not keep the text of more, whichever comes first.
 */
@NullMarked
package io.backprop.tabular;

import org.jspecify.annotations.NullMarked;
