/**
 * ONNX: files as values that mirror the messages of {@code onnx.proto}, and models as graphs.
 *
 * <p>Nothing but {@link io.backprop.interchange.onnx.OnnxWriter} and the reader knows the encoding, which is Protocol
 * Buffers.
 */
@NullMarked
package io.backprop.interchange.onnx;

import org.jspecify.annotations.NullMarked;
