/**
 * ONNX: files as values that mirror the messages of {@code onnx.proto}, and models as graphs.
 *
 * <ul>
 *   <li>{@link io.backprop.interchange.onnx.OnnxWriter} and {@link io.backprop.interchange.onnx.OnnxReader} know the
 *       encoding, which is Protocol Buffers.
 *   <li>{@link io.backprop.interchange.onnx.OnnxExporter} turns a model with its preprocessing into a graph.
 *   <li>{@link io.backprop.interchange.onnx.OnnxImporter} turns graphs that other programs made into models.
 * </ul>
 *
 * <p>Plain Java. An exported graph predicts as the service does, within rounding errors; the order of additions is that of
 * the program that runs it.
 */
@NullMarked
package io.backprop.interchange.onnx;

import org.jspecify.annotations.NullMarked;
