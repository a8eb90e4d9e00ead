#ifndef MAITRED_CJOSE_SHIM_H
#define MAITRED_CJOSE_SHIM_H

#include <cjose/error.h>
#include <cjose/header.h>
#include <cjose/jwk.h>
#include <cjose/jws.h>

#endif
