// SPDX-License-Identifier: GPL-2.0-or-later
/* A subsystem from its state folder to its controllers, and the loop that everything runs in. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmb.h"
#include "emu.h"

#define LINGER 200000ull /* ns until a queue that lingers is looked at again */
#define BATCH  256u	 /* commands a controller gets before the others are looked after */

void emu_log(struct emu_subsys *s, enum emu_log_level level, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	s->ops->log(s->host, level, text);
}

/* splitmix64 */
uint32_t emu_random(struct emu_subsys *s, uint32_t below)
{
	uint64_t z = s->rng += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	z ^= z >> 31;
	return below ? (uint32_t)((z >> 32) % below) : 0;
}

uint64_t emu_now(struct emu_subsys *s)
{
	s->now = s->ops->now(s->host);
	return s->now;
}

static int subsys_open_dir(struct emu_subsys *s, const char *dir, char *error)
{
	if (mkdir(dir, 0777) && errno != EEXIST) {
		snprintf(error, EMU_ERROR_SIZE, "%s: cannot make the state folder: %s", dir, strerror(errno));
		return -1;
	}
	s->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir_fd < 0) {
		snprintf(error, EMU_ERROR_SIZE, "%s: cannot open the state folder: %s", dir, strerror(errno));
		return -1;
	}
	s->lock_fd = openat(s->dir_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (s->lock_fd < 0 || flock(s->lock_fd, LOCK_EX | LOCK_NB)) {
		snprintf(error, EMU_ERROR_SIZE, "%s: %s", dir,
			 errno == EWOULDBLOCK ? "another gmx-emu has this state folder: end it, or use another"
					      : strerror(errno));
		return -1;
	}
	return 0;
}

/* What the folder was made for stays. */
static int subsys_family(struct emu_subsys *s, const char *family, char *error)
{
	json_object *kept = emu_nvram_get(s, "family");
	const char *have = kept ? json_object_get_string(kept) : NULL;

	if (!family && !have) {
		snprintf(error, EMU_ERROR_SIZE, "a new state folder needs a family: g1, g2 or g3");
		return -1;
	}
	if (family && have && strcmp(family, have)) {
		snprintf(error, EMU_ERROR_SIZE, "the state folder is a %s's, not a %s's: use another folder", have, family);
		return -1;
	}
	s->traits = emu_family_find(family ? family : have);
	if (!s->traits) {
		snprintf(error, EMU_ERROR_SIZE, "no family '%.32s': g1, g2 or g3", family ? family : have);
		return -1;
	}
	if (!have)
		emu_nvram_set(s, "family", json_object_new_string(s->traits->name));
	return 0;
}

static int subsys_add_ctrls(struct emu_subsys *s)
{
	for (unsigned int i = 0; i < s->config.functions; i++) {
		struct emu_ctrl *c = calloc(1, sizeof(*c));

		if (!c)
			return -1;
		c->s = s;
		c->function = i;
		c->cntlid = (uint16_t)(i + 1);
		s->ctrls[s->nr_ctrls++] = c;
		emu_timer_init(&c->keep_alive, NULL);
		emu_regs_init(c);
		if (emu_cmb_init(c))
			return -1;
		emu_feature_reset(c);
		emu_virt_reset(c);
	}
	return 0;
}

static void subsys_free(struct emu_subsys *s, bool orderly)
{
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		emu_regs_free(s->ctrls[i]);
	emu_fault_close(s);
	emu_power_close(s);
	emu_health_close(s);
	emu_mi_close(s);
	emu_selftest_close(s);
	emu_sanitize_close(s);
	emu_format_close(s);
	emu_telemetry_close(s);
	emu_event_close(s);
	emu_error_close(s);
	emu_fw_close(s);
	emu_io_close(s);
	if (s->nvram)
		emu_ns_close(s, orderly);
	if (orderly)
		emu_nvram_save(s);
	emu_nvram_close(s);
	json_object_put(s->config.faults);
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		free(s->ctrls[i]);
	while (!emu_list_empty(&s->free_cmds)) {
		struct emu_cmd *cmd = EMU_ENTRY(s->free_cmds.next, struct emu_cmd, of_sq);

		emu_list_del(&cmd->of_sq);
		free(cmd);
	}
	free(s->timers.heap);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	free(s->dir);
	free(s);
}

/* Each part looks at those before it. */
static int subsys_open_parts(struct emu_subsys *s, char *error)
{
	if (emu_error_open(s) || emu_event_open(s) || emu_telemetry_open(s) || emu_health_open(s) || emu_power_open(s))
		goto memory;
	if (emu_ns_open(s, error))
		return -1;
	if (emu_fw_open(s) || emu_sanitize_open(s) || emu_selftest_open(s) || emu_mi_open(s) || subsys_add_ctrls(s))
		goto memory;
	if (emu_fault_open(s)) {
		snprintf(error, EMU_ERROR_SIZE, "the configured faults are not possible; the log says why");
		return -1;
	}
	return 0;

memory:
	if (!error[0])
		snprintf(error, EMU_ERROR_SIZE, "the state folder cannot be read or written: %s", strerror(errno));
	return -1;
}

struct emu_subsys *emu_subsys_open(const char *family, const char *state_dir, const char *config,
				   const struct emu_subsys_ops *ops, void *host, char *error)
{
	struct emu_subsys *s = calloc(1, sizeof(*s));

	error[0] = 0;
	if (!s)
		return NULL;
	s->ops = ops;
	s->host = host;
	s->dir = strdup(state_dir);
	s->dir_fd = s->lock_fd = -1;
	EMU_LIST_INIT(&s->free_cmds);
	emu_now(s);
	if (subsys_open_dir(s, state_dir, error) || emu_nvram_open(s, error) || subsys_family(s, family, error) ||
	    emu_config_parse(&s->config, s->traits, config, error))
		goto fail;
	s->rng = s->config.seed;
	emu_config_identity(s);
	if (subsys_open_parts(s, error))
		goto fail;
	/* another sequence each time power comes, or each power cut would lose the same */
	s->rng += emu_health_power_cycles(s) * 0xd1342543de82ef95ull;
	if (emu_nvram_save(s)) {
		snprintf(error, EMU_ERROR_SIZE, "%s: the state cannot be written; make room, or use another folder", state_dir);
		goto fail;
	}
	return s;

fail:
	subsys_free(s, false);
	return NULL;
}

void emu_subsys_close(struct emu_subsys *s)
{
	subsys_free(s, true);
}

void emu_subsys_power_cut(struct emu_subsys *s)
{
	subsys_free(s, false);
}

uint64_t emu_subsys_run(struct emu_subsys *s)
{
	uint64_t next, drives;
	bool more;

	do {
		emu_timers_run(s, emu_now(s));
		more = false;
		for (unsigned int i = 0; i < s->nr_ctrls; i++)
			more |= emu_arbiter_run(s->ctrls[i], BATCH);
		/* commands have set timers */
		next = emu_timers_run(s, emu_now(s));
		/* whatever completed in this pass: one message a vector; what had no room before may have some now */
		for (unsigned int i = 0; i < s->nr_ctrls; i++) {
			emu_irq_flush(s->ctrls[i]);
			more |= s->ctrls[i]->refetch;
		}
	} while (more);
	drives = emu_drive_run(s);
	if (s->nvram_dirty)
		emu_nvram_save(s);
	next = EMU_MIN(next, drives);
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		if (s->ctrls[i]->lingers)
			next = EMU_MIN(next, s->now + LINGER);
	return next;
}

unsigned int emu_subsys_nr_ctrls(struct emu_subsys *s)
{
	return s->nr_ctrls;
}

struct emu_ctrl *emu_ctrl_attach(struct emu_subsys *s, unsigned int function, const struct emu_ctrl_ops *ops, void *host)
{
	struct emu_ctrl *c;

	if (function >= s->nr_ctrls)
		return NULL;
	c = s->ctrls[function];
	c->ops = ops;
	c->host = host;
	return c;
}

void emu_ctrl_pci_info(struct emu_ctrl *c, struct emu_pci_info *info)
{
	const struct emu_traits *t = c->s->traits;
	const struct emu_config *config = &c->s->config;
	uint64_t hash = 14695981039346656037ull;

	for (const char *p = config->serial; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 1099511628211ull;
	*info = (struct emu_pci_info){
		.vendor = GMX_PCI_VENDOR,
		.device = t->device,
		.subsystem_vendor = GMX_PCI_VENDOR,
		.subsystem = t->device,
		.class_code = t->class_code,
		.revision = 1,
		.link_speed = (uint8_t)config->link_speed,
		.link_width = (uint8_t)config->link_width,
		.msix_vectors = config->interrupts == EMU_IRQ_MSIX ? (uint16_t)(t->nr_queues + 1) : 0,
		.msi_vectors = config->interrupts == EMU_IRQ_PIN ? 0
			       : t->nr_queues < 32		 ? 8
								 : 32,
		.serial = hash + c->function,
		.bar_size = EMU_BAR_SIZE,
		.cmb_size = emu_cmb_size(c),
	};
}
