/**
 * Binary and JSON formats of stored data. Each format exists in one version, which its header names; data of another
 * version is rejected, and so is data whose checksum does not match. Golden files in the tests freeze every format: to
 * change a format, increment its version and replace its golden files.
 *
 * <p>A binary value is a {@link io.backprop.store.format.Frame}. A large one is a stream cut into chunks, each in a frame,
 * so that only one chunk is in memory at a time. Documents are JSON that Jackson derives from the records of the engine and
 * the model, see {@link io.backprop.store.format.Documents}.
 */
@NullMarked
package io.backprop.store.format;

import org.jspecify.annotations.NullMarked;
