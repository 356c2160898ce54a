/** What can go wrong with the native library before anything is computed. */
@NullMarked
package io.attribution.engine.library;

import org.jspecify.annotations.NullMarked;
