// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a command's data lies: PRPs and SGLs (NVMe 1.4, 4.3 and 4.4). Shares nothing with the driver. */
#include <errno.h>

#include "cmb.h"
#include "emu.h"

#define DPTR_MAX_SEGS 16384u /* zero-length descriptors must not go on for ever */

static int dma_check(struct emu_ctrl *c, uint64_t addr, size_t len)
{
	uint64_t limit = c->s->traits->dma_bits == 64 ? UINT64_MAX : (1ull << c->s->traits->dma_bits) - 1;

	if (!c->bus_master || c->gone || !c->ops)
		return -EIO;
	if (addr > limit || (len && len - 1 > limit - addr)) {
		/* all of 64 bits can be reached: there it is only nobody's memory */
		if (limit != UINT64_MAX)
			emu_regs_fatal(c, "DMA address beyond what the controller can reach");
		return -EFAULT;
	}
	return 0;
}

/* Across its end there is nobody's memory, whatever the host has there. */
static int dma_cmb(struct emu_ctrl *c, uint64_t addr, uint8_t *buf, size_t len, bool write)
{
	uint8_t *at = c->gone ? NULL : emu_cmb_at(c, addr, len, write);

	if (!at)
		return -EFAULT;
	if (write)
		memcpy(at, buf, len);
	else
		memcpy(buf, at, len);
	return 0;
}

int emu_dma_read(struct emu_ctrl *c, uint64_t addr, void *buf, size_t len)
{
	int ret;

	if (emu_cmb_has(c, addr, len))
		return dma_cmb(c, addr, buf, len, false);
	ret = dma_check(c, addr, len);
	return ret ? ret : c->ops->dma_read(c->host, addr, buf, len);
}

int emu_dma_write(struct emu_ctrl *c, uint64_t addr, const void *buf, size_t len)
{
	int ret;

	if (emu_cmb_has(c, addr, len))
		return dma_cmb(c, addr, (uint8_t *)(uintptr_t)buf, len, true);
	ret = dma_check(c, addr, len);
	return ret ? ret : c->ops->dma_write(c->host, addr, buf, len);
}

void *emu_dma_ptr(struct emu_ctrl *c, uint64_t addr, size_t len)
{
	if (emu_cmb_has(c, addr, len))
		return NULL;
	return dma_check(c, addr, len) || !c->ops->dma_ptr ? NULL : c->ops->dma_ptr(c->host, addr, len);
}

static uint16_t dptr_add(struct emu_dptr *d, uint64_t addr, uint32_t len)
{
	struct emu_seg *segs = d->segs;

	/* neighbours are one */
	if (d->nr && segs[d->nr - 1].addr + segs[d->nr - 1].len == addr && segs[d->nr - 1].len <= UINT32_MAX - len) {
		segs[d->nr - 1].len += len;
		return 0;
	}
	if (d->nr == d->room) {
		unsigned int room = 4 * d->room;

		if (d->nr >= DPTR_MAX_SEGS)
			return GMX_SC_SGL_COUNT | GMX_STS_DNR;
		segs = malloc(room * sizeof(*segs));
		if (!segs)
			return GMX_SC_INTERNAL;
		memcpy(segs, d->segs, d->nr * sizeof(*segs));
		emu_dptr_free(d);
		d->segs = segs;
		d->room = room;
	}
	segs[d->nr].addr = addr;
	segs[d->nr++].len = len;
	return 0;
}

static uint32_t dptr_page(struct emu_ctrl *c)
{
	return 4096u << ((c->cc >> 7) & 0xf);
}

/* PRP2 names a list: every entry is a page, and the last entry of a list page the next list where more is to come. */
static uint16_t dptr_prp_list(struct emu_cmd *cmd, uint64_t list, uint64_t len, struct emu_dptr *d)
{
	uint32_t page = dptr_page(cmd->ctrl);
	uint64_t entries[512];
	uint16_t status;

	while (len) {
		uint32_t room = (uint32_t)(page - (list & (page - 1))) / 8, want, nr, i;

		if (list & 7)
			return GMX_SC_PRP_OFFSET | GMX_STS_DNR;
		want = (uint32_t)((len + page - 1) / page);
		nr = EMU_MIN(want, room);
		for (i = 0; i < nr;) {
			uint32_t part = EMU_MIN(nr - i, (uint32_t)ARRAY_SIZE(entries)), k;

			if (emu_dma_read(cmd->ctrl, list + i * 8ull, entries, part * 8))
				return GMX_SC_DATA_XFER;
			for (k = 0; k < part; k++, i++) {
				uint64_t addr = le64toh(entries[k]);
				uint32_t n = (uint32_t)EMU_MIN(len, page);

				if (addr & (page - 1))
					return GMX_SC_PRP_OFFSET | GMX_STS_DNR;
				if (i == room - 1 && want > room) {
					list = addr;
					break;
				}
				status = dptr_add(d, addr, n);
				if (status)
					return status;
				len -= n;
			}
			if (k < part)
				break;
		}
	}
	return 0;
}

static uint16_t dptr_prp(struct emu_cmd *cmd, uint64_t len, struct emu_dptr *d)
{
	uint64_t prp1 = le64toh(cmd->sqe.dptr.prp1), prp2 = le64toh(cmd->sqe.dptr.prp2);
	uint32_t page = dptr_page(cmd->ctrl), first = page - (uint32_t)(prp1 & (page - 1));
	uint16_t status;

	if (prp1 & 3)
		return GMX_SC_PRP_OFFSET | GMX_STS_DNR;
	status = dptr_add(d, prp1, (uint32_t)EMU_MIN(len, first));
	if (status || len <= first)
		return status;
	len -= first;
	if (len > page)
		return dptr_prp_list(cmd, prp2, len, d);
	if (prp2 & (page - 1))
		return GMX_SC_PRP_OFFSET | GMX_STS_DNR;
	return dptr_add(d, prp2, (uint32_t)len);
}

static uint16_t dptr_sgl_data(const struct gmx_sgl_desc *desc, uint64_t *len, struct emu_dptr *d)
{
	uint32_t n = le32toh(desc->length);

	/* SGLS says that longer than the data is not supported */
	if (n > *len)
		return GMX_SC_SGL_DATA_LEN | GMX_STS_DNR;
	*len -= n;
	return n ? dptr_add(d, le64toh(desc->addr), n) : 0;
}

static uint16_t dptr_sgl(struct emu_cmd *cmd, struct gmx_sgl_desc desc, uint64_t len, struct emu_dptr *d)
{
	struct gmx_sgl_desc part[64];
	unsigned int seen = 0;
	uint16_t status;

	if (desc.type == GMX_SGL_DATA_BLOCK) {
		status = dptr_sgl_data(&desc, &len, d);
		return status ? status : len ? GMX_SC_SGL_DATA_LEN | GMX_STS_DNR : 0;
	}
	for (;;) {
		uint64_t at = le64toh(desc.addr);
		uint32_t bytes = le32toh(desc.length);
		bool last = desc.type == GMX_SGL_LAST_SEGMENT;

		if (!last && desc.type != GMX_SGL_SEGMENT)
			return GMX_SC_SGL_TYPE | GMX_STS_DNR;
		if (!bytes || bytes % sizeof(desc))
			return GMX_SC_SGL_INVALID_SEG | GMX_STS_DNR;
		seen += bytes / sizeof(desc);
		if (seen > DPTR_MAX_SEGS)
			return GMX_SC_SGL_COUNT | GMX_STS_DNR;
		while (bytes) {
			uint32_t n = EMU_MIN(bytes, (uint32_t)sizeof(part)), i;

			if (emu_dma_read(cmd->ctrl, at, part, n))
				return GMX_SC_DATA_XFER;
			at += n;
			bytes -= n;
			for (i = 0; i < n / sizeof(desc); i++) {
				bool end = !bytes && i + 1 == n / sizeof(desc);

				/* only the end of a segment that is not the last leads on */
				if (part[i].type == GMX_SGL_SEGMENT || part[i].type == GMX_SGL_LAST_SEGMENT) {
					if (last || !end)
						return GMX_SC_SGL_INVALID_SEG | GMX_STS_DNR;
					desc = part[i];
					break;
				}
				if (part[i].type != GMX_SGL_DATA_BLOCK)
					return GMX_SC_SGL_TYPE | GMX_STS_DNR;
				if (end && !last)
					return GMX_SC_SGL_INVALID_SEG | GMX_STS_DNR;
				status = dptr_sgl_data(&part[i], &len, d);
				if (status)
					return status;
			}
		}
		if (last)
			return len ? GMX_SC_SGL_DATA_LEN | GMX_STS_DNR : 0;
	}
}

static void dptr_init(struct emu_dptr *d, uint64_t len)
{
	d->segs = d->inline_segs;
	d->room = ARRAY_SIZE(d->inline_segs);
	d->nr = 0;
	d->len = len;
}

uint16_t emu_dptr_walk(struct emu_cmd *cmd, uint64_t len, struct emu_dptr *d)
{
	uint16_t status;

	dptr_init(d, len);
	if (!len)
		return 0;
	status = cmd->sqe.flags & GMX_SQE_PSDT_MASK ? dptr_sgl(cmd, cmd->sqe.dptr.sgl, len, d) : dptr_prp(cmd, len, d);
	if (status)
		emu_dptr_free(d);
	return status;
}

uint16_t emu_dptr_walk_meta(struct emu_cmd *cmd, uint64_t len, struct emu_dptr *d)
{
	uint64_t addr = le64toh(cmd->sqe.mptr);
	struct gmx_sgl_desc desc;
	uint16_t status;

	dptr_init(d, len);
	if (!len)
		return 0;
	if ((cmd->sqe.flags & GMX_SQE_PSDT_MASK) == GMX_SQE_SGL_META) {
		if (addr & 7)
			return GMX_SC_SGL_OFFSET | GMX_STS_DNR;
		if (emu_dma_read(cmd->ctrl, addr, &desc, sizeof(desc)))
			return GMX_SC_DATA_XFER;
		status = dptr_sgl(cmd, desc, len, d);
		if (GMX_STS_CODE(status) == GMX_SC_SGL_DATA_LEN)
			status = GMX_SC_SGL_META_LEN | GMX_STS_DNR;
	} else {
		status = addr & 3 ? GMX_SC_INVALID_FIELD | GMX_STS_DNR : dptr_add(d, addr, (uint32_t)len);
	}
	if (status)
		emu_dptr_free(d);
	return status;
}

void emu_dptr_free(struct emu_dptr *d)
{
	if (d->segs != d->inline_segs)
		free(d->segs);
	d->segs = d->inline_segs;
}

static uint16_t dptr_copy(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, uint8_t *buf, uint64_t len, bool out)
{
	for (unsigned int i = 0; i < d->nr && len; i++) {
		const struct emu_seg *seg = &d->segs[i];
		uint64_t n;

		if (off >= seg->len) {
			off -= seg->len;
			continue;
		}
		n = EMU_MIN(len, seg->len - off);
		if (out ? emu_dma_write(cmd->ctrl, seg->addr + off, buf, n) : emu_dma_read(cmd->ctrl, seg->addr + off, buf, n))
			return GMX_SC_DATA_XFER;
		buf += n;
		len -= n;
		off = 0;
	}
	return len ? GMX_SC_INTERNAL : 0;
}

uint16_t emu_dptr_read(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, void *buf, uint64_t len)
{
	return dptr_copy(cmd, d, off, buf, len, false);
}

uint16_t emu_dptr_write(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, const void *buf, uint64_t len)
{
	return dptr_copy(cmd, d, off, (uint8_t *)(uintptr_t)buf, len, true);
}

void *emu_dptr_ptr(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, uint64_t len)
{
	if (d->nr != 1 || off > d->segs[0].len || len > d->segs[0].len - off)
		return NULL;
	return emu_dma_ptr(cmd->ctrl, d->segs[0].addr + off, len);
}

static uint16_t cmd_copy(struct emu_cmd *cmd, uint8_t *buf, uint32_t len, bool out)
{
	struct emu_dptr d;
	uint16_t status = emu_dptr_walk(cmd, len, &d);

	if (status)
		return status;
	status = dptr_copy(cmd, &d, 0, buf, len, out);
	emu_dptr_free(&d);
	return status;
}

uint16_t emu_cmd_to_host(struct emu_cmd *cmd, const void *buf, uint32_t len)
{
	return cmd_copy(cmd, (uint8_t *)(uintptr_t)buf, len, true);
}

uint16_t emu_cmd_from_host(struct emu_cmd *cmd, void *buf, uint32_t len)
{
	return cmd_copy(cmd, buf, len, false);
}
