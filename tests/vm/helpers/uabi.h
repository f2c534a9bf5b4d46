/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vendor ioctls as tables: which there are, and the fields of their structures. */
#ifndef UABI_H
#define UABI_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/gmx.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct field {
	const char *name;
	unsigned short offset;
	unsigned short bytes; /* of one */
	unsigned short count;
	char kind; /* u, i: numbers, t: text */
};

struct call {
	const char *name;
	unsigned long number;
	unsigned short bytes;
	unsigned short least; /* up to the last field that is read */
	char reads;	      /* does nothing but read when nothing is asked for */
	const struct field *fields;
};

#define OF(s, f)   (((struct gmx_ioc_##s *)0)->f)
#define U(s, f)	   { #f, offsetof(struct gmx_ioc_##s, f), sizeof(OF(s, f)), 1, 'u' }
#define I(s, f)	   { #f, offsetof(struct gmx_ioc_##s, f), sizeof(OF(s, f)), 1, 'i' }
#define T(s, f)	   { #f, offsetof(struct gmx_ioc_##s, f), sizeof(OF(s, f)), 1, 't' }
#define UA(s, f)   { #f, offsetof(struct gmx_ioc_##s, f), sizeof(OF(s, f)[0]), sizeof(OF(s, f)) / sizeof(OF(s, f)[0]), 'u' }
#define IA(s, f)   { #f, offsetof(struct gmx_ioc_##s, f), sizeof(OF(s, f)[0]), sizeof(OF(s, f)) / sizeof(OF(s, f)[0]), 'i' }
#define LAST(s, f) sizeof(struct gmx_ioc_##s), offsetof(struct gmx_ioc_##s, f) + sizeof(OF(s, f))
#define FIELDS(s)  static const struct field s##_fields[]
#define END_FIELDS { NULL, 0, 0, 0, 0 }

FIELDS(info) = { U(info, size),
		 U(info, abi_version),
		 U(info, state),
		 I(info, numa_node),
		 T(info, driver_version),
		 T(info, pci_address),
		 T(info, serial),
		 T(info, model),
		 T(info, firmware),
		 T(info, subnqn),
		 U(info, pci_vendor),
		 U(info, pci_device),
		 U(info, pci_subvendor),
		 U(info, pci_subdevice),
		 U(info, cntlid),
		 U(info, oacs),
		 U(info, oncs),
		 U(info, nr_events_max),
		 U(info, nvme_version),
		 U(info, nr_namespaces_max),
		 U(info, max_transfer),
		 U(info, nr_namespaces),
		 U(info, capacity_bytes),
		 U(info, unallocated_bytes),
		 U(info, queues_default),
		 U(info, queues_read),
		 U(info, queues_poll),
		 U(info, queue_depth),
		 U(info, nr_fw_slots),
		 U(info, nr_aer),
		 U(info, nr_power_states),
		 U(info, trained_link_speed),
		 U(info, trained_link_width),
		 U(info, hmb_bytes),
		 U(info, cmb_bytes),
		 U(info, ghi_version),
		 U(info, family),
		 U(info, function),
		 U(info, dma_bits),
		 U(info, form_factor),
		 U(info, link_speed),
		 U(info, link_width),
		 U(info, features),
		 U(info, log_pages),
		 U(info, feature_ids),
		 U(info, event_classes),
		 U(info, max_drives),
		 U(info, max_volumes),
		 U(info, event_entries),
		 U(info, pmbus_interval_ms),
		 END_FIELDS };
FIELDS(health) = { U(health, size),
		   U(health, valid),
		   U(health, age_ms),
		   U(health, state),
		   U(health, problems),
		   U(health, critical_warning),
		   U(health, spare_percent),
		   U(health, spare_threshold),
		   U(health, used_percent),
		   I(health, temperature),
		   I(health, temperature_warning),
		   I(health, temperature_critical),
		   I(health, temperature_low),
		   I(health, temperature_high),
		   IA(health, sensor),
		   U(health, warning_minutes),
		   U(health, critical_minutes),
		   U(health, busy_minutes),
		   U(health, commands_failed),
		   U(health, nr_drives),
		   U(health, nr_drives_failed),
		   U(health, bytes_read),
		   U(health, bytes_written),
		   U(health, read_commands),
		   U(health, write_commands),
		   U(health, power_cycles),
		   U(health, power_on_hours),
		   U(health, unsafe_shutdowns),
		   U(health, media_errors),
		   U(health, error_entries),
		   U(health, uptime_ms),
		   U(health, controller_resets),
		   U(health, fatal_errors),
		   UA(health, link_errors),
		   U(health, event_sequence),
		   END_FIELDS };
FIELDS(stats) = { U(stats, size),
		  U(stats, resets),
		  UA(stats, resets_by_reason),
		  T(stats, last_reset_reason),
		  U(stats, last_reset_ns),
		  U(stats, last_reset_us),
		  U(stats, timeouts),
		  U(stats, aborts),
		  U(stats, command_errors),
		  U(stats, async_events),
		  U(stats, events_lost),
		  U(stats, uevents_dropped),
		  U(stats, dumps_kept),
		  U(stats, dumps_not_kept),
		  U(stats, budgets_spent),
		  U(stats, missed_interrupts),
		  U(stats, stale_completions),
		  U(stats, command_retries),
		  U(stats, pci_corrected_errors),
		  U(stats, bounced_requests),
		  U(stats, bounced_bytes),
		  END_FIELDS };
FIELDS(recovery) = { U(recovery, size),	     U(recovery, set), U(recovery, io_timeout_ms), U(recovery, admin_timeout_ms),
		     U(recovery, budget_ms), END_FIELDS };

FIELDS(events) = { U(events, size),	   U(events, from),   U(events, data),	  U(events, data_bytes),
		   U(events, entry_bytes), U(events, count),  U(events, ring_id), U(events, next),
		   U(events, lost),	   U(events, newest), END_FIELDS };
FIELDS(event_mask) = { U(event_mask, size),	     U(event_mask, set),
		       U(event_mask, async),	     U(event_mask, classes),
		       U(event_mask, async_offered), U(event_mask, classes_offered),
		       U(event_mask, nvme_status),   END_FIELDS };

FIELDS(op) = { U(op, size),	   U(op, id),	      U(op, timeout_ms), U(op, kind),	     U(op, state),
	       U(op, stage),	   U(op, percent),    I(op, error),	 U(op, nvme_status), U(op, bytes_done),
	       U(op, bytes_total), U(op, started_ns), U(op, ended_ns),	 U(op, result),	     END_FIELDS };
FIELDS(fw_info) = {
	U(fw_info, size),	    U(fw_info, granularity),	 U(fw_info, max_part),	       U(fw_info, activation_ms),
	U(fw_info, nr_slots),	    U(fw_info, slot1_read_only), U(fw_info, no_reset),	       U(fw_info, running_slot),
	U(fw_info, next_slot),	    U(fw_info, next_reset),	 U(fw_info, previous_slot),    U(fw_info, stage),
	U(fw_info, bytes_received), U(fw_info, bytes_total),	 U(fw_info, last_status),      U(fw_info, nvme_status),
	U(fw_info, activations),    U(fw_info, failures),	 T(fw_info, running_revision), END_FIELDS
};
FIELDS(fw_download) = { U(fw_download, size),	U(fw_download, data),	     U(fw_download, bytes),
			U(fw_download, offset), U(fw_download, nvme_status), END_FIELDS };
FIELDS(fw_commit) = { U(fw_commit, size),   U(fw_commit, flags), U(fw_commit, slot),
		      U(fw_commit, action), U(fw_commit, id),	 END_FIELDS };

FIELDS(telemetry) = { U(telemetry, size), U(telemetry, source), U(telemetry, area), U(telemetry, id), END_FIELDS };
FIELDS(telemetry_read) = { U(telemetry_read, size),   U(telemetry_read, id),
			   U(telemetry_read, offset), U(telemetry_read, data),
			   U(telemetry_read, bytes),  U(telemetry_read, generation),
			   U(telemetry_read, total),  END_FIELDS };
FIELDS(power) = { U(power, size),
		  U(power, set),
		  U(power, power_state),
		  U(power, workload),
		  U(power, nvme_status),
		  U(power, nr_power_states),
		  U(power, nr_rails),
		  U(power, age_ms),
		  U(power, power_mw),
		  U(power, power_average_mw),
		  U(power, power_peak_mw),
		  U(power, limit_mw),
		  U(power, energy_mj),
		  T(power, rail[0].name),
		  I(power, rail[0].temperature),
		  U(power, rail[0].vin_mv),
		  U(power, rail[0].iin_ma),
		  U(power, rail[0].pin_mw),
		  U(power, rail[0].iout_ma),
		  U(power, rail[0].status_word),
		  END_FIELDS };
FIELDS(irq) = { U(irq, size),	 U(irq, set),	     U(irq, profile),	  U(irq, threshold),
		U(irq, time_us), U(irq, nr_vectors), U(irq, nvme_status), END_FIELDS };
FIELDS(mi) = { U(mi, size),	  U(mi, flags), U(mi, opcode),	 U(mi, dword0),	     U(mi, dword1),
	       U(mi, data_bytes), U(mi, data),	U(mi, response), U(mi, nvme_status), END_FIELDS };
FIELDS(ns_create) = { U(ns_create, size),
		      U(ns_create, blocks),
		      U(ns_create, capacity_blocks),
		      U(ns_create, format),
		      U(ns_create, metadata_inline),
		      U(ns_create, protection),
		      U(ns_create, shared),
		      U(ns_create, nsid),
		      U(ns_create, nvme_status),
		      END_FIELDS };
FIELDS(ns) = { U(ns, size), U(ns, nsid), U(ns, cntlid), U(ns, nvme_status), END_FIELDS };

static const struct call calls[] = {
	{ "info", GMX_IOCTL_INFO, LAST(info, flags), 1, info_fields },
	{ "health", GMX_IOCTL_HEALTH, LAST(health, flags), 1, health_fields },
	{ "stats", GMX_IOCTL_STATS, LAST(stats, flags), 1, stats_fields },
	{ "recovery", GMX_IOCTL_RECOVERY, LAST(recovery, budget_ms), 1, recovery_fields },
	{ "events", GMX_IOCTL_EVENTS, LAST(events, entry_bytes), 1, events_fields },
	{ "event_mask", GMX_IOCTL_EVENT_MASK, LAST(event_mask, classes), 1, event_mask_fields },
	{ "op", GMX_IOCTL_OP, LAST(op, timeout_ms), 1, op_fields },
	{ "op_cancel", GMX_IOCTL_OP_CANCEL, LAST(op, timeout_ms), 0, op_fields },
	{ "fw_info", GMX_IOCTL_FW_INFO, LAST(fw_info, flags), 1, fw_info_fields },
	{ "fw_download", GMX_IOCTL_FW_DOWNLOAD, LAST(fw_download, offset), 0, fw_download_fields },
	{ "fw_commit", GMX_IOCTL_FW_COMMIT, LAST(fw_commit, rsvd2), 0, fw_commit_fields },
	{ "telemetry", GMX_IOCTL_TELEMETRY, LAST(telemetry, rsvd2), 0, telemetry_fields },
	{ "telemetry_read", GMX_IOCTL_TELEMETRY_READ, LAST(telemetry_read, bytes), 0, telemetry_read_fields },
	{ "power", GMX_IOCTL_POWER, LAST(power, workload), 1, power_fields },
	{ "irq", GMX_IOCTL_IRQ, LAST(irq, time_us), 1, irq_fields },
	{ "mi", GMX_IOCTL_MI, LAST(mi, data), 0, mi_fields },
	{ "ns_create", GMX_IOCTL_NS_CREATE, LAST(ns_create, shared), 0, ns_create_fields },
	{ "ns_delete", GMX_IOCTL_NS_DELETE, LAST(ns, nsid), 0, ns_fields },
	{ "ns_attach", GMX_IOCTL_NS_ATTACH, LAST(ns, cntlid), 0, ns_fields },
	{ "ns_detach", GMX_IOCTL_NS_DETACH, LAST(ns, cntlid), 0, ns_fields },
};

#define NR_CALLS (sizeof(calls) / sizeof(*calls))

static inline uint64_t field_get(const struct field *f, const unsigned char *at, unsigned int i)
{
	uint64_t value = 0;

	memcpy(&value, at + f->offset + i * f->bytes, f->bytes);
	return value;
}

static inline void fields_print(const struct field *f, const unsigned char *at)
{
	for (; f->name; f++) {
		printf("%s", f->name);
		for (unsigned int i = 0; i < f->count; i++) {
			uint64_t value = f->kind == 't' ? 0 : field_get(f, at, i);
			unsigned int shift = 64 - 8 * f->bytes;

			if (f->kind == 't')
				printf(" %.*s", (int)f->bytes, (const char *)at + f->offset);
			else if (f->kind == 'i')
				printf(" %lld", (long long)(value << shift) >> shift);
			else
				printf(" %llu", (unsigned long long)value);
		}
		putchar('\n');
	}
}

/* ARGS: FIELD=VALUE texts, NULL at the end; the value "buffer", or "buffer:HEX", is the address of one, whose content is printed */
static inline int call_by_name(int fd, const char *name, char **args)
{
	union {
		unsigned char bytes[4096];
		unsigned int size;
	} s;
	static unsigned char buffer[4096];
	const struct call *c = calls;
	unsigned int i;
	int ret;

	while (c < calls + NR_CALLS && strcmp(c->name, name))
		c++;
	if (c == calls + NR_CALLS)
		return 2;
	memset(&s, 0, sizeof(s));
	s.size = c->bytes;
	for (; *args; args++) {
		const char *equals = strchr(*args, '=');
		const struct field *f = c->fields;
		uint64_t value;

		while (equals && f->name &&
		       (strlen(f->name) != (size_t)(equals - *args) || strncmp(f->name, *args, equals - *args)))
			f++;
		if (!equals || !f->name) {
			printf("%s has no field %s\n", name, *args);
			return 2;
		}
		value = strncmp(equals + 1, "buffer", 6) ? strtoull(equals + 1, NULL, 0) : (uintptr_t)buffer;
		for (i = 0; value == (uintptr_t)buffer && sscanf(equals + 7 + 2 * i, i ? "%2hhx" : ":%2hhx", &buffer[i]) == 1;
		     i++)
			equals += !i;
		memcpy(s.bytes + f->offset, &value, f->bytes);
	}
	ret = ioctl(fd, c->number, &s) ? errno : 0;
	if (ret)
		printf("%s\n", strerrorname_np(ret));
	if (!ret || ret == EREMOTEIO)
		fields_print(c->fields, s.bytes);
	for (i = sizeof(buffer); i && !buffer[i - 1]; i--)
		;
	if (i)
		printf("buffer ");
	for (unsigned int j = 0; j < i && j < 64; j++)
		printf("%02x", buffer[j]);
	if (i)
		putchar('\n');
	return !!ret;
}

#endif
