/**
 * What the service and a driver on Apache Spark send each other, over HTTP. A driver claims a training of a table, or the
 * scoring of one, and works on it under a lease; the service decides everything that depends on the model, and publishes.
 *
 * <ul>
 *   <li>JSON documents are records that {@link io.backprop.driver.DriverDocuments} reads and writes. Values of the engine and
 *       of tables are written as they are.
 *   <li>Parameters travel as a {@link io.backprop.driver.Packet}: a JSON header with a binary payload.
 *   <li>Both write predictions with the same {@link io.backprop.driver.CsvPredictionWriter}.
 * </ul>
 *
 * <p>Compiled into the service and into the driver's jar, which are of the same build: there is one version of the protocol,
 * and what does not follow it is rejected. Uses no Spring, and no other package than the engine and tables.
 */
@NullMarked
package io.backprop.driver;

import org.jspecify.annotations.NullMarked;
