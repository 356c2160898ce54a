#!/usr/bin/env python3
"""Write the operators that a bundle's graph may call, as schemas of the PyTorch that runs this: 2.7.1, as the engine's.

An operator is here when it is a function of its arguments: it reads no file, prints nothing, draws no random number
(with `train` false) and gives no uninitialised memory. Those that end in _ change their first argument in place.

Usage: python tools/aten_operators.py > engine/src/main/resources/io/attribution/engine/internal/graph/operators.txt
"""

from __future__ import annotations

import re
import sys

import torch

VERSION = "2.7.1"

NAMES = """
linear addmm mm bmm matmul addbmm baddbmm addmv mv dot inner outer addr einsum bilinear tensordot cdist kron cross
linalg_cross linalg_vecdot linalg_vector_norm linalg_norm linalg_matmul linalg_inv inverse linalg_solve linalg_det det
linalg_cholesky norm frobenius_norm dist cosine_similarity pairwise_distance trace

add sub rsub mul div true_divide multiply divide subtract floor_divide remainder fmod pow square sqrt rsqrt exp exp2
expm1 log log2 log10 log1p logaddexp logaddexp2 abs absolute neg negative positive sign sgn reciprocal sin cos tan asin
acos atan atan2 arctan2 sinh cosh asinh acosh atanh tanh sigmoid erf erfc erfinv lgamma digamma floor ceil round trunc
frac clamp clamp_min clamp_max clip maximum minimum fmax fmin lerp where nan_to_num xlogy heaviside hypot logit sinc
softplus addcmul addcdiv special_expit special_erf special_erfc special_expm1 special_log1p special_xlog1py
special_xlogy special_i0 special_i1 special_logit special_softmax special_log_softmax special_logsumexp

relu relu6 leaky_relu prelu _prelu_kernel elu selu celu gelu silu mish hardtanh hardsigmoid hardswish hardshrink
softshrink threshold log_sigmoid log_sigmoid_forward glu softmax _softmax log_softmax _log_softmax _safe_softmax

batch_norm native_batch_norm _native_batch_norm_legit_no_training _batch_norm_no_update instance_norm layer_norm
native_layer_norm group_norm native_group_norm rms_norm

conv1d conv2d conv3d convolution conv_transpose1d conv_transpose2d conv_transpose3d im2col col2im unfold
max_pool1d max_pool2d max_pool3d max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices avg_pool1d
avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d _adaptive_avg_pool2d
_adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d upsample_nearest1d upsample_nearest2d
upsample_nearest3d upsample_linear1d upsample_bilinear2d upsample_bicubic2d upsample_trilinear3d
_upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_bilinear2d_aa _upsample_bicubic2d_aa pixel_shuffle
pixel_unshuffle channel_shuffle native_channel_shuffle grid_sampler grid_sampler_2d affine_grid_generator

view _unsafe_view reshape reshape_as view_as flatten unflatten ravel squeeze unsqueeze permute transpose t numpy_T mT
swapaxes swapdims movedim moveaxis expand expand_as broadcast_to broadcast_tensors repeat repeat_interleave tile cat
concat concatenate stack hstack vstack dstack column_stack split split_with_sizes chunk tensor_split unbind unsafe_split
unsafe_chunk unsafe_split_with_sizes narrow select slice index index_select gather take take_along_dim flip fliplr
flipud roll rot90 diagonal diag diag_embed tril triu pad constant_pad_nd reflection_pad1d reflection_pad2d
reflection_pad3d replication_pad1d replication_pad2d replication_pad3d contiguous clone alias detach select_scatter
slice_scatter diagonal_scatter index_put index_add index_fill index_copy scatter scatter_add scatter_reduce masked_fill
masked_scatter copy lift_fresh lift_fresh_copy atleast_1d atleast_2d atleast_3d cartesian_prod meshgrid

sum mean prod var std var_mean std_mean amax amin aminmax max min argmax argmin any all median nanmedian cumsum cumprod
cummax cummin logcumsumexp logsumexp topk sort argsort msort kthvalue count_nonzero nansum nanmean mode quantile

eq ne lt le gt ge less less_equal greater greater_equal not_equal logical_and logical_or logical_not logical_xor
isnan isinf isfinite isposinf isneginf bitwise_and bitwise_or bitwise_not bitwise_xor bitwise_left_shift
bitwise_right_shift __and__ __or__ __xor__ isclose isin searchsorted bucketize one_hot

to _to_copy type_as arange zeros ones full zeros_like ones_like full_like new_zeros new_ones new_full scalar_tensor eye
linspace logspace tril_indices triu_indices fill

scaled_dot_product_attention _scaled_dot_product_attention_math _scaled_dot_product_flash_attention_for_cpu
lstm gru rnn_tanh rnn_relu lstm_cell gru_cell rnn_tanh_cell rnn_relu_cell embedding embedding_bag _embedding_bag

fft_fft fft_ifft fft_rfft fft_irfft fft_fft2 fft_ifft2 fft_rfft2 fft_irfft2 real imag complex view_as_real
view_as_complex conj _conj resolve_conj angle polar

add_ sub_ mul_ div_ pow_ neg_ abs_ exp_ log_ sqrt_ rsqrt_ square_ reciprocal_ clamp_ clamp_min_ clamp_max_ floor_ round_
sigmoid_ tanh_ relu_ relu6_ leaky_relu_ elu_ selu_ celu_ gelu_ silu_ mish_ hardtanh_ hardsigmoid_ hardswish_ threshold_
masked_fill_ fill_ zero_ copy_ index_put_ index_add_ index_fill_ index_copy_ scatter_ scatter_add_ squeeze_ unsqueeze_
transpose_ t_ addcmul_ addcdiv_ addmm_ lerp_ logical_and_ logical_or_ bitwise_and_ bitwise_or_ eq_ ne_

sym_size sym_numel
"""

# What no graph in JSON can give, what the JIT has for Python, and bytes taken for other numbers.
UNUSED = re.compile(
    r"Dimname|Generator|Stream|Storage|\bstr\[\]|\bt\[\]|Dict\(|\.\.\."
    r"|\.prim_|::to\.device|view\.dtype|size\(Tensor self\)"
)


def schemas(name: str) -> list[str]:
    """All overloads of an operator that work on tensors."""
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        text = str(schema)
        written = [a.name for a in schema.arguments if a.alias_info is not None and a.alias_info.is_write]
        in_place = name.endswith("_") and not name.startswith("__")
        if UNUSED.search(text) or written != (["self"] if in_place else []):
            continue
        tensors = any("Tensor" in str(a.type) for a in [*schema.arguments, *schema.returns])
        if tensors or name.startswith("sym_"):
            found.append(text)
    return sorted(found)


def main() -> None:
    if not torch.__version__.startswith(VERSION):
        sys.exit(f"PyTorch {VERSION} is needed, the engine's; this is {torch.__version__}")
    for name in NAMES.split():
        found = schemas(name)
        if not found:
            sys.exit(f"PyTorch {VERSION} has no operator {name} of tensors")
        print("\n".join(found))


if __name__ == "__main__":
    main()
