// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl doctor: Secure Boot, lockdown, and the module's signature. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "efi.h"
#include "modsig.h"
#include "sys.h"

/* What the kernel asks of modules */
struct rules {
	bool efi;	 /* Secure Boot could be on */
	bool secure;	 /* it is, and counts */
	bool enforced;	 /* a module that no known key has signed is refused */
	bool looks;	 /* the kernel looks at signatures at all */
	bool loaded;	 /* gmx is */
	bool distrusted; /* and the kernel has marked it as not signed by a known key */
};

static void check_secure_boot(struct ctl *ctl, enum efi_boot boot)
{
	switch (boot) {
	case EFI_NONE:
		doctor_say(ctl, "secure-boot", NULL, DOCTOR_OK, 0, NULL, "the machine was not started by EFI: no Secure Boot");
		break;
	case EFI_UNKNOWN:
		doctor_say(ctl, "secure-boot", NULL, DOCTOR_NOTE, 5101, "mount -t efivarfs efivarfs /sys/firmware/efi/efivars",
			   "whether Secure Boot is on can't be told: the variables of EFI can't be read");
		break;
	case EFI_INSECURE: doctor_say(ctl, "secure-boot", NULL, DOCTOR_OK, 0, NULL, "Secure Boot is off"); break;
	case EFI_SHIM_OFF:
		doctor_say(ctl, "secure-boot", NULL, DOCTOR_OK, 0, NULL,
			   "Secure Boot is on, but shim checks nothing (mokutil --disable-validation): it counts as off");
		break;
	case EFI_SECURE: doctor_say(ctl, "secure-boot", NULL, DOCTOR_OK, 0, NULL, "Secure Boot is on"); break;
	}
}

static void check_lockdown(struct ctl *ctl, struct rules *rules)
{
	char text[128], chosen[64], enforce[16];

	rules->looks = sys_read(enforce, sizeof(enforce), "/sys/module/module/parameters/sig_enforce");
	rules->enforced = rules->looks && enforce[0] == 'Y';
	if (!sys_read(text, sizeof(text), "/sys/kernel/security/lockdown")) {
		/* not mounted, or none in this kernel: the usual one of distributions follows Secure Boot */
		rules->enforced |= rules->secure;
		return;
	}
	sys_chosen(text, chosen, sizeof(chosen));
	rules->enforced |= strcmp(chosen, "none") != 0;
	doctor_say(ctl, "lockdown", NULL, DOCTOR_OK, 0, NULL, "kernel lockdown: %s; modules %s", chosen,
		   rules->enforced ? "must be signed with a key that the kernel knows" : "need no signature");
}

/* How bad it is that no known key has signed the module */
static enum doctor_result badness(const struct rules *rules)
{
	return rules->enforced ? DOCTOR_FAILED : rules->secure ? DOCTOR_WARNING : DOCTOR_NOTE;
}

static void not_signed(struct ctl *ctl, const struct rules *rules)
{
	if (!rules->enforced && !rules->secure)
		doctor_say(ctl, "signature", NULL, DOCTOR_OK, 0, NULL, "the module is not signed, and need not be");
	else
		doctor_say(ctl, "signature", NULL, badness(rules), 5102,
			   "install openssl, then dkms install --force gmx/" GMX_VERSION ": DKMS signs what it builds",
			   "the module is not signed%s", rules->enforced ? ": the kernel refuses it" : "");
}

static void not_enrolled(struct ctl *ctl, const struct rules *rules, const struct modsig *sig, const char *file)
{
	const char *key = file[0] ? file : "the certificate of its key";
	char advice[400];

	if (!rules->enforced && !rules->efi) {
		doctor_say(ctl, "signature", NULL, DOCTOR_OK, 0, NULL, "the module is signed by '%s', and need not be",
			   sig->signer);
		return;
	}
	if (!rules->enforced && !rules->secure) {
		snprintf(advice, sizeof(advice), "only before Secure Boot is switched on: mokutil --import %s", key);
		doctor_say(ctl, "signature", NULL, DOCTOR_NOTE, 5107, advice,
			   "the module is signed by '%s', a key that this machine does not know", sig->signer);
		return;
	}
	snprintf(advice, sizeof(advice), "mokutil --import %s; start again, and choose Enroll MOK in the blue screen", key);
	doctor_say(ctl, "signature", NULL, badness(rules), 5103, advice,
		   "the module is signed by '%s', a key that is not enrolled%s", sig->signer,
		   rules->enforced ? ": the kernel refuses it" : "");
}

static void check_key(struct ctl *ctl, const struct rules *rules, const struct modsig *sig)
{
	char file[300];
	enum modsig_place place = modsig_find(sig, file, sizeof(file));

	/* the kernel's own word is the best: it has taken the module */
	if (place != MODSIG_KERNEL && place != MODSIG_OWNER && rules->loaded && rules->looks && !rules->distrusted) {
		doctor_say(ctl, "signature", NULL, DOCTOR_OK, 0, NULL, "the module is signed by '%s', and the kernel took it",
			   sig->signer);
		return;
	}
	switch (place) {
	case MODSIG_KERNEL:
		doctor_say(ctl, "signature", NULL, DOCTOR_OK, 0, NULL, "the module is signed by '%s', a key that the kernel has",
			   sig->signer);
		break;
	case MODSIG_OWNER:
		doctor_say(ctl, "signature", NULL, DOCTOR_OK, 0, NULL,
			   "the module is signed by '%s', a key that the machine's owner has enrolled (MOK)", sig->signer);
		break;
	case MODSIG_PENDING:
		doctor_say(ctl, "signature", NULL, DOCTOR_WARNING, 5104,
			   "start again, and choose Enroll MOK in the blue screen, with the password that mokutil was given",
			   "the module is signed by '%s', a key that waits to be enrolled", sig->signer);
		break;
	case MODSIG_NOWHERE: not_enrolled(ctl, rules, sig, file); break;
	case MODSIG_UNKNOWN:
		doctor_say(ctl, "signature", NULL, DOCTOR_NOTE, 5106,
			   "run gmxctl doctor as root: the keys of the kernel are shown to nobody else",
			   "the module is signed by '%s'; whether that key is enrolled can't be seen", sig->signer);
		break;
	}
}

void doctor_boot(struct ctl *ctl)
{
	enum efi_boot boot = efi_boot();
	struct rules rules = { .efi = boot != EFI_NONE, .secure = boot == EFI_SECURE, .loaded = sys_exists("/sys/module/gmx") };
	struct modsig sig;
	char taint[64];

	sys_read(taint, sizeof(taint), "/sys/module/gmx/taint");
	rules.distrusted = strchr(taint, 'E');
	check_secure_boot(ctl, boot);
	check_lockdown(ctl, &rules);
	if (!modsig_read(&sig))
		return;
	if (!sig.path[0])
		doctor_say(ctl, "signature", NULL, rules.loaded ? DOCTOR_NOTE : DOCTOR_FAILED, 5105,
			   "dkms status gmx, and its make.log; the kernel's headers must be installed",
			   "there is no module gmx for the kernel %s that runs", sig.release);
	else if (!sig.read)
		doctor_say(ctl, "signature", NULL, DOCTOR_NOTE, 5106, "is kmod installed, and the file whole? modinfo gmx",
			   "who signed %s can't be seen", sig.path);
	else if (!sig.is_signed)
		not_signed(ctl, &rules);
	else
		check_key(ctl, &rules, &sig);
}
