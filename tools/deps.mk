# SPDX-License-Identifier: GPL-2.0-or-later
# What user space is built with, found by pkg-config; $(call deps,NAMES) says what to install where something is missing.
# Headers of others are the system's: their warnings are not ours.

PKG_CONFIG ?= pkg-config
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' $(ROOT)/dkms.conf)
DEPS_PACKAGES := libnvme-dev libsmartcols-dev libjson-c-dev libssl-dev pkg-config

define deps
$(eval DEPS_MISSING := $(shell for p in $(1); do $(PKG_CONFIG) --exists $$p 2>/dev/null || echo $$p; done))
$(if $(DEPS_MISSING),$(error $(DEPS_MISSING): not found. Debian: apt-get install $(DEPS_PACKAGES)))
$(eval DEPS_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1))))
$(eval DEPS_LIBS := $(shell $(PKG_CONFIG) --libs $(1)))
endef
