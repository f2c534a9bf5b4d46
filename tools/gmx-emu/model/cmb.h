/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EMU_CMB_H
#define EMU_CMB_H

#include "emu.h"

/* The controller memory buffer; addresses are those that the host has given it in CMBMSC. */
int emu_cmb_init(struct emu_ctrl *c); /* 0 or a negative errno */
void emu_cmb_free(struct emu_ctrl *c);
void emu_cmb_reset(struct emu_ctrl *c);				 /* not by CC.EN */
uint64_t emu_cmb_size(const struct emu_ctrl *c);		 /* bytes, 0: there is none */
uint32_t emu_cmb_get(const struct emu_ctrl *c, uint64_t offset); /* its registers */
void emu_cmb_set(struct emu_ctrl *c, uint64_t offset, uint32_t v);
bool emu_cmb_has(const struct emu_ctrl *c, uint64_t addr, uint64_t len);			/* a part of it at least */
uint8_t *emu_cmb_at(struct emu_ctrl *c, uint64_t addr, uint64_t len, bool write);		/* all of it, or NULL */
uint16_t emu_cmb_queue(const struct emu_ctrl *c, uint64_t addr, uint64_t len, bool submission); /* may it lie there? */
void emu_cmb_fetched(struct emu_ctrl *c);
void emu_cmb_status(const struct emu_ctrl *c, json_object *out);

#endif
