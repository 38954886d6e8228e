/**
 * The check of the service's own settings, those under {@code backprop}. It is a package of its own because it looks at the
 * properties of all packages without using any of them, before the beans are created.
 */
@NullMarked
package io.backprop.settings;

import org.jspecify.annotations.NullMarked;
