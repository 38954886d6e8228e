/**
 * Models as files, to exchange with other instances of the service and with other tools: archives, and ONNX in the
 * subpackage {@code onnx}.
 */
@NullMarked
package io.backprop.interchange;

import org.jspecify.annotations.NullMarked;
