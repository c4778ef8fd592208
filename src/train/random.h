/* Random numbers by counting: a number is a hash of what it is for, so nothing is carried along and
 * threads draw in any order. The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
#ifndef VITRINE_TRAIN_RANDOM_H
#define VITRINE_TRAIN_RANDOM_H

#include <stdint.h>

/* The key of number (or stream) `index` under `key`. */
static inline uint64_t vitrine_random(uint64_t key, uint64_t index)
{
    uint64_t z = key + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* [0, 1) in steps of 2^-53. */
static inline double vitrine_random_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

/* 0 .. below-1, below > 0; even to within 2^-32. */
static inline uint32_t vitrine_random_below(uint64_t bits, uint32_t below)
{
    return (uint32_t)(((bits >> 32) * below) >> 32);
}

#endif
