/**
 * Additions to the OpenAPI document that springdoc does not derive by itself.
 */
@NullMarked
package io.backprop.web.openapi;

import org.jspecify.annotations.NullMarked;
