/**
 * What all controllers share: strict JSON, tables as bodies with their options in the query, limits on bodies, problems
 * (RFC 9457), and the OpenAPI document. {@link
 * io.backprop.web.ProblemType} is the only home of what a client can be told went wrong, and {@code ProblemAdvice} the
 * only place where an exception becomes an answer. A feature adds a domain exception, a line in that advice, and names
 * the problem on its controller's method with {@link io.backprop.web.ApiProblems}.
 */
@NullMarked
package io.backprop.web;

import org.jspecify.annotations.NullMarked;
