/** Linear algebra on NVIDIA GPUs, through JCublas; optional. Shares context and streams with the kernels beside it. */
package io.signvote.kernel.cublas;
