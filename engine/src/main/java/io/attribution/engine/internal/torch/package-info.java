/** libtorch through DJL: its settings, its memory scopes, its programs. */
@NullMarked
package io.attribution.engine.internal.torch;

import org.jspecify.annotations.NullMarked;
