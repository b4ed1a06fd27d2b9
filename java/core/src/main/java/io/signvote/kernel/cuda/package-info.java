/** The kernels on NVIDIA GPUs. This is the only package that calls the CUDA driver, through JCuda. */
package io.signvote.kernel.cuda;
