/*
 * Headers that most files of the worker include, read once instead of two hundred times: it halves the
 * time of the build. Logger.hpp must not be here, because files set macros before they include it.
 */
#include "common.hpp"
#include "FBS/message.h"
#include "FBS/notification.h"
#include "FBS/request.h"
#include "FBS/response.h"
#include "FBS/transport.h"
#include "FBS/worker.h"
#include <ankerl/unordered_dense.h>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <uv.h>
#include <vector>
