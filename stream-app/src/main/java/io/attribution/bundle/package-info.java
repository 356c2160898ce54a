/** Model bundles: what is read from a folder, before any engine sees it. */
@NullMarked
package io.attribution.bundle;

import org.jspecify.annotations.NullMarked;
