/* Vitrine, the recommender that runs where the visitor is. One include for the whole C API. */
#ifndef VITRINE_H
#define VITRINE_H

#include "vitrine/engine.h"

#define VITRINE_VERSION "0.1.0"

#endif
