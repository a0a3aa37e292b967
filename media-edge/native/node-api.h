/*
 * The part of Node-API 8 that udp-batch.c uses. Its binary interface is the same in every release of Node since 12.22,
 * so the library needs no headers of the installed one, which distributions often leave out.
 */
#ifndef SYLK_NODE_API_H
#define SYLK_NODE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_ref__ *napi_ref;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
typedef void (*napi_finalize)(napi_env env, void *data, void *hint);
typedef enum { napi_ok } napi_status;

#define NAPI_AUTO_LENGTH SIZE_MAX

napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *count, napi_value *values, napi_value *self, void **data);
napi_status napi_get_value_int32(napi_env, napi_value, int32_t *result);
napi_status napi_get_value_string_utf8(napi_env, napi_value, char *text, size_t room, size_t *bytes);
napi_status napi_get_arraybuffer_info(napi_env, napi_value, void **memory, size_t *bytes);
napi_status napi_create_int32(napi_env, int32_t value, napi_value *result);
napi_status napi_create_string_utf8(napi_env, const char *text, size_t bytes, napi_value *result);
napi_status napi_create_reference(napi_env, napi_value, uint32_t count, napi_ref *result);
napi_status napi_create_function(napi_env, const char *name, size_t bytes, napi_callback, void *data, napi_value *result);
napi_status napi_set_named_property(napi_env, napi_value object, const char *name, napi_value value);
napi_status napi_set_instance_data(napi_env, void *data, napi_finalize, void *hint);
napi_status napi_get_instance_data(napi_env, void **data);
napi_status napi_throw_error(napi_env, const char *code, const char *message);

#endif
