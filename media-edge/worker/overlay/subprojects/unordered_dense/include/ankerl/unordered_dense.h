/*
 * The part of ankerl::unordered_dense that the mediasoup worker uses, on top of the C++ standard library.
 *
 * Debian 12 has no package of the original. Its containers promise iteration in insertion order and
 * contiguous storage; the worker relies on neither, only on the interface of std::unordered_map.
 */
#ifndef ANKERL_UNORDERED_DENSE_H
#define ANKERL_UNORDERED_DENSE_H

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename Key>
	struct hash : std::hash<Key>
	{
	};

	// One map of the worker brings a hash of its own, so Hash and Equal stay parameters.
	template<typename Key, typename Value, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
