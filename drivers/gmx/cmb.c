// SPDX-License-Identifier: GPL-2.0-only
/*
 * Controller memory buffer (NVMe 1.4, 4.7): submission queues in it save the controller a read of the host's memory.
 * Entries are made in a ring in host memory and copied when the doorbell is rung, so that the hot path is one.
 */
#include "gmx.h"

#include <linux/crash_dump.h>

#define GMX_CMB_PATTERN	0x5a0fc3a5e71899d2ull

/* The first start may still choose: memory that is the controller's is short. */
static u16 gmx_cmb_ring_depth(struct gmx_ctrl *ctrl)
{
	return ctrl->tagset_ready ? ctrl->ring_depth : min(ctrl->ring_depth, GMX_SHORT_RING);
}

static size_t gmx_cmb_ring_bytes(struct gmx_ctrl *ctrl)
{
	return round_up(gmx_cmb_ring_depth(ctrl) * sizeof(struct gmx_sqe), 1u << ctrl->page_shift);
}

static void gmx_cmb_unmap(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;

	if (cmb->map)
		iounmap(cmb->map);
	cmb->map = NULL;
	cmb->bytes = 0;
}

static void gmx_cmb_write_msc(struct gmx_ctrl *ctrl, u64 value)
{
	/* The address is whole before its enable bit, which is in the lower half. */
	gmx_reg_write(ctrl, GMX_REG_CMBMSC + 4, upper_32_bits(value));
	gmx_reg_write(ctrl, GMX_REG_CMBMSC, lower_32_bits(value));
}

/* The resource behind the registers' numbers; returns why there is none. */
static const char *gmx_cmb_locate(struct gmx_ctrl *ctrl, unsigned int *bar, u64 *offset, u64 *bytes)
{
	struct gmx_cmb *cmb = &ctrl->cmb;
	u32 units = GMX_CMBSZ_SZU(cmb->sz);
	u64 unit, len;

	*bar = GMX_CMBLOC_BIR(cmb->loc);
	if (*bar == 1 || *bar >= PCI_STD_NUM_BARS)
		return "CMBLOC names no BAR";
	if (units > GMX_CMBSZ_SZU_MAX)
		return "CMBSZ has an unknown unit";
	len = pci_resource_len(ctrl->pdev, *bar);
	if (!len || !(pci_resource_flags(ctrl->pdev, *bar) & IORESOURCE_MEM))
		return "its BAR is no memory";
	unit = (u64)SZ_4K << (4 * units);
	*offset = unit * GMX_CMBLOC_OFST(cmb->loc);
	*bytes = unit * GMX_CMBSZ_SZ(cmb->sz);
	if (*offset >= len)
		return "it begins behind its BAR";
	if (!*bar && *offset < GMX_REG_DBS + (u64)ctrl->nr_hwqs * 2 * ctrl->db_stride * sizeof(u32))
		return "it lies over the registers";
	/* A controller may say more than its BAR has; so does the one that shares a BAR among its functions. */
	*bytes = min(*bytes, len - *offset);
	if (*bytes < gmx_cmb_ring_bytes(ctrl))
		return "it has no room for a queue";
	return NULL;
}

static const char *gmx_cmb_map(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;
	struct pci_dev *pdev = ctrl->pdev;
	resource_size_t start;
	u64 offset, bytes;
	unsigned int bar;
	const char *why;

	why = gmx_cmb_locate(ctrl, &bar, &offset, &bytes);
	if (why)
		return why;
	cmb->bytes = min_t(u64, bytes, (u64)ctrl->nr_hwqs * GMX_SQS_PER_HWQ * gmx_cmb_ring_bytes(ctrl));
	cmb->bus = pci_bus_address(pdev, bar) + offset;
	if (cmb->bus & ((1u << ctrl->page_shift) - 1))
		return "it begins within a page";
	start = pci_resource_start(pdev, bar) + offset;
	/* Write combining sends an entry in one piece; it is not for a BAR whose reads have effects. */
	if (bar && (pci_resource_flags(pdev, bar) & IORESOURCE_PREFETCH))
		cmb->map = ioremap_wc(start, cmb->bytes);
	else
		cmb->map = ioremap(start, cmb->bytes);
	return cmb->map ? NULL : "it cannot be mapped";
}

/* A look at both ends: what is not memory must not be given commands to keep. */
static bool gmx_cmb_keeps(struct gmx_cmb *cmb)
{
	void __iomem *ends[2] = { cmb->map, cmb->map + cmb->bytes - 2 * sizeof(u32) };
	u64 pattern = GMX_CMB_PATTERN;
	unsigned int i;
	bool ok = true;

	for (i = 0; i < 2; i++) {
		writel(lower_32_bits(pattern) + i, ends[i]);
		writel(upper_32_bits(pattern) + i, ends[i] + 4);
	}
	/* reads that pass through the same buffers as the writes */
	mb();
	for (i = 0; i < 2; i++)
		ok &= readl(ends[i]) == lower_32_bits(pattern) + i && readl(ends[i] + 4) == upper_32_bits(pattern) + i;
	return ok;
}

static const char *gmx_cmb_start(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;
	const char *why;

	if (!(cmb->sz & GMX_CMBSZ_SQS))
		return "it takes no submission queues";
	if (!cmb->map) {
		why = gmx_cmb_map(ctrl);
		if (why)
			return why;
	}
	if (GMX_CAP_CMBS(ctrl->cap)) {
		gmx_cmb_write_msc(ctrl, (cmb->bus & GMX_CMBMSC_CBA) | GMX_CMBMSC_CRE | GMX_CMBMSC_CMSE);
		if (gmx_reg_read(ctrl, GMX_REG_CMBSTS) & GMX_CMBSTS_CBAI)
			return "the controller does not take its address";
	}
	return gmx_cmb_keeps(cmb) ? NULL : "it does not keep what is written";
}

/*
 * While the controller is disabled, at each start: a function level reset has made it forget. What goes wrong costs the
 * buffer and nothing else.
 */
void gmx_cmb_setup(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;
	bool handshake = GMX_CAP_CMBS(ctrl->cap);
	u32 loc, sz;

	cmb->nr_queues = 0;
	if (handshake)
		gmx_cmb_write_msc(ctrl, GMX_CMBMSC_CRE);
	loc = gmx_reg_read(ctrl, GMX_REG_CMBLOC);
	sz = gmx_reg_read(ctrl, GMX_REG_CMBSZ);
	if (sz == GMX_CSTS_GONE || !GMX_CMBSZ_SZ(sz))
		sz = 0;
	/* new firmware may have moved it */
	if (loc != cmb->loc || sz != cmb->sz) {
		gmx_cmb_unmap(ctrl);
		cmb->unusable = NULL;
	}
	cmb->loc = loc;
	cmb->sz = sz;
	if (sz && gmx_use_cmb_sqes && !cmb->unusable && !is_kdump_kernel()) {
		cmb->unusable = gmx_cmb_start(ctrl);
		if (!cmb->unusable) {
			ctrl->ring_depth = gmx_cmb_ring_depth(ctrl);
			ctrl->q_depth = min(ctrl->q_depth, ctrl->ring_depth);
			return;
		}
		dev_warn(&ctrl->pdev->dev, "controller memory buffer (CMBLOC %#x, CMBSZ %#x) not used: %s\n", loc, sz,
			 cmb->unusable);
	}
	gmx_cmb_unmap(ctrl);
	if (handshake)
		gmx_cmb_write_msc(ctrl, 0);
}

/* How far the registers' BAR is free for doorbells. */
size_t gmx_cmb_doorbells_end(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;

	if (!cmb->map || GMX_CMBLOC_BIR(cmb->loc))
		return ctrl->bar_size;
	return ((u64)SZ_4K << (4 * GMX_CMBSZ_SZU(cmb->sz))) * GMX_CMBLOC_OFST(cmb->loc);
}

/* Where this queue's ring is to be: each has its place, and those that find no room stay in host memory. */
void gmx_cmb_place(struct gmx_ctrl *ctrl, struct gmx_sq *sq)
{
	size_t ring = gmx_cmb_ring_bytes(ctrl);
	u64 at = (u64)(sq->qid - 1) * ring;

	sq->cmb = NULL;
	if (!sq->qid || !ctrl->cmb.map || ctrl->cmb.unusable || at + ring > ctrl->cmb.bytes)
		return;
	sq->cmb = ctrl->cmb.map + at;
	sq->cmb_bus = ctrl->cmb.bus + at;
}

/* The controller does not want this queue there: neither will it the others. */
void gmx_cmb_refused(struct gmx_ctrl *ctrl, int status)
{
	if (!ctrl->cmb.unusable)
		dev_warn(&ctrl->pdev->dev, "controller memory buffer: a queue in it was refused with status %#x: going on in host memory\n",
			 status);
	ctrl->cmb.unusable = "a queue in it was refused";
}

void gmx_cmb_report(struct gmx_ctrl *ctrl)
{
	struct gmx_cmb *cmb = &ctrl->cmb;
	unsigned int i, s;

	cmb->nr_queues = 0;
	for (i = 1; i < ctrl->online_hwqs; i++)
		for (s = 0; s < ctrl->hwqs[i].nr_sqs; s++)
			cmb->nr_queues += !!ctrl->hwqs[i].sq[s].cmb;
	if (cmb->nr_queues && cmb->nr_queues != cmb->said_queues)
		dev_info(&ctrl->pdev->dev, "controller memory buffer: %u submission queues in it, I/O queues are %u\n",
			 cmb->nr_queues, (ctrl->online_hwqs - 1) * ctrl->nr_sqs);
	cmb->said_queues = cmb->nr_queues;
}

/* What the doorbell is about to announce. Called with sq->lock held. */
void gmx_cmb_push(struct gmx_sq *sq)
{
	u16 i = sq->rung;

	while (i != sq->tail) {
		__iowrite64_copy(sq->cmb + i * sizeof(*sq->ring), &sq->ring[i], sizeof(*sq->ring) / sizeof(u64));
		if (++i == sq->depth)
			i = 0;
	}
	/* out of the processor's combining buffers before the doorbell */
	wmb();
}

/* The controller is disabled. */
void gmx_cmb_free(struct gmx_ctrl *ctrl)
{
	gmx_cmb_unmap(ctrl);
	if (ctrl->cmb.sz && GMX_CAP_CMBS(ctrl->cap) && ctrl->bar)
		gmx_cmb_write_msc(ctrl, 0);
}
