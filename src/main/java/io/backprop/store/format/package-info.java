/**
 * Binary and JSON formats of stored data. Each format exists in one version, which its header names; data of another
 * version is rejected, and so are data whose checksum does not match. Golden files in the tests freeze every format:
 * whoever changes a format increments its version.
 *
 * <p>Binary values consist of a {@link io.backprop.store.format.Frame}. Large ones are streams cut into chunks, each in
 * a frame of its own, so that only one chunk is in memory at a time. Documents are JSON that Jackson derives from the
 * records of the engine and the model, see {@link io.backprop.store.format.Documents}.
 */
@NullMarked
package io.backprop.store.format;

import org.jspecify.annotations.NullMarked;
