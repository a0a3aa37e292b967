/*
 * The libsrtp 3 interface that the mediasoup worker calls, on top of the distribution's libsrtp 2.
 *
 * Differences that this header bridges:
 * - libsrtp 3 has an opaque policy with setters; libsrtp 2 has a struct that the caller fills.
 * - libsrtp 3 reads from one buffer and writes to another, and is told how large the other one is;
 *   libsrtp 2 works in place and trusts the caller.
 * - libsrtp 3 takes lengths as size_t, libsrtp 2 as int.
 */
#ifndef SYLK_LIBSRTP3_ON_LIBSRTP2_H
#define SYLK_LIBSRTP3_ON_LIBSRTP2_H

// libsrtp 2 calls its struct srtp_policy_t, which is the name of the opaque pointer in libsrtp 3.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

/* Error codes that libsrtp 3 adds; libsrtp 2.5 ends at 27. */
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

/* A libsrtp 2 policy together with what it only points at. */
struct srtp3_policy
{
	srtp2_policy_t policy;
	srtp_profile_t profile;
	// Master key followed by master salt, which is the form libsrtp 2 wants.
	uint8_t key[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) srtp3_policy{};

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (policy)
	{
		// The key must not stay behind in freed memory, and a plain memset() may be optimised away.
		volatile uint8_t* key = policy->key;

		for (size_t i{ 0 }; i < sizeof(policy->key); ++i)
		{
			key[i] = 0;
		}
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	policy->profile = profile;

	const srtp_err_status_t err =
	  srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	if (err != srtp_err_status_ok)
	{
		return err;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

/* The worker uses no MKI, so one is refused instead of being silently ignored. */
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
	if (mkiLen != 0 || keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->policy.window_size = size;

	return srtp_err_status_ok;
}

/* libsrtp 2 copies the key, so the policy may be destroyed right after this. */
inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, &policy->policy);
}

/* The SSRC is in network byte order in both versions. */
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace srtp3
{
	using InPlaceCall = srtp_err_status_t (*)(srtp_t, void*, int*);

	/*
	 * Runs an in-place call of libsrtp 2 from one buffer to another.
	 *
	 * @param outLen size of `out` on entry, length of the result on return
	 * @param growth bytes that the call may write behind the packet
	 */
	inline srtp_err_status_t transform(
	  InPlaceCall call, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth)
	{
		if (inLen > static_cast<size_t>(INT_MAX) - growth || *outLen < inLen + growth)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		int len                     = static_cast<int>(inLen);
		const srtp_err_status_t err = call(session, out, &len);

		if (err == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return err;
	}

	/* SRTCP adds the E flag and index, RFC 3711 s. 3.4. */
	inline constexpr size_t SrtcpIndexLen{ 4 };
} // namespace srtp3

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlaceCall>(srtp_protect), session, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlaceCall>(srtp_unprotect), session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlaceCall>(srtp_protect_rtcp),
	  session,
	  rtcp,
	  rtcpLen,
	  srtcp,
	  srtcpLen,
	  SRTP_MAX_TRAILER_LEN + srtp3::SrtcpIndexLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlaceCall>(srtp_unprotect_rtcp), session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

#endif
