/** The kernels on NVIDIA GPUs: everything that touches the CUDA driver, through JCuda, stands here. */
package io.signvote.kernel.cuda;
