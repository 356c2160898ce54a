/** Model bundles: what is read from a folder, before any engine sees it. */
@NullMarked
package io.attribution.engine.bundle;

import org.jspecify.annotations.NullMarked;
