/** The file format of TorchScript. */
@NullMarked
package io.attribution.engine.internal.torchscript;

import org.jspecify.annotations.NullMarked;
