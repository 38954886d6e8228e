/**
 * The OpenAPI document. springdoc generates it from the controllers and records; this package adds what springdoc cannot
 * derive, and descriptions and examples from a resource.
 */
@NullMarked
package io.backprop.web.openapi;

import org.jspecify.annotations.NullMarked;
