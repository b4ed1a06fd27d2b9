/* What emu_launch_error() says in the calling thread. */
#ifndef SIGNVOTE_LAST_ERROR_H
#define SIGNVOTE_LAST_ERROR_H

#include <string>

extern thread_local std::string last_error;

#endif
