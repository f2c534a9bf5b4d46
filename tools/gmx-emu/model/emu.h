/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the controller model. Each file owns one noun and, in the structures here, the part named after it; what a
 * file offers to others is declared here under its name.
 */
#ifndef EMU_EMU_H
#define EMU_EMU_H

#include <endian.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmx/nvme.h>
#include <gmx/regs.h>
#include <gmx/vendor.h>

#include "base.h"
#include "cmd.h"
#include "model.h"

#define EMU_MAX_QUEUES	 129 /* with the admin queue */
#define EMU_MAX_NS	 64  /* namespaces of a subsystem: nsid 1..64 */
#define EMU_MAX_DRIVES	 64
#define EMU_MAX_AENS	 8
#define EMU_MAX_ERRORS	 64 /* entries of the error log */
#define EMU_FW_SLOTS	 4
#define EMU_MAX_LBAF	 8
#define EMU_ADMIN_MDTS	 (128u << 10)
#define EMU_NPSS	 4   /* power states 0..4, the last two are non-operational */
#define EMU_TEMP_SENSORS 2   /* beside the composite temperature */
#define EMU_WCTEMP	 343 /* kelvin */
#define EMU_CCTEMP	 358
#define EMU_KAS		 10 /* 100 ms: granularity of the keep alive timer */
/* Host memory buffer: preferred and least size and least entry in 4 KiB, most entries */
#define EMU_HMPRE   4096u
#define EMU_HMMIN   256u
#define EMU_HMMINDS 4u
#define EMU_HMMAXD  128u
/* What features 05h and 0Bh know of the bits that NVMe defines */
#define EMU_RECOVERY_MASK 0xffffu
#define EMU_AEC_MASK \
	(GMX_AEC_SPARE | GMX_AEC_TEMPERATURE | GMX_AEC_RELIABILITY | GMX_AEC_READ_ONLY | GMX_AEC_BACKUP | GMX_AEC_NS_ATTR | \
	 GMX_AEC_FW_ACT | GMX_AEC_TELEMETRY)
#define EMU_SGLS	      0x00080001u /* where there are SGLs: any alignment, also one for metadata */
#define EMU_SPARE_LOW	      10	  /* percent: AVAILABLE SPARE THRESHOLD */
#define EMU_FW_GRANULARITY    4096u	  /* FWUG 1 */
#define EMU_FW_MTFA	      10	  /* 100 ms: MTFA */
#define EMU_EDSTT	      1		  /* minutes of an extended self-test */
#define EMU_PELS	      2		  /* 64 KiB: largest persistent event log */
#define EMU_EVENT_ENTRIES     1024	  /* of the vendor event log */
#define EMU_POWER_RAILS	      5
#define EMU_POWER_INTERVAL_MS 100     /* between two readings of the regulators */
#define EMU_BAR_SIZE	      0x2000u /* registers and doorbells of 129 queue pairs */

/* What a command handler returns beside an NVMe status (SCT << 8 | SC, with GMX_STS_DNR, GMX_STS_MORE). */
#define EMU_PENDING 0xffffu /* emu_cmd_complete() will be called later, or never */

/* queue.c */
struct emu_sq {
	struct emu_ctrl *ctrl;
	uint16_t qid;
	uint16_t cqid;
	uint32_t size; /* entries; 0: not created */
	uint32_t head, tail;
	uint64_t base;
	uint8_t prio;
	bool stalled; /* by a fault: fetches nothing */
	bool in_cmb;
	uint32_t inflight;
	struct emu_list commands; /* struct emu_cmd::of_sq, those that are not completed */
	bool active;		  /* there may be something to fetch */
	bool lingers;		  /* was empty, and the host was not asked to ring for the next command */
	uint64_t *cids;		  /* bit per command id in flight */
};

struct emu_cq {
	uint16_t cqid;
	uint16_t vector;
	uint32_t size;
	uint32_t head, tail;
	uint64_t base;
	bool phase; /* of the next entry */
	bool ien;
	uint32_t users;		 /* submission queues that post here */
	struct emu_list waiting; /* struct emu_cmd::of_cq: the ring is full */
	uint32_t uncounted;	 /* completions since the last interrupt (coalescing) */
	struct emu_timer coalesce;
	struct emu_ctrl *ctrl;
};

/* drive.c: a physical drive. Its file is sparse; what the host wrote may still be in the volatile cache (cache.c). */
struct emu_drive;

/* ns.c: a namespace. For now each lies on a drive of its own. */
struct emu_ns {
	struct emu_subsys *s;
	uint32_t nsid;	     /* 0: this slot of emu_subsys::ns is free */
	uint64_t nsze, ncap; /* blocks */
	uint64_t nuse;	     /* blocks, kept by the drive's allocation */
	uint64_t bytes;	     /* that its blocks may take, whatever the format */
	uint8_t lbaf;	     /* index into emu_lbafs[] */
	uint8_t lba_shift;
	uint16_t ms;
	bool ms_extended;
	uint8_t dps;
	uint8_t nmic;		 /* bit 0: may be shared between controllers */
	bool read_only;		 /* write protected (feature 84h) */
	uint32_t error_recovery; /* feature 05h */
	uint8_t eui64[8], nguid[16], uuid[16];
	uint32_t attached; /* bit per function index */
	unsigned int drive_idx;
	struct emu_drive *drive;
	bool formatting; /* I/O gets Format In Progress */
	uint8_t format_percent_left;
	uint8_t format_lbaf; /* what the running format ends in */
	bool format_extended;
	uint64_t reads, writes; /* commands, for tools that ask */
};

/* What ends a hang; a stronger reset does what a weaker one does. */
enum emu_cure { EMU_CURE_NONE, EMU_CURE_RESET, EMU_CURE_FLR, EMU_CURE_NSSR };

/* A controller: one PCI function. */
struct emu_ctrl {
	struct emu_subsys *s;
	unsigned int function; /* index in emu_subsys::ctrls */
	bool is_virtual;
	uint16_t cntlid;
	const struct emu_ctrl_ops *ops;
	void *host;
	bool bus_master;
	bool gone; /* answers with all ones */
	unsigned int dstate;

	/* regs.c */
	uint64_t cap;
	uint32_t cc, csts, aqa, intm;
	uint64_t asq, acq;
	uint32_t generation;	      /* counts lives: each reset begins a new one */
	bool register_hang;	      /* fault: CSTS.RDY does not follow CC.EN */
	struct emu_timer ready_timer; /* CSTS.RDY follows CC.EN after this */
	struct emu_timer shutdown_timer;

	/* queue.c, arbiter.c, irq.c */
	struct emu_sq sq[EMU_MAX_QUEUES];
	struct emu_cq cq[EMU_MAX_QUEUES];
	uint16_t nr_queues;	  /* I/O queue pairs that Set Features granted; the family's limit until then */
	uint64_t dbbuf, dbbuf_ei; /* host addresses, 0: none */
	uint64_t irq_due[3];	  /* bit per vector: to be raised at the end of the batch */
	uint32_t irq_masked;	  /* MSI vectors that INTMS holds back */
	bool pin;
	uint16_t max_qid;	  /* of the submission queues that were created in this life */
	unsigned int rr_next[4];  /* where the arbiter goes on, by class */
	unsigned int wrr_class;	  /* of the three with a weight: whose turn it is */
	unsigned int wrr_left;	  /* commands that are left of its turn */
	unsigned int working;	  /* I/O commands that are not completed */
	bool refetch;		  /* a completion made room since it last ran */
	bool paused;		  /* CSTS.PP */
	bool hang;		  /* fault: commands are neither fetched nor completed */
	enum emu_cure cure;	  /* fault: what ends either hang */
	unsigned int fetched;	  /* commands in this pass of the loop */
	bool lingers;		  /* some queue does: see emu_sq::lingers */
	uint16_t last_cid;	  /* completed last, for the stale id fault */
	uint64_t doorbells, irqs; /* counted: registers written by the host, vectors and pins raised */

	/* feature.c: current values a controller; those saved are in emu_subsys::nv */
	uint32_t feat[256];		     /* dword 11 */
	uint32_t irq_config[EMU_MAX_QUEUES]; /* feature 09h: bit 16, no coalescing, by vector */
	uint64_t timestamp_base;	     /* ms */
	uint64_t timestamp_set_at;	     /* ns; 0: never set in this life */
	uint64_t reset_at;		     /* ns, of the last controller level reset */
	uint8_t timestamp_origin;
	uint8_t host_behavior[512];
	uint8_t apst[256];
	uint16_t temp_over[EMU_TEMP_SENSORS + 1]; /* kelvin, feature 04h; [0]: composite */
	uint16_t temp_under[EMU_TEMP_SENSORS + 1];
	struct emu_timer keep_alive;

	/* aer.c */
	uint16_t aer_cids[EMU_MAX_AENS];
	unsigned int nr_aers;
	struct emu_cmd *aers[EMU_MAX_AENS];
	uint32_t aer_masked; /* bit per type: not again until its log page is read */
	uint8_t aer_page[8]; /* that log page */
	struct {
		uint32_t dw0;
	} aer_queue[16];
	unsigned int nr_aer_queue;

	/* log.c */
	uint32_t changed_ns[GMX_NS_LIST_ENTRIES];
	unsigned int nr_changed_ns; /* > 1024: overflow, one entry ffffffffh */
	uint32_t ns_changes;	    /* counts them, for mi.c */

	/* hmb.c */
	struct emu_hmb *hmb;

	/* cmb.c; NULL: none */
	struct emu_cmb *cmb;

	/* power.c: the power state in force, 0..4 */
	uint8_t power_state;
	uint64_t last_io; /* ns */

	/* virt.c */
	struct emu_virt {
		bool online;
		uint16_t vq, vi;	   /* flexible resources assigned */
		uint16_t vq_next, vi_next; /* primary: allocation after the next controller reset */
	} virt;
};

enum emu_family { EMU_G1 = 1, EMU_G2, EMU_G3 };

/* family.c: what a family can do */
struct emu_traits {
	enum emu_family id;
	const char *name, *model;
	uint16_t device;
	uint32_t class_code;
	uint16_t nr_queues; /* I/O queue pairs */
	uint16_t mqes;	    /* entries, zeroes based */
	uint8_t mdts;	    /* 2^n pages of 4 KiB */
	uint8_t dma_bits;
	bool sgl;
	bool wrr;
	bool cmb;
	bool hmb;
	bool dbbuf;
	bool pi; /* LBA formats with metadata and protection */
	bool sriov;
	bool rotational; /* may have drives that rotate */
	bool coalescing;
	unsigned int nr_vfs;
};

/* config.c: the configuration file */
struct emu_config {
	char serial[21];
	char subnqn[224];
	unsigned int functions; /* physical: 1 or 2 */
	unsigned int link_speed, link_width;
	char form_factor[16];	      /* "u.2", "m.2", "e1.s", "e3.s", "add-in" */
	enum emu_irq_mode interrupts; /* "msix" (unless said), "msi", "pin": the best that emu_ctrl_pci_info() offers */
	uint64_t capacity;	      /* bytes, all drives */
	unsigned int nr_ns;	      /* made when the state folder is */
	struct {
		uint64_t bytes;
		unsigned int block; /* bytes */
		unsigned int ms;
		bool rotational;
	} ns[EMU_MAX_NS];
	bool write_cache; /* there is a volatile one */
	bool flush_lies;  /* a controller that answers Flush and forgets: for the test of the test */
	uint64_t cache_bytes;
	uint32_t cache_us; /* the most between two background writes */
	uint64_t seed;	   /* of everything that is random */
	enum { EMU_MEDIUM_NONE, EMU_MEDIUM_SSD, EMU_MEDIUM_HDD } latency;
	uint32_t ready_us; /* CC.EN to CSTS.RDY */
	uint8_t cap_to;	   /* what CAP.TO says of it: 500 ms */
	uint64_t cmb_bytes;
	unsigned int commands; /* I/O commands that a controller works on at once; 0: all that come */
	bool time_warp;	       /* long operations (self-test, sanitize, format) take milliseconds */
	json_object *faults;   /* "faults": a list of rules as fault-add takes them, or NULL; owned */
	char plan[256];	       /* "plan": a file with such a list, or "" */
};

/*
 * nvram.c: what outlives power. Kept as one JSON object in memory and written whole, to a new file that is renamed, so a
 * kill at any instant leaves the old or the new one. Each file keeps its own key under the root.
 */
struct emu_nvram;
json_object *emu_nvram_get(struct emu_subsys *s, const char *key);	       /* borrowed; NULL: not there */
void emu_nvram_set(struct emu_subsys *s, const char *key, json_object *value); /* takes value; marks dirty */
int emu_nvram_open(struct emu_subsys *s, char *error);			       /* missing: fresh; damaged: an error */
void emu_nvram_close(struct emu_subsys *s);				       /* frees only */
int emu_nvram_save(struct emu_subsys *s);				       /* now; 0 or a negative errno */
void emu_nvram_changed(struct emu_subsys *s); /* save when the present command is done, before it completes */

/* file.c: small files of the state folder, whole or not at all; 0 or a negative errno */
int emu_file_replace(struct emu_subsys *s, const char *name, const void *buf, size_t len);
int emu_file_load(struct emu_subsys *s, const char *name, size_t max, uint8_t **buf, size_t *len);

/* image.c: a firmware image, as the structures of gmx/vendor.h describe it */
struct emu_image {
	bool valid;
	char revision[9]; /* zero terminated */
	uint32_t version, minimum;
	enum gmx_vnd_fw_activation activation;
	uint32_t activation_ms;
	bool no_downgrade, fails_activation;
	unsigned int nr_features;
	char features[8][32];
};

const char *emu_image_parse(const struct emu_traits *traits, const uint8_t *buf, size_t len, struct emu_image *image);
uint8_t *emu_image_factory(const struct emu_traits *traits, size_t *len);

struct emu_subsys {
	const struct emu_subsys_ops *ops;
	void *host;
	char *dir;
	int dir_fd;
	int lock_fd;
	const struct emu_traits *traits;
	struct emu_config config;
	struct emu_timers timers;
	struct emu_ctrl *ctrls[EMU_MAX_FUNCTIONS];
	unsigned int nr_ctrls;
	struct emu_ns ns[EMU_MAX_NS]; /* [nsid - 1] */
	struct emu_drive *drives[EMU_MAX_DRIVES];
	struct emu_nvram *nvram;
	bool nvram_dirty;
	struct emu_cache *cache;    /* cache.c: while there are drives */
	bool cache_off;		    /* feature 06h */
	struct emu_bounce *bounce;  /* io.c */
	struct emu_format *formats; /* format.c: those that run */
	uint64_t ns_identities;	    /* ns.c: handed out so far */
	uint64_t rng;
	uint64_t now; /* ns, read once a run */
	struct emu_list free_cmds;
	struct emu_virt secondary[EMU_MAX_FUNCTIONS - 1]; /* virt.c: controllers of virtual functions */
	struct emu_mi *mi;				  /* mi.c */

	struct emu_health *health; /* health.c: SMART counters, temperature, spare */
	struct emu_events *events; /* event.c: vendor log C4h, persistent event log */
	struct emu_errors *errors; /* error.c: log page 01h */
	struct emu_fw *fw;	   /* firmware.c */
	struct emu_sanitize *sanitize;
	struct emu_selftest *selftest;
	struct emu_telemetry *telemetry;
	struct emu_faults *faults;   /* fault.c */
	struct emu_power *power;     /* power.c: PMBus readings */
	struct emu_persist *persist; /* persist.c */
};

/* subsys.c */
void emu_log(struct emu_subsys *s, enum emu_log_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
uint32_t emu_random(struct emu_subsys *s, uint32_t below); /* 0..below-1; repeatable from the seed */
uint64_t emu_now(struct emu_subsys *s);

/* family.c, config.c */
const struct emu_traits *emu_family_find(const char *name);
extern const struct emu_lbaf_desc {
	uint8_t shift;
	uint16_t ms;
	uint8_t rp;
} emu_lbafs[EMU_MAX_LBAF];
unsigned int emu_family_nr_lbaf(const struct emu_traits *traits);
int emu_config_parse(struct emu_config *config, const struct emu_traits *traits, const char *json, char *error);
void emu_config_identity(struct emu_subsys *s); /* serial number and NQN that the file leaves open */

/* regs.c */
void emu_regs_init(struct emu_ctrl *c);
void emu_regs_free(struct emu_ctrl *c);
void emu_regs_fatal(struct emu_ctrl *c, const char *why); /* CSTS.CFS */
/* Processing of commands stops and starts around a firmware activation (CSTS.PP). */
void emu_regs_pause(struct emu_ctrl *c, bool pause);
/* Ends a life: queues gone, commands dropped, features back to what is saved. */
void emu_ctrl_end_life(struct emu_ctrl *c, const char *why);
void emu_subsys_nssr(struct emu_subsys *s); /* resets every controller, sets CSTS.NSSRO */

/* queue.c */
void emu_queue_init(struct emu_ctrl *c);
void emu_queue_stop(struct emu_ctrl *c); /* all queues gone, all commands freed without completion */
uint16_t emu_queue_create_admin(struct emu_ctrl *c);
uint16_t emu_queue_cmd(struct emu_cmd *cmd); /* create and delete commands */
uint16_t emu_queue_abort(struct emu_cmd *cmd);
void emu_queue_doorbell(struct emu_ctrl *c, unsigned int index, uint32_t value);
bool emu_queue_fetch(struct emu_sq *sq);       /* one command; false: none, or no room */
bool emu_queue_busy(const struct emu_ctrl *c); /* it works on as many as it can */
bool emu_queue_has_work(struct emu_sq *sq);
void emu_queue_cq_sync(struct emu_cq *cq); /* with the shadow of its head; wants to hear of the next move */
void emu_queue_resume(struct emu_ctrl *c); /* a hang or a pause is over, or there is room again */
/* Ends a command; its object is gone after this. Safe for a command of an earlier life. */
void emu_cmd_complete(struct emu_cmd *cmd, uint16_t status);
/* The same, due ns from now. */
void emu_cmd_complete_after(struct emu_cmd *cmd, uint16_t status, uint64_t ns);

/* arbiter.c: fetch and execute until nothing is left or the budget is used; true: there is more */
bool emu_arbiter_run(struct emu_ctrl *c, unsigned int budget);

/* irq.c */
void emu_irq_cq(struct emu_cq *cq, bool admin); /* an entry was posted */
void emu_irq_update(struct emu_ctrl *c);	/* heads, masks or the mode changed */
void emu_irq_flush(struct emu_ctrl *c);		/* end of a batch: raise what coalescing lets through */

/* dptr.c: the walker of PRPs and SGLs; shares nothing with the driver */
struct emu_seg {
	uint64_t addr;
	uint32_t len;
};

struct emu_dptr {
	struct emu_seg *segs;
	unsigned int nr, room;
	uint64_t len;
	struct emu_seg inline_segs[34];
};

/* The whole description is read and checked before anything moves. 0 or a status; on 0 emu_dptr_free() is due. */
uint16_t emu_dptr_walk(struct emu_cmd *cmd, uint64_t len, struct emu_dptr *d);
/* The metadata pointer (MPTR) of a command, len bytes */
uint16_t emu_dptr_walk_meta(struct emu_cmd *cmd, uint64_t len, struct emu_dptr *d);
void emu_dptr_free(struct emu_dptr *d);
uint16_t emu_dptr_read(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, void *buf, uint64_t len);
uint16_t emu_dptr_write(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, const void *buf, uint64_t len);
/* The host's memory itself where it is one piece; NULL: it is to be copied. The host may change it at any time. */
void *emu_dptr_ptr(struct emu_cmd *cmd, const struct emu_dptr *d, uint64_t off, uint64_t len);
/* Walk and copy in one: what admin commands need. len is also what the host's buffer must have. */
uint16_t emu_cmd_to_host(struct emu_cmd *cmd, const void *buf, uint32_t len);
uint16_t emu_cmd_from_host(struct emu_cmd *cmd, void *buf, uint32_t len);
/* Host memory, 0 or a negative errno: not mapped, bus mastering off, or wider than the family's DMA. */
int emu_dma_read(struct emu_ctrl *c, uint64_t addr, void *buf, size_t len);
int emu_dma_write(struct emu_ctrl *c, uint64_t addr, const void *buf, size_t len);
/* The memory itself, by the same rules; NULL: the two calls above may still reach it. */
void *emu_dma_ptr(struct emu_ctrl *c, uint64_t addr, size_t len);

/* cmd.c: one table for admin, one for I/O: handler, effects, who may, what it needs */
struct emu_opcode {
	uint8_t opcode;
	const char *name;
	uint16_t (*fn)(struct emu_cmd *cmd);
	uint32_t effects;		   /* as in log page 05h, with CSUPP */
	bool (*there)(struct emu_ctrl *c); /* NULL: always */
	bool in_sanitize;		   /* allowed while a sanitize operation runs */
	bool no_nsid;			   /* it has no namespace: NSID is 0 (figure 139) */
};

uint16_t emu_cmd_execute(struct emu_cmd *cmd);
const struct emu_opcode *emu_cmd_find(struct emu_ctrl *c, bool admin, uint8_t opcode);
const struct emu_opcode *emu_cmd_table(bool admin, unsigned int *nr);

/* identify.c */
uint16_t emu_identify_cmd(struct emu_cmd *cmd);
void emu_identify_ctrl(struct emu_ctrl *c, struct gmx_id_ctrl *id);
extern const struct gmx_psd emu_power_states[EMU_NPSS + 1]; /* in the wire's byte order */

/* feature.c */
uint16_t emu_feature_set_cmd(struct emu_cmd *cmd);
uint16_t emu_feature_get_cmd(struct emu_cmd *cmd);
void emu_feature_reset(struct emu_ctrl *c);		  /* to saved, or default values */
uint64_t emu_feature_timestamp(struct emu_ctrl *c);	  /* ms, as feature 0Eh counts */
uint16_t emu_feature_keep_alive_cmd(struct emu_cmd *cmd); /* Keep Alive, 18h */

/* saved.c: saved values; owner is a controller, a namespace or the subsystem, key a feature */
bool emu_saved_get(struct emu_subsys *s, const char *owner, const char *key, uint32_t *value);
void emu_saved_set(struct emu_subsys *s, const char *owner, const char *key, uint32_t value);
bool emu_saved_get_bytes(struct emu_subsys *s, const char *owner, const char *key, uint8_t *buf, size_t len);
void emu_saved_set_bytes(struct emu_subsys *s, const char *owner, const char *key, const uint8_t *buf, size_t len);

/* log.c: Get Log Page; pages register in its table */
uint16_t emu_log_cmd(struct emu_cmd *cmd);
void emu_log_ns_changed(struct emu_subsys *s, uint32_t nsid, struct emu_ctrl *except);
/* A page's content: *buf is malloc'ed with *len bytes in it, or a status. offset and length are log.c's affair. */
typedef uint16_t emu_log_fn(struct emu_cmd *cmd, uint8_t **buf, size_t *len);
emu_log_fn emu_health_log, emu_error_log, emu_fw_log, emu_selftest_log, emu_telemetry_host_log, emu_telemetry_ctrl_log,
	emu_event_persistent_log, emu_sanitize_log, emu_health_extended_log, emu_event_vendor_log, emu_drive_log, emu_volume_log,
	emu_power_log, emu_fw_update_log;

/* error.c: log page 01h; lba GMX_ERROR_NO_LBA-like ~0: none */
void emu_error_add(struct emu_cmd *cmd, uint16_t status, uint16_t location, uint64_t lba);
/* What no command is to blame for: qid, or ~0; also sends the async event of type error. */
void emu_error_report(struct emu_ctrl *c, unsigned int info, uint16_t qid, uint16_t status);
uint64_t emu_error_count(struct emu_ctrl *c); /* in the controller's life */
int emu_error_open(struct emu_subsys *s);
void emu_error_close(struct emu_subsys *s);

/* aer.c */
uint16_t emu_aer_cmd(struct emu_cmd *cmd);
void emu_aer_reset(struct emu_ctrl *c);
void emu_aer_send(struct emu_ctrl *c, unsigned int type, unsigned int info, unsigned int page); /* queued, masked */
void emu_aer_send_all(struct emu_subsys *s, unsigned int type, unsigned int info, unsigned int page);
void emu_aer_log_read(struct emu_ctrl *c, unsigned int page, bool retain);

/* ns.c: namespaces and their management */
struct emu_ns *emu_ns_find(struct emu_subsys *s, uint32_t nsid); /* allocated; NULL: none */
bool emu_ns_attached(const struct emu_ns *ns, const struct emu_ctrl *c);
uint16_t emu_ns_mgmt_cmd(struct emu_cmd *cmd);
uint16_t emu_ns_attach_cmd(struct emu_cmd *cmd);
int emu_ns_open(struct emu_subsys *s, char *error);    /* from NVRAM, or those of the configuration */
void emu_ns_close(struct emu_subsys *s, bool orderly); /* with their drives; not orderly: as in a power cut */
void emu_ns_save(struct emu_subsys *s);		       /* into NVRAM */
uint64_t emu_ns_unallocated(struct emu_subsys *s);     /* bytes */
uint16_t emu_ns_set_format(struct emu_ns *ns, unsigned int lbaf, bool extended, uint8_t dps);
/* Control socket: grow, shrink, change identity, vanish; 0 or a negative errno */
int emu_ns_resize(struct emu_ns *ns, uint64_t bytes);
int emu_ns_new_identity(struct emu_ns *ns);
int emu_ns_delete(struct emu_ns *ns, struct emu_ctrl *by); /* by gets no notice */
/* On a drive of its own, attached to nobody, not saved; NULL: error says why. The caller looks after the capacity. */
struct emu_ns *emu_ns_create(struct emu_subsys *s, uint64_t bytes, unsigned int lbaf, bool extended, uint8_t nmic,
			     bool rotational, char *error);

/* drive.c, cache.c: the medium. Block addresses in the namespace's present format; all return a status. */
int emu_drive_open(struct emu_subsys *s, unsigned int idx, uint64_t bytes, bool rotational, char *error);
void emu_drive_close(struct emu_drive *d, bool orderly);       /* orderly: the cache is written */
void emu_drive_remove(struct emu_subsys *s, unsigned int idx); /* with its files */
int emu_drive_resize(struct emu_drive *d, uint64_t bytes);
uint64_t emu_drive_bytes(const struct emu_drive *d);
uint64_t emu_drive_allocated(const struct emu_drive *d); /* bytes that are not holes */
bool emu_drive_rotational(const struct emu_drive *d);
uint16_t emu_drive_read(struct emu_ns *ns, uint64_t lba, uint32_t nr, void *data, void *meta);
/* Blocks as they lie on the medium; NULL: they are to be read, which may fail. Valid until anything else is done. */
const void *emu_drive_peek(struct emu_ns *ns, uint64_t lba, uint32_t nr);
/* fua: on the medium when this returns. Atomic as a whole if it is no larger than EMU_ATOMIC_BYTES. */
uint16_t emu_drive_write(struct emu_ns *ns, uint64_t lba, uint32_t nr, const void *data, const void *meta, bool fua);
uint16_t emu_drive_deallocate(struct emu_ns *ns, uint64_t lba, uint64_t nr); /* reads give zeroes then */
uint16_t emu_drive_uncorrectable(struct emu_ns *ns, uint64_t lba, uint32_t nr);
uint16_t emu_drive_flush(struct emu_ns *ns);
void emu_drive_erase(struct emu_drive *d);						    /* everything, cache too: format */
int emu_drive_overwrite(struct emu_drive *d, uint64_t off, uint64_t len, uint32_t pattern); /* sanitize: whole pages */
bool emu_drive_failed(const struct emu_drive *d);
void emu_drive_set_failed(struct emu_drive *d, bool failed);
void emu_drive_media_error(struct emu_drive *d, uint64_t byte, bool set);
uint64_t emu_drive_run(struct emu_subsys *s);		    /* background destaging; next time wanted */
void emu_drive_cache_enable(struct emu_subsys *s, bool on); /* feature 06h; off: flushes, then writes through */
void emu_drive_power_cut(struct emu_drive *d);		    /* forget the cache */
#define EMU_ATOMIC_BYTES 16384u				    /* AWUPF in blocks follows from it */

/* latency.c: ns that the medium takes for this; 0 where it is switched off */
uint64_t emu_latency(struct emu_ns *ns, uint8_t opcode, uint64_t lba, uint32_t nr);

/* io.c */
uint16_t emu_io_flush(struct emu_cmd *cmd);
uint16_t emu_io_read(struct emu_cmd *cmd);
uint16_t emu_io_write(struct emu_cmd *cmd);
uint16_t emu_io_compare(struct emu_cmd *cmd);
uint16_t emu_io_write_zeroes(struct emu_cmd *cmd);
uint16_t emu_io_write_uncor(struct emu_cmd *cmd);
uint16_t emu_io_dsm(struct emu_cmd *cmd);
uint16_t emu_io_verify(struct emu_cmd *cmd);
void emu_io_close(struct emu_subsys *s);

/* The capabilities, one file each: open from NVRAM, close, reset with the controller. */
uint16_t emu_format_cmd(struct emu_cmd *cmd); /* format.c */
void emu_format_close(struct emu_subsys *s);  /* those that run are finished at the next start */
uint16_t emu_sanitize_cmd(struct emu_cmd *cmd);
int emu_sanitize_open(struct emu_subsys *s); /* goes on after a power cut */
void emu_sanitize_close(struct emu_subsys *s);
bool emu_sanitize_running(struct emu_subsys *s);
bool emu_sanitize_failed(struct emu_subsys *s);
uint16_t emu_sanitize_refuses(struct emu_subsys *s);	     /* what is not allowed meanwhile: its status; 0: all is allowed */
unsigned int emu_sanitize_status(struct emu_subsys *s);	     /* GMX_SANITIZED_* */
uint32_t emu_sanitize_caps(const struct emu_traits *traits); /* SANICAP */
uint16_t emu_selftest_cmd(struct emu_cmd *cmd);
int emu_selftest_open(struct emu_subsys *s);
void emu_selftest_close(struct emu_subsys *s);
void emu_selftest_ctrl_reset(struct emu_ctrl *c);
/* Ends the test that runs on this namespace (GMX_NSID_ALL: on any), before its blocks go away. */
void emu_selftest_abort(struct emu_subsys *s, enum gmx_selftest_outcome why, uint32_t nsid);
unsigned int emu_selftest_running(struct emu_subsys *s); /* GMX_SELFTEST_*: which */
uint16_t emu_fw_download_cmd(struct emu_cmd *cmd);
uint16_t emu_fw_commit_cmd(struct emu_cmd *cmd);
int emu_fw_open(struct emu_subsys *s);
void emu_fw_close(struct emu_subsys *s);
void emu_fw_ctrl_reset(struct emu_ctrl *c); /* an activation that waits for a reset */
/* Beside it: a reset that is more than one of a controller. */
void emu_fw_reset(struct emu_subsys *s, enum gmx_vnd_fw_activation kind);
uint16_t emu_fw_pending(struct emu_subsys *s); /* which reset an activation waits for, as a status; 0: none */
void emu_fw_slot_info(struct emu_subsys *s, struct gmx_log_fw_slot *info);
void emu_fw_update_info(struct emu_subsys *s, struct gmx_vnd_log_fw *u);
const char *emu_fw_revision(struct emu_subsys *s); /* 8 characters, of the running image */
unsigned int emu_fw_running_slot(struct emu_subsys *s);
bool emu_fw_has(struct emu_subsys *s, const char *feature); /* behaviour that an image's manifest switches on */
uint16_t emu_mi_send_cmd(struct emu_cmd *cmd);
uint16_t emu_mi_recv_cmd(struct emu_cmd *cmd);
int emu_mi_open(struct emu_subsys *s); /* after firmware and health */
void emu_mi_close(struct emu_subsys *s);
void emu_vpd_read(struct emu_subsys *s, uint8_t *vpd); /* vpd.c: GMX_MI_VPD_SIZE bytes */
void emu_vpd_write(struct emu_subsys *s, const uint8_t *vpd);
uint16_t emu_virt_mgmt_cmd(struct emu_cmd *cmd);
void emu_virt_reset(struct emu_ctrl *c);				       /* with emu_feature_reset() */
unsigned int emu_virt_nr_queues(struct emu_ctrl *c);			       /* I/O queue pairs that its resources allow */
void emu_virt_primary_caps(struct emu_ctrl *c, uint8_t *buf);		       /* CNS 14h, 4096 bytes */
void emu_virt_secondary_list(struct emu_ctrl *c, uint16_t from, uint8_t *buf); /* CNS 15h */
uint16_t emu_security_send_cmd(struct emu_cmd *cmd);
uint16_t emu_security_recv_cmd(struct emu_cmd *cmd);
uint16_t emu_dbbuf_cmd(struct emu_cmd *cmd); /* queue.c */
uint16_t emu_hmb_set(struct emu_cmd *cmd);   /* feature 0Dh */
uint16_t emu_hmb_get(struct emu_cmd *cmd);
void emu_hmb_reset(struct emu_ctrl *c);
void emu_hmb_free(struct emu_ctrl *c);
uint64_t emu_hmb_errors(struct emu_ctrl *c); /* pages that came back changed */
void emu_hmb_status(const struct emu_ctrl *c, json_object *out);
void emu_telemetry_capture(struct emu_subsys *s, bool controller, const char *why);
void emu_telemetry_taken(struct emu_subsys *s);			      /* a host has read what the controller captured */
void emu_telemetry_trace(const struct emu_cmd *cmd, uint16_t status); /* at each completion */
void emu_telemetry_fault(struct emu_subsys *s, const char *text);     /* an injected fault that fired */
int emu_telemetry_open(struct emu_subsys *s);
void emu_telemetry_close(struct emu_subsys *s);

/* health.c, power.c */
int emu_health_open(struct emu_subsys *s);
void emu_health_close(struct emu_subsys *s); /* leaves it to emu_nvram_save() that this was orderly */
void emu_health_io(struct emu_subsys *s, bool write, uint64_t bytes);
void emu_health_media_error(struct emu_subsys *s);
void emu_health_unsafe_shutdown(struct emu_subsys *s);
void emu_health_save(struct emu_subsys *s);	       /* at a flush: at most once a second */
void emu_health_shutdown(struct emu_ctrl *c);	       /* CC.SHN is done: power may go, if no other works */
void emu_health_enabled(struct emu_subsys *s);	       /* CC.EN: from here on it may not */
void emu_health_reset(struct emu_ctrl *c, bool fatal); /* counts resets and fatal errors */
void emu_health_check(struct emu_subsys *s);	       /* thresholds or drives changed: warnings, events */
void emu_health_link_error(struct emu_subsys *s, unsigned int severity);
void emu_health_smart(struct emu_ctrl *c, struct gmx_log_smart *log);
/* Crosses thresholds, sends events; 0: as the load makes it again. */
void emu_health_set_temperature(struct emu_subsys *s, unsigned int kelvin);
void emu_health_set_spare(struct emu_subsys *s, unsigned int percent);
unsigned int emu_health_temperature(struct emu_subsys *s);
unsigned int emu_health_sensor(struct emu_subsys *s, unsigned int idx); /* 1..EMU_TEMP_SENSORS, kelvin */
unsigned int emu_health_spare(struct emu_subsys *s);
unsigned int emu_health_used(struct emu_subsys *s);
uint64_t emu_health_power_on_ms(struct emu_subsys *s);
uint64_t emu_health_power_cycles(struct emu_subsys *s);
uint64_t emu_health_uptime_ms(struct emu_subsys *s); /* of this power cycle */
void emu_health_status(struct emu_subsys *s, json_object *out);
int emu_power_open(struct emu_subsys *s);
void emu_power_close(struct emu_subsys *s);
void emu_power_busy(struct emu_subsys *s, uint64_t bytes); /* power follows the load */
uint16_t emu_power_set_state(struct emu_ctrl *c, unsigned int ps);
void emu_power_io(struct emu_ctrl *c);		 /* an I/O command was fetched: ends an idle state */
void emu_power_apst_changed(struct emu_ctrl *c); /* feature 0Ch */
struct emu_args;
void emu_power_control(struct emu_subsys *s, struct emu_args *a); /* readings by hand */
void emu_power_status(struct emu_subsys *s, json_object *out);

/* event.c: vendor event log (C4h) and persistent event log (0Dh) */
int emu_event_open(struct emu_subsys *s);
void emu_event_close(struct emu_subsys *s);
/* Adds to both logs and sends the vendor async event if feature C0h lets it; text is short and for people. */
void emu_event_add(struct emu_subsys *s, unsigned int code, uint32_t object, uint64_t value, const char *text);
uint64_t emu_event_last(struct emu_subsys *s);	  /* sequence number of the newest, 0: none */
void emu_event_power_on(struct emu_subsys *s);	  /* by health.c or event.c, whichever opens last */
bool emu_health_was_unsafe(struct emu_subsys *s); /* how power went before this start */
void emu_event_status(struct emu_subsys *s, json_object *out);

/* persist.c: the persistent event log. emu_event_add() puts there what NVMe has an event for. */
int emu_persist_open(struct emu_subsys *s);
void emu_persist_close(struct emu_subsys *s);
void emu_persist_add(struct emu_subsys *s, struct emu_ctrl *c, unsigned int type, const void *data, size_t len);
void emu_persist_event(struct emu_subsys *s, unsigned int code, uint32_t object, uint64_t value, const char *text);

/* ring.c: a file of records of one size, the oldest overwritten; a kill at any instant costs no older record. */
struct emu_ring;
struct emu_ring *emu_ring_open(struct emu_subsys *s, const char *name, uint32_t record, uint32_t nr);
void emu_ring_close(struct emu_ring *r);
uint64_t emu_ring_add(struct emu_ring *r, const void *record); /* its sequence number, 1 and up; 0: not written */
uint64_t emu_ring_first(const struct emu_ring *r);	       /* 0: empty */
uint64_t emu_ring_last(const struct emu_ring *r);
const void *emu_ring_get(const struct emu_ring *r, uint64_t sequence); /* NULL: not there (any more) */

/* vendor.c: identify page (bytes 3072..4095), vendor features */
void emu_vendor_identify(struct emu_ctrl *c, uint8_t *page);

/* fault.c: rules from the control socket or the plan file */
int emu_fault_open(struct emu_subsys *s);
void emu_fault_close(struct emu_subsys *s);
/* Before a command is executed: 0 and cmd->faults set; EMU_PENDING: it hangs; else the status to complete it with. */
uint16_t emu_fault_cmd(struct emu_cmd *cmd, uint64_t *delay_ns);
/* Identify and log data on its way out; what: "identify:01" (CNS), "log:c4" (page), always two hex digits. */
void emu_fault_data(struct emu_ctrl *c, const char *what, void *buf, size_t len);
bool emu_fault_irq_lost(struct emu_ctrl *c, unsigned int vector);
bool emu_fault_fw_activation_fails(struct emu_subsys *s);
bool emu_fault_selftest_fails(struct emu_subsys *s, unsigned int *segment);
/* The fault part of emu_subsys_control(): NULL when the command is none of fault.c's. */
json_object *emu_fault_control(struct emu_subsys *s, const char *verb, json_object *request);
void emu_fault_set_gone(struct emu_ctrl *c, bool gone);
/* A reset of this strength ends a hang that it is said to end. */
void emu_fault_cure(struct emu_ctrl *c, enum emu_cure cure);

#endif
