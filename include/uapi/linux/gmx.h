/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Gigamax controllers: the vendor ioctls of /dev/gmx<N>. This header is their manual. NVMe commands go by the ioctls of
 * <linux/nvme_ioctl.h> on the same node (docs/abi/ioctl-nvme.md): Format NVM, Sanitize, Device Self-test, Identify and
 * log pages have no call of their own here.
 *
 * A structure begins with its size. The caller clears all of it, sets size to sizeof() and fills what is marked "in".
 *
 *  - The kernel reads and writes min(size, what it knows) bytes. On return size says how many of them mean something;
 *    what the caller gave beyond them is zeroed, on success.
 *  - size below the last "in" field of version 1.0: EINVAL. size above 4096: E2BIG. A byte that is not zero where the
 *    kernel knows no field: E2BIG, and size is what it knows. So an old kernel never ignores what a new program asks.
 *  - What is not marked "in" is ignored on entry. Names that begin with rsvd are zero on return; between fields that
 *    are "in", and in GMX_IOCTL_FW_COMMIT and GMX_IOCTL_TELEMETRY, they must be zero on entry: EINVAL. flags without a
 *    meaning: EINVAL.
 *
 * No structure has implicit padding; they are the same for 32-bit and 64-bit programs. Pointers are __u64; of a 32-bit
 * program the lower half counts. Integers are the host's, texts end with a zero byte and are printable ASCII.
 * A field is there since version 1.0 unless it says otherwise.
 *
 * Who may: "read" is everybody who could open the node (mode 0600; the package's udev rule gives it to a group for
 * reading); "admin" is CAP_SYS_ADMIN, else EPERM. Neither asks whether the node was opened for writing.
 *
 * Errors of all calls; those of one are with it:
 *	ENOTTY		not a call of this node, or not of this version
 *	EFAULT		a structure cannot be read and written, or a buffer not be read: nothing was sent. A buffer
 *			cannot be written, or the structure no longer: what was asked for has been done
 *	EINVAL E2BIG	above; a value out of its range
 *	EPERM		above
 *	ENODEV		the device is gone, or the driver has let it go
 *	EOPNOTSUPP	the controller does not have it
 *	EAGAIN		a reset runs, or the controller has been given up: nothing was sent
 *	EINTR		a signal came while it waited, or a reset took the command back
 *	EREMOTEIO	the controller refused; nvme_status says why, and the structure is written
 *	ENOMEM
 * Number, size and flags come first, then permission; with an error, nothing was sent or changed unless it says so.
 */
#ifndef _UAPI_LINUX_GMX_H
#define _UAPI_LINUX_GMX_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define GMX_IOC_VERSION		0x0100		/* major << 8 | minor; a minor version only adds */
#define GMX_IOC_MAX_SIZE	4096		/* of a structure, bytes */

#define GMX_IOC_MAGIC		'G'		/* numbers 40h to 7fh */
/* The number carries no size: the structure does. */
#define GMX_IOCTL_INFO		_IO(GMX_IOC_MAGIC, 0x40)	/* struct gmx_ioc_info */
#define GMX_IOCTL_HEALTH	_IO(GMX_IOC_MAGIC, 0x41)	/* struct gmx_ioc_health */
#define GMX_IOCTL_STATS		_IO(GMX_IOC_MAGIC, 0x42)	/* struct gmx_ioc_stats */
#define GMX_IOCTL_RECOVERY	_IO(GMX_IOC_MAGIC, 0x43)	/* struct gmx_ioc_recovery */
#define GMX_IOCTL_EVENTS	_IO(GMX_IOC_MAGIC, 0x44)	/* struct gmx_ioc_events */
#define GMX_IOCTL_EVENT_MASK	_IO(GMX_IOC_MAGIC, 0x45)	/* struct gmx_ioc_event_mask */
#define GMX_IOCTL_OP		_IO(GMX_IOC_MAGIC, 0x46)	/* struct gmx_ioc_op */
#define GMX_IOCTL_OP_CANCEL	_IO(GMX_IOC_MAGIC, 0x47)	/* struct gmx_ioc_op */
#define GMX_IOCTL_FW_INFO	_IO(GMX_IOC_MAGIC, 0x48)	/* struct gmx_ioc_fw_info */
#define GMX_IOCTL_FW_DOWNLOAD	_IO(GMX_IOC_MAGIC, 0x49)	/* struct gmx_ioc_fw_download */
#define GMX_IOCTL_FW_COMMIT	_IO(GMX_IOC_MAGIC, 0x4a)	/* struct gmx_ioc_fw_commit */
#define GMX_IOCTL_TELEMETRY	_IO(GMX_IOC_MAGIC, 0x4b)	/* struct gmx_ioc_telemetry */
#define GMX_IOCTL_TELEMETRY_READ _IO(GMX_IOC_MAGIC, 0x4c)	/* struct gmx_ioc_telemetry_read */
#define GMX_IOCTL_POWER		_IO(GMX_IOC_MAGIC, 0x4d)	/* struct gmx_ioc_power */
#define GMX_IOCTL_IRQ		_IO(GMX_IOC_MAGIC, 0x4e)	/* struct gmx_ioc_irq */
#define GMX_IOCTL_MI		_IO(GMX_IOC_MAGIC, 0x4f)	/* struct gmx_ioc_mi */
#define GMX_IOCTL_NS_CREATE	_IO(GMX_IOC_MAGIC, 0x50)	/* struct gmx_ioc_ns_create */
#define GMX_IOCTL_NS_DELETE	_IO(GMX_IOC_MAGIC, 0x51)	/* struct gmx_ioc_ns */
#define GMX_IOCTL_NS_ATTACH	_IO(GMX_IOC_MAGIC, 0x52)	/* struct gmx_ioc_ns */
#define GMX_IOCTL_NS_DETACH	_IO(GMX_IOC_MAGIC, 0x53)	/* struct gmx_ioc_ns */
/* Not in 1.0 (ENOTTY), the numbers are kept: RAID 60h to 67h, QoS 68h to 6fh, SR-IOV 70h to 77h, keys 78h to 7bh. */

/*
 * GMX_IOCTL_INFO, read: what the controller and the driver are, and their limits. Sends no command; also answers while
 * the controller is reset, or given up.
 */
enum gmx_ioc_state {
	GMX_IOC_STATE_NEW,		/* probe has not finished */
	GMX_IOC_STATE_LIVE,		/* serves I/O */
	GMX_IOC_STATE_RESETTING,	/* a reset runs, I/O waits */
	GMX_IOC_STATE_RECOVERING,	/* a reset runs, the recovery budget is spent: I/O fails */
	GMX_IOC_STATE_ADMIN_ONLY,	/* no I/O queues, the admin queue works */
	GMX_IOC_STATE_DELETING,
	GMX_IOC_STATE_DEAD,		/* given up, or gone */
};

struct gmx_ioc_info {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u16 abi_version;		/* GMX_IOC_VERSION of the driver */
	__u16 state;			/* enum gmx_ioc_state */
	__s32 numa_node;		/* -1: not known */
	char driver_version[16];
	char pci_address[16];		/* "0000:01:00.0" */
	char serial[24];
	char model[48];
	char firmware[16];		/* revision that runs */
	char subnqn[256];
	__u16 pci_vendor;
	__u16 pci_device;
	__u16 pci_subvendor;
	__u16 pci_subdevice;
	__u16 cntlid;			/* controller identifier in its subsystem */
	__u16 oacs;			/* Identify Controller: optional admin commands, ... */
	__u16 oncs;			/* ... optional I/O commands */
	__u16 nr_events_max;		/* entries of the driver's event ring */
	__u32 nvme_version;		/* register VS */
	__u32 nr_namespaces_max;	/* NN */
	__u32 max_transfer;		/* bytes a command */
	__u32 nr_namespaces;		/* that the driver serves now */
	__u64 capacity_bytes;		/* TNVMCAP; all ones: more than that. 0: not reported */
	__u64 unallocated_bytes;	/* UNVMCAP, as of the last scan or reset */
	__u16 queues_default;		/* I/O queues by kind */
	__u16 queues_read;
	__u16 queues_poll;
	__u16 queue_depth;		/* commands an I/O queue */
	__u8 nr_fw_slots;		/* 1 to 7; 0: not reported */
	__u8 nr_aer;			/* Asynchronous Event Requests kept outstanding */
	__u8 nr_power_states;		/* 1 to 32 */
	__u8 trained_link_speed;	/* PCIe generation as trained, 0: not known */
	__u8 trained_link_width;	/* lanes, 0: not known */
	__u8 rsvd1[3];
	__u64 hmb_bytes;		/* host memory lent to the controller */
	__u64 cmb_bytes;		/* controller memory buffer */
	/* The vendor page (host-interface.md, section 2). All of it is 0 without one. */
	__u16 ghi_version;		/* major << 8 | minor */
	__u8 family;			/* 1 to 3 */
	__u8 function;			/* 0 physical, 1 virtual */
	__u8 dma_bits;
	__u8 form_factor;		/* GMX_VND_FORM_* */
	__u8 link_speed;		/* PCIe generation of the product */
	__u8 link_width;		/* lanes of the product */
	__u64 features;			/* GMX_VND_F_* */
	__u64 log_pages;		/* bit n: vendor log page C0h + n */
	__u64 feature_ids;		/* bit n: vendor feature C0h + n */
	__u32 event_classes;		/* bit n: class n */
	__u16 max_drives;
	__u16 max_volumes;
	__u16 max_spares;
	__u16 max_volume_drives;
	__u16 raid_levels;		/* bit n: level n */
	__u16 strip_sizes;		/* bit n: 4 KiB << n */
	__u16 key_slots;
	__u16 ciphers;			/* bit n: cipher n */
	__u16 qos_policies;
	__u16 tenants;
	__u32 event_entries;		/* capacity of the controller's event log */
	__u32 pmbus_interval_ms;	/* between two power samples */
	__u64 journal_bytes;
};

/*
 * GMX_IOCTL_HEALTH, read: the SMART log page and extended health. Answered from a copy that is at most 1 s old while
 * the controller works; an older one is renewed first, so all callers together cost it one look a second. While it does
 * not work the last copy is given, and age_ms grows. ENODATA: there never was one.
 */
#define GMX_IOC_NO_TEMPERATURE	(-32768)	/* not reported */

enum gmx_ioc_health_state {		/* of log page C0h; without it made of the critical warnings */
	GMX_IOC_HEALTH_GOOD,
	GMX_IOC_HEALTH_DEGRADED,	/* works, something needs attention */
	GMX_IOC_HEALTH_FAILING,		/* replace it soon */
	GMX_IOC_HEALTH_FAILED,
};

#define GMX_IOC_HEALTH_EXTENDED	(1u << 0)	/* valid: what comes from log page C0h is */

struct gmx_ioc_health {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 valid;			/* GMX_IOC_HEALTH_* bits */
	__u32 age_ms;			/* of the copy */
	__u32 state;			/* enum gmx_ioc_health_state; an unknown one is 3 */
	__u32 problems;			/* extended: GMX_VND_PROBLEM_* */
	__u8 critical_warning;		/* SMART, bits */
	__u8 spare_percent;		/* 0 to 100 */
	__u8 spare_threshold;		/* 0 to 100 */
	__u8 used_percent;		/* 0 to 255, of the endurance */
	__s16 temperature;		/* degrees Celsius, composite */
	__s16 temperature_warning;	/* WCTEMP */
	__s16 temperature_critical;	/* CCTEMP */
	__s16 temperature_low;		/* extended: lowest ever */
	__s16 temperature_high;		/* extended: highest ever */
	__s16 sensor[8];		/* degrees Celsius */
	__u16 nr_drives;		/* extended */
	__u16 nr_drives_failed;		/* extended */
	__u8 rsvd1[2];
	__u32 warning_minutes;		/* time above temperature_warning */
	__u32 critical_minutes;		/* time above temperature_critical */
	__u32 rsvd2;
	/* Counters of its life; 2^64-1 stands for that and more. */
	__u64 bytes_read;
	__u64 bytes_written;
	__u64 read_commands;
	__u64 write_commands;
	__u64 busy_minutes;
	__u64 power_cycles;
	__u64 power_on_hours;
	__u64 unsafe_shutdowns;
	__u64 media_errors;
	__u64 error_entries;		/* of the error log */
	__u64 uptime_ms;		/* extended, as all below */
	__u64 controller_resets;
	__u64 fatal_errors;		/* times CSTS.CFS was set */
	__u64 commands_failed;
	__u64 link_errors[3];		/* correctable, non-fatal, fatal */
	__u64 event_sequence;		/* newest entry of the controller's event log */
};

/* GMX_IOCTL_STATS, read: what the driver has counted since it was bound. Sends no command. */
enum gmx_ioc_reset_reason {
	GMX_IOC_RESET_OTHER,
	GMX_IOC_RESET_REQUEST,		/* ioctl or sysfs; a parameter's new queue layout */
	GMX_IOC_RESET_IO_TIMEOUT,
	GMX_IOC_RESET_ADMIN_TIMEOUT,
	GMX_IOC_RESET_FATAL,		/* CSTS.CFS */
	GMX_IOC_RESET_NOT_READY,	/* CSTS.RDY went */
	GMX_IOC_RESET_ALL_ONES,		/* the registers did not answer */
	GMX_IOC_RESET_SUBSYSTEM,	/* asked for or found out */
	GMX_IOC_RESET_INTERNAL_ERROR,	/* the controller reported a persistent one */
	GMX_IOC_RESET_PCI,		/* error handling of the bus, or a reset of the function */
	GMX_IOC_RESET_SUSPEND,
	GMX_IOC_RESET_FIRMWARE,		/* an activation needed it, or a download that was given up */
	GMX_IOC_NR_RESETS,
};

struct gmx_ioc_stats {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 resets;			/* all reasons */
	__u64 resets_by_reason[16];	/* by enum gmx_ioc_reset_reason */
	char last_reset_reason[32];	/* words, "none" */
	__u64 last_reset_ns;		/* CLOCK_REALTIME, 0: none */
	__u64 last_reset_us;		/* how long the last one that worked took */
	__u64 timeouts;			/* commands that did not come back in time */
	__u64 missed_interrupts;	/* completions found without one */
	__u64 aborts;			/* Abort commands sent */
	__u64 stale_completions;	/* of commands that nobody waited for */
	__u64 command_errors;
	__u64 command_retries;
	__u64 pci_corrected_errors;
	__u64 async_events;
	__u64 events_lost;		/* left the driver's ring */
	__u64 uevents_dropped;		/* by the rate limit */
	__u64 bounced_requests;
	__u64 bounced_bytes;
	__u64 dumps_kept;		/* device core dumps made */
	__u64 dumps_not_kept;		/* resets that left none: one lay there, or there was no memory */
	__u64 budgets_spent;		/* episodes in which I/O had to be failed */
};

/*
 * GMX_IOCTL_RECOVERY: how long the driver waits. set is what to change: 0 only reads (read), else admin. All values are
 * checked before one is set; on return the fields are what holds. Kept until the driver lets the controller go.
 */
#define GMX_IOC_RECOVERY_IO	(1u << 0)
#define GMX_IOC_RECOVERY_ADMIN	(1u << 1)
#define GMX_IOC_RECOVERY_BUDGET	(1u << 2)

struct gmx_ioc_recovery {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 set;			/* in: GMX_IOC_RECOVERY_*; another bit: EINVAL */
	__u32 io_timeout_ms;		/* in: 100 to 600000 */
	__u32 admin_timeout_ms;		/* in: 100 to 600000 */
	__u32 budget_ms;		/* in: 1000 to 600000, how long I/O waits for a recovery */
};

/*
 * GMX_IOCTL_EVENTS, read: entries of the driver's ring of the last 256 events, oldest first. Reading takes nothing
 * away, so each reader has all of them; a reader's place is the number it asks for. Sequence numbers begin with 1, have
 * no gap, and begin anew when the driver is bound anew (ring_id is another one then).
 *
 * poll(): POLLIN while there is an entry that a read through this open file has not given yet; open() puts the place
 * behind the newest, GMX_IOCTL_EVENTS puts it to next. POLLHUP when the driver lets the controller go: what is in the
 * ring can still be read through files that are open.
 */
enum gmx_ioc_event_kind {
	GMX_IOC_EVENT_ASYNC,		/* an asynchronous event of NVMe: async_*, log_page */
	GMX_IOC_EVENT_LOG,		/* an entry of the controller's event log C4h: all fields */
	GMX_IOC_EVENT_STATE,		/* the driver: code is enum gmx_ioc_state, value the one before */
	GMX_IOC_EVENT_RESET,		/* the driver: code is enum gmx_ioc_reset_reason */
	GMX_IOC_EVENT_DUMP,		/* the driver: a device core dump, value its bytes */
	GMX_IOC_EVENT_OP,		/* the driver: a long operation ended; object is its kind, value its id */
	GMX_IOC_EVENT_LOST,		/* value: entries of C4h that left the log before the driver read them */
};

enum gmx_ioc_severity {
	GMX_IOC_SEV_INFO,
	GMX_IOC_SEV_WARNING,
	GMX_IOC_SEV_ERROR,
	GMX_IOC_SEV_CRITICAL,
};

struct gmx_ioc_event {
	__u64 sequence;
	__u64 time_ns;			/* CLOCK_REALTIME when the driver learned of it */
	__u64 boot_ns;			/* the same moment, CLOCK_BOOTTIME */
	__u16 kind;			/* enum gmx_ioc_event_kind */
	__u16 code;			/* log: GMX_VND_EV_* */
	__u8 severity;			/* enum gmx_ioc_severity */
	__u8 event_class;		/* log: GMX_VND_CLASS_* */
	__u8 async_type;		/* async: bits 2:0 of the completion */
	__u8 async_info;		/* async: bits 15:8 */
	__u8 log_page;			/* async: that the driver read, 0: none */
	__u8 rsvd1[3];
	__u32 object;			/* log, op */
	__u64 value;
	__u64 log_sequence;		/* log: the entry's own number */
	__u64 log_time_ms;		/* log: since 1970, by the controller's clock */
	char text[80];			/* for people */
};

struct gmx_ioc_events {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 from;			/* in: first wanted; 0: the oldest there is */
	__u64 data;			/* in: where entries go */
	__u32 data_bytes;		/* in: room there; 0: only the numbers below */
	__u32 entry_bytes;		/* in: of struct gmx_ioc_event, 64 to 1024, by 8; cut or zero padded */
	__u32 count;			/* entries written */
	__u32 ring_id;
	__u64 next;			/* number behind the last one written: from of the next call */
	__u64 lost;			/* entries from "from" on that had left the ring */
	__u64 newest;			/* number of the newest entry, 0: none yet */
};

/*
 * GMX_IOCTL_EVENT_MASK: which events the controller sends. set 0 only reads (read), else admin. Kept over resets until
 * the driver lets the controller go. Namespace and firmware notices stay on, as the driver lives on them. EOPNOTSUPP:
 * classes without feature C0h. EINVAL: a bit that is not offered.
 */
#define GMX_IOC_MASK_ASYNC	(1u << 0)
#define GMX_IOC_MASK_CLASSES	(1u << 1)

struct gmx_ioc_event_mask {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 set;			/* in: GMX_IOC_MASK_* */
	__u32 async;			/* in: feature 0Bh */
	__u32 classes;			/* in: feature C0h, bit n: class n */
	__u32 async_offered;
	__u32 classes_offered;
	__u16 nvme_status;
	__u16 rsvd1;
};

/*
 * Long operations. The call that begins one returns at once with its id. The controller keeps the last 16; an id is
 * never used twice while the driver is bound. They go on when the file is closed.
 *
 * GMX_IOCTL_OP, read: how far it is. timeout_ms waits for its end so long at most and is no error when it did not come.
 * GMX_IOCTL_OP_CANCEL, admin: asks it to stop and does not wait; what has ended stays as it is (0 too). A firmware
 * operation can be stopped until the image has been handed over (stage GMX_IOC_STAGE_COMMIT): EBUSY from then on.
 * ENOENT: no such operation is known any more.
 */
enum gmx_ioc_op_kind {
	GMX_IOC_OP_FW_COMMIT = 1,	/* GMX_IOCTL_FW_COMMIT */
	GMX_IOC_OP_FW_UPLOAD,		/* /sys/class/firmware/gmx<N> */
	GMX_IOC_OP_TELEMETRY,		/* GMX_IOCTL_TELEMETRY */
};

enum gmx_ioc_op_state {
	GMX_IOC_OP_RUNNING = 1,
	GMX_IOC_OP_DONE,
	GMX_IOC_OP_FAILED,		/* error and nvme_status say why, stage says where */
	GMX_IOC_OP_CANCELLED,
};

enum gmx_ioc_op_stage {
	GMX_IOC_STAGE_NONE,
	GMX_IOC_STAGE_DOWNLOAD,
	GMX_IOC_STAGE_COMMIT,		/* the controller verifies and stores */
	GMX_IOC_STAGE_ACTIVATE,		/* it changes over: I/O waits */
	GMX_IOC_STAGE_RESET,
	GMX_IOC_STAGE_REFRESH,		/* the driver looks at what it has now */
	GMX_IOC_STAGE_CAPTURE,		/* the controller collects */
	GMX_IOC_STAGE_READ,
};

struct gmx_ioc_op {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 id;			/* in; 0: the newest. On return: which one */
	__u32 timeout_ms;		/* in: 0 to 600000 */
	__u32 kind;			/* enum gmx_ioc_op_kind */
	__u32 state;			/* enum gmx_ioc_op_state */
	__u32 stage;			/* enum gmx_ioc_op_stage */
	__u32 percent;			/* 0 to 100, of all of it */
	__s32 error;			/* 0, or a negative errno: EREMOTEIO when nvme_status says more */
	__u16 nvme_status;
	__u16 rsvd1;
	__u32 rsvd2;
	__u64 bytes_done;
	__u64 bytes_total;		/* 0: not known yet */
	__u64 started_ns;		/* CLOCK_REALTIME */
	__u64 ended_ns;			/* 0: it runs */
	__u64 result;			/* telemetry: bytes that can be read; firmware: GMX_IOC_FW_RESULT_* */
};

/*
 * Firmware.
 *
 * GMX_IOCTL_FW_INFO, read: slots and where an update stands.
 *
 * GMX_IOCTL_FW_DOWNLOAD, admin: a part of an image, which is sent before the call returns. A part at offset 0 begins a
 * download and makes it this open file's until it is committed, a part at offset 0 comes again, or the file is closed;
 * EBUSY to others meanwhile. EINVAL: offset and bytes are not multiples of the granularity, a part does not follow the
 * one before, or it would be more than 64 MiB. bytes 0 with offset 0: gives the download up.
 * A reset makes the controller forget what it has: EINTR of the part that was under way, EINVAL of a later one; the
 * download begins at offset 0 again.
 * Without one, parts of a download that was given up stay in the controller. Where it refuses the next for that
 * (Overlapping Range, 114h), the driver resets it once, and sends the part again; EBUSY instead when that reset is one
 * that an activation waits for, or does not end well.
 *
 * GMX_IOCTL_FW_COMMIT, admin: begins the operation that stores and activates. EBUSY: another one runs, or somebody
 * else's download does. ENODATA: an action that stores, or GMX_IOC_FW_ACTIVATE_NOW of who has begun a download, and
 * nothing was downloaded through this file, or a reset came since. EINTR as the operation's error: a reset came before
 * the image was seen to be stored. GMX_IOC_FW_ACTIVATE_NOW of nobody's download, after one that was given up, begins
 * with the same reset as above, or nothing is sent and EBUSY is the operation's error.
 */
enum gmx_ioc_fw_reset {			/* what an activation waits for */
	GMX_IOC_FW_RESET_NONE,
	GMX_IOC_FW_RESET_CONTROLLER,
	GMX_IOC_FW_RESET_CONVENTIONAL,	/* of the PCI function or its slot */
	GMX_IOC_FW_RESET_SUBSYSTEM,
};

struct gmx_ioc_fw_info {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 granularity;		/* bytes: FWUG, 4096 where it says nothing */
	__u32 max_part;			/* bytes a part; 0: a command is below the granularity, so no download */
	__u32 activation_ms;		/* MTFA: longest activation without reset, 600000 at most; 0: not reported */
	__u8 nr_slots;			/* 1 to 7 */
	__u8 slot1_read_only;		/* 0, 1 */
	__u8 no_reset;			/* 0, 1: can activate without one */
	__u8 running_slot;		/* 1 to 7 */
	__u8 next_slot;			/* of the next reset, 0: the same */
	__u8 next_reset;		/* enum gmx_ioc_fw_reset, by log page C8h */
	__u8 previous_slot;		/* what to go back to, by C8h; 0: not known */
	__u8 stage;			/* GMX_VND_FW_*, by C8h: the controller's own view */
	__u32 bytes_received;		/* by C8h */
	__u32 bytes_total;		/* by C8h; 0: not known */
	__u16 last_status;		/* by C8h: of the last commit or activation, type << 8 | code */
	__u16 nvme_status;
	__u32 activations;		/* by C8h: that succeeded */
	__u32 failures;			/* by C8h: rolled back */
	__u32 rsvd1;
	char running_revision[16];
	char revision[8][16];		/* by slot; [0] is not used; empty: nothing in it */
};

struct gmx_ioc_fw_download {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 data;			/* in */
	__u32 bytes;			/* in: at most max_part */
	__u32 offset;			/* in: bytes */
	__u16 nvme_status;
	__u16 rsvd1;
	__u32 rsvd2;
};

enum gmx_ioc_fw_action {		/* as Firmware Commit has them */
	GMX_IOC_FW_STORE,		/* into the slot, and no more */
	GMX_IOC_FW_STORE_ACTIVATE,	/* and run it from the next reset on */
	GMX_IOC_FW_ACTIVATE,		/* run what is in the slot from the next reset on: rollback */
	GMX_IOC_FW_ACTIVATE_NOW,	/* store what was downloaded, if anything was, and run it without a reset */
};

/* in flags: when the activation waits for a reset, the driver makes it, and the operation ends after it. */
#define GMX_IOC_FW_RESET	(1u << 0)

struct gmx_ioc_fw_commit {
	__u32 size;			/* in */
	__u32 flags;			/* in: GMX_IOC_FW_RESET */
	__u8 slot;			/* in: 1 to 7; 0: the controller chooses */
	__u8 action;			/* in: enum gmx_ioc_fw_action */
	__u16 rsvd1;
	__u32 rsvd2;
	__u64 id;			/* of the operation */
};

/* gmx_ioc_op::result of a firmware operation */
#define GMX_IOC_FW_RESULT_SLOT(r)	((r) & 0xff)		/* that runs */
#define GMX_IOC_FW_RESULT_WAITS(r)	(((r) >> 8) & 0xff)	/* enum gmx_ioc_fw_reset that is still to come */
#define GMX_IOC_FW_RESULT_RUNS(r)	(((r) >> 16) & 1)	/* the running revision was read anew, and changed */

/*
 * Telemetry. GMX_IOCTL_TELEMETRY, admin: begins an operation that captures (host) or reads what the controller captured
 * by itself (ctrl), in chunks; when the generation changes meanwhile, or another host releases what is read, it begins
 * again, three times at most (EAGAIN as the operation's error). Only what was read whole is released. ENODATA as the
 * operation's error: ctrl or kept, and there is none, or none any more. EBUSY: one runs. kept also works while the
 * controller does not. The last one is kept until the next begins; GMX_IOCTL_TELEMETRY_READ, admin, gives parts of it:
 * the log page from its header on, as the controller wrote it. ENOENT: it is not kept; its operation did not end well.
 */
#define GMX_IOC_TELEMETRY_MAX	(64u << 20)	/* bytes; EFBIG as the operation's error */

enum gmx_ioc_telemetry_source {
	GMX_IOC_TELEMETRY_HOST,		/* captured now, log page 07h */
	GMX_IOC_TELEMETRY_CTRL,		/* log page 08h; read with Retain, so that it stays */
	GMX_IOC_TELEMETRY_CTRL_RELEASE,	/* likewise, and released when it has been read */
	GMX_IOC_TELEMETRY_KEPT,		/* read by the driver when the controller had captured; no command */
};

struct gmx_ioc_telemetry {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u8 source;			/* in: enum gmx_ioc_telemetry_source */
	__u8 area;			/* in: 1 to 3, the last data area wanted */
	__u16 rsvd1;
	__u32 rsvd2;
	__u64 id;			/* of the operation */
};

struct gmx_ioc_telemetry_read {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 id;			/* in: of the operation */
	__u64 offset;			/* in: bytes */
	__u64 data;			/* in */
	__u32 bytes;			/* in: wanted; on return: given, fewer at the end */
	__u32 generation;		/* of the capture */
	__u64 total;			/* bytes there are */
};

/*
 * GMX_IOCTL_POWER: power state (feature 02h) and what the regulators measure (log page C9h). set 0 only reads (read),
 * else admin. Readings are from a copy of at most 1 s, like those of GMX_IOCTL_HEALTH; nr_rails is 0 and the mW are 0
 * without log page C9h. A power state that was set is set again after a reset.
 */
#define GMX_IOC_POWER_STATE	(1u << 0)

struct gmx_ioc_rail {
	char name[16];
	__u16 status_word;		/* PMBus STATUS_WORD */
	__s16 temperature;		/* degrees Celsius */
	__u32 vin_mv;
	__u32 iin_ma;
	__u32 vout_mv;
	__u32 iout_ma;
	__u32 pin_mw;
	__u32 pout_mw;
	__u32 rsvd1;
};

struct gmx_ioc_power {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 set;			/* in: GMX_IOC_POWER_STATE */
	__u8 power_state;		/* in: 0 to nr_power_states - 1 */
	__u8 workload;			/* in: workload hint, 0 to 7 */
	__u16 nvme_status;
	__u8 nr_power_states;
	__u8 nr_rails;			/* 0 to 7 */
	__u16 rsvd1;
	__u32 age_ms;			/* of the readings */
	__u32 power_mw;			/* of the product */
	__u32 power_average_mw;		/* of the last 10 s */
	__u32 power_peak_mw;		/* since power on */
	__u32 limit_mw;			/* of the power state */
	__u64 energy_mj;		/* since power on */
	struct gmx_ioc_rail rail[8];
};

/*
 * GMX_IOCTL_IRQ: interrupt moderation (features 08h and 09h). set 0 only reads (read), else admin. Kept over resets
 * until the driver lets the controller go. What comes back is read from the controller. EOPNOTSUPP: it does not
 * coalesce.
 */
#define GMX_IOC_IRQ_PROFILE	(1u << 0)	/* threshold and time as the profile has them */
#define GMX_IOC_IRQ_VALUES	(1u << 1)	/* threshold and time as given; profile is "custom" then */

enum gmx_ioc_irq_profile {
	GMX_IOC_IRQ_LATENCY,		/* an interrupt a completion */
	GMX_IOC_IRQ_BALANCED,
	GMX_IOC_IRQ_THROUGHPUT,
	GMX_IOC_IRQ_ADAPTIVE,		/* by the load of each vector: threshold and time change by themselves */
	GMX_IOC_IRQ_CUSTOM,
};

struct gmx_ioc_irq {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 set;			/* in: one of GMX_IOC_IRQ_* */
	__u32 profile;			/* in: enum gmx_ioc_irq_profile, not custom */
	__u32 threshold;		/* in: completions, 1 to 256 */
	__u32 time_us;			/* in: 0 to 25500, multiple of 100; 0: no coalescing */
	__u32 nr_vectors;
	__u16 nvme_status;
	__u16 rsvd1;
};

/*
 * GMX_IOCTL_MI: an NVMe-MI command through NVMe-MI Send or Receive. admin, both ways. EREMOTEIO: nvme_status is not 0;
 * a command that NVMe-MI refused returns 0 with its status in the low byte of response.
 */
#define GMX_IOC_MI_SEND		(1u << 0)	/* flags: data goes to the controller */

struct gmx_ioc_mi {
	__u32 size;			/* in */
	__u32 flags;			/* in: GMX_IOC_MI_SEND */
	__u32 opcode;			/* in: 0 to 255, of the NVMe-MI command set */
	__u32 dword0;			/* in: NVMe management request dword 0 */
	__u32 dword1;			/* in: likewise 1 */
	__u32 data_bytes;		/* in: 0 to 4096, multiple of 4 */
	__u64 data;			/* in */
	__u32 response;			/* dword 0 of the completion: [7:0] status, [31:8] by command */
	__u16 nvme_status;
	__u16 rsvd1;
};

/*
 * Namespaces, admin. A namespace that was created is not attached. Attaching, detaching and deleting return when the
 * driver has looked at the namespaces again, so the disk is there, or gone; a disk in use does not hinder them.
 * EREMOTEIO with nvme_status: what the controller had against it.
 */
struct gmx_ioc_ns_create {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u64 blocks;			/* in: NSZE, 1 and up */
	__u64 capacity_blocks;		/* in: NCAP; 0: as many */
	__u8 format;			/* in: index of an LBA format, 0 to 15 */
	__u8 metadata_inline;		/* in: 0, 1: at the end of each block */
	__u8 protection;		/* in: DPS */
	__u8 shared;			/* in: 0, 1 */
	__u32 nsid;			/* that it got */
	__u16 nvme_status;
	__u16 rsvd1;
	__u32 rsvd2;
};

struct gmx_ioc_ns {
	__u32 size;			/* in */
	__u32 flags;			/* in: 0 */
	__u32 nsid;			/* in; delete: ffffffffh is all there are */
	__u16 cntlid;			/* in, attach and detach: which controller; ffffh: this one */
	__u16 nvme_status;
};

/* No implicit padding: these are also what a 32-bit program has. An array of -1 entries where that is not so. */
#define GMX_IOC_ASSERT(type, bytes)	extern char type##_size[sizeof(struct type) == (bytes) ? 1 : -1]

GMX_IOC_ASSERT(gmx_ioc_info, 544);
GMX_IOC_ASSERT(gmx_ioc_health, 216);
GMX_IOC_ASSERT(gmx_ioc_stats, 312);
GMX_IOC_ASSERT(gmx_ioc_recovery, 24);
GMX_IOC_ASSERT(gmx_ioc_event, 144);
GMX_IOC_ASSERT(gmx_ioc_events, 64);
GMX_IOC_ASSERT(gmx_ioc_event_mask, 32);
GMX_IOC_ASSERT(gmx_ioc_op, 88);
GMX_IOC_ASSERT(gmx_ioc_fw_info, 196);
GMX_IOC_ASSERT(gmx_ioc_fw_download, 32);
GMX_IOC_ASSERT(gmx_ioc_fw_commit, 24);
GMX_IOC_ASSERT(gmx_ioc_telemetry, 24);
GMX_IOC_ASSERT(gmx_ioc_telemetry_read, 48);
GMX_IOC_ASSERT(gmx_ioc_rail, 48);
GMX_IOC_ASSERT(gmx_ioc_power, 432);
GMX_IOC_ASSERT(gmx_ioc_irq, 32);
GMX_IOC_ASSERT(gmx_ioc_mi, 40);
GMX_IOC_ASSERT(gmx_ioc_ns_create, 40);
GMX_IOC_ASSERT(gmx_ioc_ns, 16);

#endif
