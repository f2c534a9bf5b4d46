// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The NVM command set (6). Everything that can be wrong with a command is found before anything moves; then its data goes
 * piece by piece, between medium and host where both are mapped in one piece, else through one buffer of the subsystem.
 */
#include "drive.h"

#define IO_PIECE (64u << 10) /* a multiple of EMU_ATOMIC_BYTES: what is torn is torn there */
#define IO_META	 (IO_PIECE / EMU_SECTOR * EMU_MAX_MS)

/* Where in the command the mistake is, for the error log (5.14.1.1): byte, and bit << 8 */
#define AT_FUSE	   1
#define AT_NSID	   4
#define AT_SLBA	   40
#define AT_NLB	   48
#define AT_CETYPE  50
#define AT_DTYPE   (50 | 4 << 8)
#define AT_NOWHERE 0xffffu
#define NO_LBA	   UINT64_MAX

#define RW_CETYPE(cdw12) ((cdw12) >> GMX_VND_CETYPE_SHIFT & 0xf)
#define RW_DTYPE(cdw12)	 ((cdw12) >> 20 & 0xf)

struct emu_bounce {
	uint8_t raw[IO_PIECE + IO_META]; /* blocks with their metadata behind them */
	uint8_t data[IO_PIECE], meta[IO_META];
	uint8_t medium[IO_PIECE], medium_meta[IO_META];
};

/* A command that moves blocks */
struct io {
	struct emu_cmd *cmd;
	struct emu_ns *ns;
	struct emu_bounce *b;
	uint64_t lba;
	uint32_t nr;
	struct emu_dptr data, meta;
	bool has_data, has_meta; /* walked */
};

static uint16_t io_fail(struct emu_cmd *cmd, uint16_t status, uint16_t location, uint64_t lba)
{
	emu_error_add(cmd, status, location, lba);
	return status;
}

static uint16_t io_end(struct emu_cmd *cmd, uint16_t status, uint64_t latency)
{
	if (!latency)
		return status;
	emu_cmd_complete_after(cmd, status, latency);
	return EMU_PENDING;
}

static uint16_t io_find(struct emu_cmd *cmd, struct emu_ns **ns)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint32_t nsid = emu_nsid(cmd);

	if (cmd->sqe.flags & GMX_SQE_FUSE_MASK)
		return io_fail(cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_FUSE, NO_LBA);
	if (!nsid || (nsid > EMU_MAX_NS && nsid != GMX_NSID_ALL))
		return io_fail(cmd, GMX_SC_INVALID_NS | GMX_STS_DNR, AT_NSID, NO_LBA);
	*ns = emu_ns_find(s, nsid);
	if (!*ns || !emu_ns_attached(*ns, cmd->ctrl))
		return io_fail(cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_NSID, NO_LBA);
	if (emu_sanitize_refuses(s))
		return io_fail(cmd, emu_sanitize_refuses(s), AT_NOWHERE, NO_LBA);
	if ((*ns)->formatting)
		return io_fail(cmd, GMX_SC_FORMAT_IN_PROGRESS, AT_NOWHERE, NO_LBA);
	return 0;
}

static bool io_has_cetype(uint8_t opcode)
{
	return opcode == GMX_NVM_READ || opcode == GMX_NVM_WRITE || opcode == GMX_NVM_COMPARE || opcode == GMX_NVM_VERIFY;
}

/* A command of CDW10..12: SLBA and NLB. PRINFO is ignored: no namespace is formatted with protection information. */
static uint16_t io_begin(struct emu_cmd *cmd, struct io *io, bool writes)
{
	uint32_t cdw12 = emu_cdw12(cmd);
	uint16_t status;

	io->cmd = cmd;
	io->lba = emu_cdw10(cmd) | (uint64_t)emu_cdw11(cmd) << 32;
	io->nr = (cdw12 & 0xffff) + 1;
	io->has_data = io->has_meta = false;
	status = io_find(cmd, &io->ns);
	if (status)
		return status;
	/* There is no key: who asks for encryption must not get a block in clear. */
	if (io_has_cetype(cmd->sqe.opcode) && RW_CETYPE(cdw12))
		return io_fail(cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_CETYPE, io->lba);
	if (io->lba >= io->ns->nsze || io->nr > io->ns->nsze - io->lba)
		return io_fail(cmd, GMX_SC_LBA_RANGE | GMX_STS_DNR, AT_SLBA, io->lba);
	if (writes && io->ns->read_only)
		return io_fail(cmd, GMX_SC_NS_WRITE_PROTECTED | GMX_STS_DNR, AT_NOWHERE, io->lba);
	return 0;
}

/* Reads what it says of its buffers, all of it. */
static uint16_t io_walk(struct io *io)
{
	const struct emu_ns *ns = io->ns;
	struct emu_subsys *s = ns->s;
	uint64_t len = (uint64_t)io->nr * ((1u << ns->lba_shift) + (ns->ms_extended ? ns->ms : 0u));
	uint16_t status;

	if (len > (uint64_t)EMU_PAGE << s->traits->mdts)
		return io_fail(io->cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_NLB, io->lba);
	if (!s->bounce)
		s->bounce = malloc(sizeof(*s->bounce));
	if (!s->bounce)
		return io_fail(io->cmd, GMX_SC_INTERNAL, AT_NOWHERE, io->lba);
	io->b = s->bounce;
	status = emu_dptr_walk(io->cmd, len, &io->data);
	io->has_data = !status;
	if (!status && ns->ms && !ns->ms_extended) {
		status = emu_dptr_walk_meta(io->cmd, (uint64_t)io->nr * ns->ms, &io->meta);
		io->has_meta = !status;
	}
	return status ? io_fail(io->cmd, status, AT_NOWHERE, io->lba) : 0;
}

static void io_release(struct io *io)
{
	if (io->has_data)
		emu_dptr_free(&io->data);
	if (io->has_meta)
		emu_dptr_free(&io->meta);
}

/* Blocks at .. at + nr of the command, out of the host's memory into data and meta */
static uint16_t io_from_host(struct io *io, uint32_t at, uint32_t nr)
{
	struct emu_bounce *b = io->b;
	uint32_t block = 1u << io->ns->lba_shift, ms = io->ns->ms, both = block + ms;
	uint16_t status;

	if (!io->ns->ms_extended) {
		status = emu_dptr_read(io->cmd, &io->data, (uint64_t)at * block, b->data, (uint64_t)nr * block);
		if (!status && ms)
			status = emu_dptr_read(io->cmd, &io->meta, (uint64_t)at * ms, b->meta, (uint64_t)nr * ms);
		return status;
	}
	status = emu_dptr_read(io->cmd, &io->data, (uint64_t)at * both, b->raw, (uint64_t)nr * both);
	for (uint32_t i = 0; !status && i < nr; i++) {
		memcpy(b->data + (size_t)i * block, b->raw + (size_t)i * both, block);
		memcpy(b->meta + (size_t)i * ms, b->raw + (size_t)i * both + block, ms);
	}
	return status;
}

static uint16_t io_to_host(struct io *io, uint32_t at, uint32_t nr)
{
	struct emu_bounce *b = io->b;
	uint32_t block = 1u << io->ns->lba_shift, ms = io->ns->ms, both = block + ms;
	uint16_t status;

	if (!io->ns->ms_extended) {
		status = emu_dptr_write(io->cmd, &io->data, (uint64_t)at * block, b->medium, (uint64_t)nr * block);
		if (!status && ms)
			status = emu_dptr_write(io->cmd, &io->meta, (uint64_t)at * ms, b->medium_meta, (uint64_t)nr * ms);
		return status;
	}
	for (uint32_t i = 0; i < nr; i++) {
		memcpy(b->raw + (size_t)i * both, b->medium + (size_t)i * block, block);
		memcpy(b->raw + (size_t)i * both + block, b->medium_meta + (size_t)i * ms, ms);
	}
	return emu_dptr_write(io->cmd, &io->data, (uint64_t)at * both, b->raw, (uint64_t)nr * both);
}

static uint16_t io_read_piece(struct io *io, uint32_t at, uint32_t nr)
{
	const void *medium = emu_drive_peek(io->ns, io->lba + at, nr);
	uint16_t status;

	if (medium)
		return emu_dptr_write(io->cmd, &io->data, (uint64_t)at << io->ns->lba_shift, medium,
				      (uint64_t)nr << io->ns->lba_shift);
	status = emu_drive_read(io->ns, io->lba + at, nr, io->b->medium, io->b->medium_meta);
	return status ? status : io_to_host(io, at, nr);
}

static uint16_t io_write_piece(struct io *io, uint32_t at, uint32_t nr)
{
	bool fua = emu_cdw12(io->cmd) >> 16 & GMX_RW_FUA;
	const void *data = NULL;
	uint16_t status;

	if (!io->ns->ms)
		data = emu_dptr_ptr(io->cmd, &io->data, (uint64_t)at << io->ns->lba_shift, (uint64_t)nr << io->ns->lba_shift);
	status = data ? 0 : io_from_host(io, at, nr);
	return status ? status : emu_drive_write(io->ns, io->lba + at, nr, data ? data : io->b->data, io->b->meta, fua);
}

static uint16_t io_compare_piece(struct io *io, uint32_t at, uint32_t nr)
{
	struct emu_bounce *b = io->b;
	uint16_t status = io_from_host(io, at, nr);

	if (!status)
		status = emu_drive_read(io->ns, io->lba + at, nr, b->medium, b->medium_meta);
	if (!status && (memcmp(b->data, b->medium, (size_t)nr << io->ns->lba_shift) ||
			memcmp(b->meta, b->medium_meta, (size_t)nr * io->ns->ms)))
		status = GMX_SC_COMPARE_FAILED | GMX_STS_DNR;
	return status;
}

static uint16_t io_check_piece(struct io *io, uint32_t at, uint32_t nr)
{
	return emu_drive_read(io->ns, io->lba + at, nr, NULL, NULL);
}

/* What the medium has to say goes into the counters and the error log. */
static uint16_t io_medium_failed(struct io *io, uint16_t status)
{
	uint64_t lba = io->lba;

	if (GMX_STS_CODE(status) == GMX_SC_READ_ERROR) {
		lba = emu_drive_first_bad(io->ns, io->lba, io->nr);
		emu_health_media_error(io->ns->s);
		emu_event_add(io->ns->s, GMX_VND_EV_DRIVE_MEDIA_ERROR, io->ns->drive_idx, lba << io->ns->lba_shift,
			      "unreadable block");
	}
	return io_fail(io->cmd, status, AT_NOWHERE, lba);
}

static void io_count(struct emu_ns *ns, bool write, uint64_t bytes)
{
	if (write)
		ns->writes++;
	else
		ns->reads++;
	emu_health_io(ns->s, write, bytes);
	emu_power_busy(ns->s, bytes);
}

static uint16_t io_move(struct io *io, bool write, uint16_t (*piece)(struct io *io, uint32_t at, uint32_t nr))
{
	struct emu_ns *ns = io->ns;
	uint32_t step = IO_PIECE >> ns->lba_shift;
	uint64_t latency = emu_latency(ns, io->cmd->sqe.opcode, io->lba, io->nr);
	uint16_t status = 0;

	if (!write && emu_cdw12(io->cmd) >> 16 & GMX_RW_FUA)
		status = emu_drive_commit(ns, io->lba, io->nr);
	for (uint32_t at = 0; at < io->nr && !status; at += step)
		status = piece(io, at, EMU_MIN(step, io->nr - at));
	io_release(io);
	if (status)
		status = io_medium_failed(io, status);
	else
		io_count(ns, write, (uint64_t)io->nr << ns->lba_shift);
	return io_end(io->cmd, status, latency);
}

static uint16_t io_with_data(struct emu_cmd *cmd, bool write, uint16_t (*piece)(struct io *io, uint32_t at, uint32_t nr))
{
	struct io io;
	uint16_t status = io_begin(cmd, &io, write);

	if (!status)
		status = io_walk(&io);
	if (!status)
		return io_move(&io, write, piece);
	io_release(&io);
	return status;
}

uint16_t emu_io_read(struct emu_cmd *cmd)
{
	return io_with_data(cmd, false, io_read_piece);
}

uint16_t emu_io_write(struct emu_cmd *cmd)
{
	if (RW_DTYPE(emu_cdw12(cmd)))
		return io_fail(cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_DTYPE, NO_LBA);
	return io_with_data(cmd, true, io_write_piece);
}

uint16_t emu_io_compare(struct emu_cmd *cmd)
{
	return io_with_data(cmd, false, io_compare_piece);
}

uint16_t emu_io_verify(struct emu_cmd *cmd)
{
	struct io io;
	uint16_t status = io_begin(cmd, &io, false);

	return status ? status : io_move(&io, false, io_check_piece);
}

uint16_t emu_io_write_zeroes(struct emu_cmd *cmd)
{
	uint32_t control = emu_cdw12(cmd) >> 16;
	struct io io;
	uint64_t latency;
	uint16_t status = io_begin(cmd, &io, true);

	if (status)
		return status;
	latency = emu_latency(io.ns, cmd->sqe.opcode, io.lba, io.nr);
	status = emu_drive_zero(io.ns, io.lba, io.nr, control & GMX_RW_DEAC, control & GMX_RW_FUA);
	return io_end(cmd, status ? io_medium_failed(&io, status) : 0, latency);
}

uint16_t emu_io_write_uncor(struct emu_cmd *cmd)
{
	struct io io;
	uint64_t latency;
	uint16_t status = io_begin(cmd, &io, true);

	if (status)
		return status;
	latency = emu_latency(io.ns, cmd->sqe.opcode, io.lba, io.nr);
	status = emu_drive_uncorrectable(io.ns, io.lba, io.nr);
	return io_end(cmd, status ? io_medium_failed(&io, status) : 0, latency);
}

/* All ranges are checked before the first is touched. */
static uint16_t io_dsm_check(struct emu_cmd *cmd, const struct emu_ns *ns, const struct gmx_dsm_range *r, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		uint64_t lba = le64toh(r[i].slba);

		if (lba > ns->nsze || le32toh(r[i].nlb) > ns->nsze - lba)
			return io_fail(cmd, GMX_SC_LBA_RANGE | GMX_STS_DNR, AT_NOWHERE, lba);
	}
	return 0;
}

uint16_t emu_io_dsm(struct emu_cmd *cmd)
{
	struct gmx_dsm_range ranges[GMX_DSM_MAX_RANGES];
	unsigned int nr = (emu_cdw10(cmd) & 0xff) + 1;
	bool deallocate = emu_cdw11(cmd) & GMX_DSM_AD;
	struct emu_ns *ns;
	uint64_t latency;
	uint16_t status = io_find(cmd, &ns);

	if (status)
		return status;
	status = emu_cmd_from_host(cmd, ranges, (uint32_t)(nr * sizeof(ranges[0])));
	if (status)
		return io_fail(cmd, status, AT_NOWHERE, NO_LBA);
	status = io_dsm_check(cmd, ns, ranges, nr);
	if (status)
		return status;
	if (deallocate && ns->read_only)
		return io_fail(cmd, GMX_SC_NS_WRITE_PROTECTED | GMX_STS_DNR, AT_NOWHERE, NO_LBA);
	latency = emu_latency(ns, cmd->sqe.opcode, 0, 0);
	for (unsigned int i = 0; deallocate && i < nr && !status; i++)
		status = emu_drive_deallocate(ns, le64toh(ranges[i].slba), le32toh(ranges[i].nlb));
	return io_end(cmd, status ? io_fail(cmd, status, AT_NOWHERE, NO_LBA) : 0, latency);
}

static uint16_t io_flush_all(struct emu_cmd *cmd, uint64_t *latency)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint16_t first = 0;

	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &s->ns[i];
		uint64_t takes;
		uint16_t status;

		if (!ns->nsid || !emu_ns_attached(ns, cmd->ctrl) || ns->formatting)
			continue;
		takes = emu_latency(ns, GMX_NVM_FLUSH, 0, 0);
		*latency = EMU_MAX(*latency, takes);
		status = emu_drive_flush(ns);
		first = first ? first : status;
	}
	return first;
}

/* While a sanitize operation runs there is nothing to be flushed (6.8). */
uint16_t emu_io_flush(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint64_t latency = 0;
	struct emu_ns *ns;
	uint16_t status;

	if (cmd->sqe.flags & GMX_SQE_FUSE_MASK)
		return io_fail(cmd, GMX_SC_INVALID_FIELD | GMX_STS_DNR, AT_FUSE, NO_LBA);
	if (emu_sanitize_running(s))
		return 0;
	if (emu_nsid(cmd) == GMX_NSID_ALL) {
		status = io_flush_all(cmd, &latency);
	} else {
		status = io_find(cmd, &ns);
		if (status)
			return status;
		latency = emu_latency(ns, GMX_NVM_FLUSH, 0, 0);
		status = emu_drive_flush(ns);
	}
	if (status)
		io_fail(cmd, status, AT_NOWHERE, NO_LBA);
	else
		emu_health_save(s);
	return io_end(cmd, status, latency);
}

void emu_io_close(struct emu_subsys *s)
{
	free(s->bounce);
	s->bounce = NULL;
}
