// SPDX-License-Identifier: GPL-2.0-only
/* What happens when the controller does not answer, and how long I/O waits for it at most. */
#include "gmx.h"

#include <linux/sched/mm.h>

#include "trace.h"

#define GMX_RECOVERY_COMMAND_MS	1000u
/* For a reset that another's keeps out: a second each. */
#define GMX_RECOVERY_TRIES	3

/* Every change of state goes through here and through the table. */
bool gmx_ctrl_event(struct gmx_ctrl *ctrl, enum gmx_event event)
{
	enum gmx_state from;
	unsigned long irqflags;
	int to;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	from = ctrl->state;
	to = gmx_state_next(from, event);
	if (to != GMX_STATE_REFUSED)
		WRITE_ONCE(ctrl->state, to);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	if (to == GMX_STATE_REFUSED)
		return false;
	trace_gmx_ctrl_state(ctrl, from, event, to);
	gmx_events_tell(ctrl, GMX_IOC_EVENT_STATE, to == GMX_DEAD ? GMX_IOC_SEV_ERROR : GMX_IOC_SEV_INFO, to, from,
			gmx_state_name(to));
	wake_up_all(&ctrl->state_wq);
	return true;
}

/*
 * An episode lasts from the first sign of trouble until the controller works again; its budget bounds how long I/O
 * waits in all.
 */
void gmx_recovery_episode_begin(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags, ms;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	/* On the way out nothing may be queued that removal has already waited for. */
	if (!ctrl->budget_end && ctrl->state != GMX_DELETING && ctrl->state != GMX_DEAD) {
		ms = READ_ONCE(ctrl->timeouts.budget_ms);
		/* 0 means none, so never end there */
		ctrl->budget_end = (jiffies + msecs_to_jiffies(ms)) | 1;
		queue_delayed_work(gmx_reset_wq, &ctrl->budget_work, msecs_to_jiffies(ms));
	}
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
}

/* Called with state_lock held, so that the clock of the next episode is not what is stopped. */
static void gmx_recovery_episode_stop(struct gmx_ctrl *ctrl)
{
	if (ctrl->budget_end)
		cancel_delayed_work(&ctrl->budget_work);
	ctrl->budget_end = 0;
}

static void gmx_recovery_episode_end(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	gmx_recovery_episode_stop(ctrl);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
}

/* What timed out is back: with the last of it the episode is over, unless a reset is to end it. Any context. */
void gmx_recovery_episode_check(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	if (ctrl->state == GMX_LIVE && !atomic_read(&ctrl->timed_out))
		gmx_recovery_episode_stop(ctrl);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
}

static bool gmx_recovery_budget_spent(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;
	bool spent;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	spent = ctrl->budget_end && time_after_eq(jiffies, ctrl->budget_end - 1);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	return spent;
}

/* @ms, or half of what is left of the budget if that is less: the stronger means that come next need time too. */
unsigned int gmx_recovery_clip(struct gmx_ctrl *ctrl, unsigned int ms)
{
	unsigned long end = READ_ONCE(ctrl->budget_end), now = jiffies;

	/* Once I/O has been failed, nobody waits: the reset may take what it needs. */
	if (!end || gmx_ctrl_state(ctrl) != GMX_RESETTING)
		return ms;
	if (time_after_eq(now, end))
		return 0;
	return min_t(unsigned long, ms, jiffies_to_msecs(end - now) / 2);
}

/*
 * How long a command of the reset path may take: in an episode I/O waits for it, at removal somebody else does. A
 * little is always given, since what it would save comes too late anyway.
 */
unsigned int gmx_recovery_command_ms(struct gmx_ctrl *ctrl)
{
	unsigned int ms = READ_ONCE(ctrl->timeouts.admin_ms);

	if (gmx_ctrl_state(ctrl) == GMX_DELETING)
		return min(ms, gmx_ctrl_ready_ms(ctrl));
	return max(gmx_recovery_clip(ctrl, ms), min(ms, GMX_RECOVERY_COMMAND_MS));
}

/* The budget is spent: whatever the controller does from here on, I/O no longer waits for it. */
void gmx_recovery_budget_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(to_delayed_work(work), struct gmx_ctrl, budget_work);

	/* That episode ended meanwhile; the next has its own time. */
	if (!gmx_recovery_budget_spent(ctrl))
		return;
	if (gmx_ctrl_state(ctrl) == GMX_LIVE) {
		/* The abort helped. */
		if (!atomic_read(&ctrl->timed_out)) {
			gmx_recovery_episode_end(ctrl);
			return;
		}
		gmx_recovery_reset(ctrl, "commands lost");
	}
	if (!gmx_ctrl_event(ctrl, GMX_EV_BUDGET)) {
		gmx_recovery_episode_end(ctrl);
		return;
	}
	atomic64_inc(&ctrl->mgmt.stats.budgets_spent);
	dev_err(&ctrl->pdev->dev, "recovery budget of %u ms is spent: I/O fails until the controller is back\n",
		READ_ONCE(ctrl->timeouts.budget_ms));
	gmx_tagset_unquiesce(ctrl);
}

/*
 * Enter the resetting state without starting the work, for those who have something to do first (suspend, bus resets).
 * False when a reset runs already or the controller is on its way out.
 */
bool gmx_recovery_hold(struct gmx_ctrl *ctrl, const char *reason)
{
	unsigned long irqflags;

	if (!gmx_ctrl_event(ctrl, GMX_EV_RESET))
		return false;
	atomic64_inc(&ctrl->counters.resets);
	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	strscpy(ctrl->last_reset_reason, reason, sizeof(ctrl->last_reset_reason));
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	gmx_stats_reset_begin(ctrl, reason);
	dev_info(&ctrl->pdev->dev, "reset: %s\n", reason);
	return true;
}

bool gmx_recovery_reset(struct gmx_ctrl *ctrl, const char *reason)
{
	if (!gmx_recovery_hold(ctrl, reason))
		return false;
	queue_work(gmx_reset_wq, &ctrl->reset_work);
	return true;
}

bool gmx_recovery_runs(struct gmx_ctrl *ctrl)
{
	enum gmx_state state = gmx_ctrl_state(ctrl);

	return state == GMX_RESETTING || state == GMX_RECOVERING;
}

/*
 * Make the coming reset ours, and take hw_lock: a reset of somebody else, who was faster, would bring the controller up
 * again while the machine goes to sleep or the bus resets it. False, without the lock: it runs and does not end. Where
 * the state allows no reset at all, *@held is false.
 */
bool gmx_recovery_hold_own(struct gmx_ctrl *ctrl, const char *reason, bool *held)
{
	unsigned int tries;

	for (tries = 0; tries < GMX_RECOVERY_TRIES; tries++) {
		gmx_recovery_stop(ctrl);
		wait_event_timeout(ctrl->state_wq, !gmx_recovery_runs(ctrl), HZ);
		mutex_lock(&ctrl->hw_lock);
		*held = gmx_recovery_hold(ctrl, reason);
		if (*held || !gmx_recovery_runs(ctrl))
			return true;
		mutex_unlock(&ctrl->hw_lock);
	}
	return false;
}

/* What was gone may answer again, and has forgotten everything. */
static void gmx_recovery_return(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->hw_lock);
	if (!ctrl->gone || gmx_ctrl_state(ctrl) != GMX_DEAD || !pci_device_is_present(ctrl->pdev))
		return;
	WRITE_ONCE(ctrl->gone, false);
	pci_restore_state(ctrl->pdev);
	pci_save_state(ctrl->pdev);
}

static int gmx_recovery_await(struct gmx_ctrl *ctrl)
{
	flush_work(&ctrl->reset_work);
	switch (gmx_ctrl_state(ctrl)) {
	case GMX_LIVE:
	case GMX_ADMIN_ONLY:
		return 0;
	default:
		return -ENETRESET;
	}
}

int gmx_recovery_reset_sync(struct gmx_ctrl *ctrl, const char *reason)
{
	gmx_recovery_return(ctrl);
	if (!gmx_recovery_reset(ctrl, reason))
		return -EBUSY;
	return gmx_recovery_await(ctrl);
}

/* Of the whole NVM subsystem, on somebody's word. The controller is stopped before: its link goes down meanwhile. */
int gmx_recovery_subsystem_sync(struct gmx_ctrl *ctrl, const char *reason)
{
	int ret = 0;

	mutex_lock(&ctrl->hw_lock);
	if (!ctrl->bar || ctrl->gone || gmx_ctrl_state(ctrl) == GMX_DELETING) {
		ret = -ENODEV;
	} else if (!gmx_recovery_hold(ctrl, reason)) {
		ret = -EBUSY;
	} else {
		gmx_recovery_episode_begin(ctrl);
		gmx_setup_disable(ctrl, false);
		/* where the link does not come back, the reset finds that out */
		gmx_pci_subsystem_reset(ctrl);
		/* before removal can have the lock, which waits for the work after it */
		queue_work(gmx_reset_wq, &ctrl->reset_work);
	}
	mutex_unlock(&ctrl->hw_lock);
	return ret ? ret : gmx_recovery_await(ctrl);
}

static int gmx_recovery_attempt(struct gmx_ctrl *ctrl, bool io)
{
	int ret;

	ctrl->stopped = false;
	ret = gmx_ctrl_check_caps(ctrl);
	if (!ret)
		ret = gmx_setup_admin_queue(ctrl);
	if (!ret)
		ret = gmx_admin_init_ctrl(ctrl);
	if (!ret)
		ret = gmx_hmb_setup(ctrl);
	if (!ret && io)
		ret = gmx_setup_io_queues(ctrl);
	if (!ret && ctrl->online_hwqs > 1) {
		bool refit = ctrl->tagset_ready && ctrl->plan_changed;

		/* Fitting a running set waits for the requests that were held back. */
		if (refit)
			gmx_tagset_unquiesce(ctrl);
		ret = gmx_tagset_update(ctrl);
	}
	if (!ret)
		gmx_mgmt_apply(ctrl);
	if (!ret)
		gmx_aen_enable(ctrl);
	/* Cut off by a time-out on the way: whatever came after is worth nothing. */
	if (!ret && ctrl->stopped)
		ret = -EIO;
	return ret;
}

static int gmx_recovery_try(struct gmx_ctrl *ctrl)
{
	int ret = gmx_recovery_attempt(ctrl, true);

	if (!ret || gmx_ctrl_at_fault(ret) || ret == -EOPNOTSUPP || !ctrl->online_hwqs)
		return ret;
	/* The host is short of something that I/O queues need: the controller stays manageable without them. */
	dev_err(&ctrl->pdev->dev, "no I/O queues (error %d): admin queue only\n", ret);
	gmx_setup_disable(ctrl, false);
	return gmx_recovery_attempt(ctrl, false);
}

/* Whether a stronger reset, which others may suffer from, is worth a try. */
static bool gmx_recovery_escalates(struct gmx_ctrl *ctrl, int error)
{
	/* a frozen link is the bus's to mend, and a reset of ours would save what it reads there as configuration */
	return !ctrl->gone && !pci_channel_offline(ctrl->pdev) && gmx_ctrl_at_fault(error);
}

/* Each of the two is counted and traced, with the error that it answers. */
static int gmx_recovery_function_reset(struct gmx_ctrl *ctrl, int error)
{
	int ret;

	dev_warn(&ctrl->pdev->dev, "controller does not come up (error %d): trying a function level reset\n", error);
	atomic64_inc(&ctrl->counters.function_resets);
	ret = gmx_pci_function_reset(ctrl);
	trace_gmx_escalation(ctrl, GMX_MEANS_FUNCTION, error, ret);
	return ret;
}

static int gmx_recovery_subsystem_reset(struct gmx_ctrl *ctrl, int error)
{
	int ret;

	dev_warn(&ctrl->pdev->dev, "still down (error %d): resetting the NVM subsystem\n", error);
	atomic64_inc(&ctrl->counters.subsystem_resets);
	ret = gmx_pci_subsystem_reset(ctrl);
	trace_gmx_escalation(ctrl, GMX_MEANS_SUBSYSTEM, error, ret);
	return ret;
}

/*
 * Bring the controller up, with stronger means where it does not come by itself. @disabled: it did as it was told; one
 * that did not would only make us wait again. Called under hw_lock.
 */
static int gmx_recovery_bring_up(struct gmx_ctrl *ctrl, bool disabled)
{
	int ret = -ETIMEDOUT;

	if (disabled) {
		ret = gmx_recovery_try(ctrl);
		if (!gmx_recovery_escalates(ctrl, ret))
			return ret;
		gmx_setup_disable(ctrl, false);
	}
	if (pci_channel_offline(ctrl->pdev))
		return ret;
	if (!gmx_recovery_function_reset(ctrl, ret) || !disabled) {
		ret = gmx_recovery_try(ctrl);
		if (!gmx_recovery_escalates(ctrl, ret))
			return ret;
		gmx_setup_disable(ctrl, false);
	}
	if (GMX_CAP_NSSRS(ctrl->cap) && !pci_channel_offline(ctrl->pdev) && gmx_pci_present(ctrl)) {
		ret = gmx_recovery_subsystem_reset(ctrl, ret);
		if (!ret)
			ret = gmx_recovery_try(ctrl);
	}
	return ret;
}

/* The end of a bring-up that worked: open the gates, tell everybody. */
static void gmx_recovery_went_well(struct gmx_ctrl *ctrl)
{
	bool io = ctrl->online_hwqs > 1;

	if (!gmx_ctrl_event(ctrl, io ? GMX_EV_READY : GMX_EV_NO_IO_QUEUES))
		return;
	gmx_recovery_episode_end(ctrl);
	gmx_stats_reset_end(ctrl);
	gmx_tagset_unquiesce(ctrl);
	queue_work(ctrl->wq, &ctrl->aen_work);
	gmx_ns_queue_scan(ctrl);
	mod_delayed_work(gmx_reset_wq, &ctrl->watchdog, HZ);
	if (io)
		dev_info(&ctrl->pdev->dev, "%s %s, %u default, %u read, %u poll queues of %u, transfers of %u KiB%s%s%s\n",
			 ctrl->model, ctrl->firmware_rev, ctrl->live_plan.nr_default, ctrl->live_plan.nr_read,
			 ctrl->live_plan.nr_poll, ctrl->q_depth - 1, ctrl->max_transfer >> 10, ctrl->sgl ? ", SGL" : "",
			 ctrl->dbbuf_live ? ", shadow doorbells" : "",
			 ctrl->nr_sqs > 1 ? ", priority queues" : "");
}

static void gmx_recovery_gave_up(struct gmx_ctrl *ctrl, int error)
{
	gmx_setup_disable(ctrl, false);
	gmx_recovery_episode_end(ctrl);
	if (gmx_ctrl_event(ctrl, GMX_EV_FAILED))
		dev_err(&ctrl->pdev->dev, "reset failed (error %d): giving up; write 1 to reset_controller to try again\n",
			error);
	/* Gates first: marking a disk dead waits for its page cache's I/O, which fails now. */
	gmx_tagset_unquiesce(ctrl);
	gmx_tagset_unquiesce_admin(ctrl);
	/* a file system over two of them waits for both */
	gmx_recovery_undrain(ctrl);
	gmx_ns_mark_dead(ctrl);
}

/*
 * Requests that are held back over a change of the queue layout have no queue to go to. So where it is known to change,
 * and the controller works, they are let through first.
 */
static void gmx_recovery_drain(struct gmx_ctrl *ctrl)
{
	u32 csts;

	if (ctrl->drained || !ctrl->tagset_ready || !gmx_setup_plan_differs(ctrl) || gmx_recovery_trouble(ctrl, &csts))
		return;
	gmx_ns_freeze_timeout(ctrl, gmx_recovery_clip(ctrl, READ_ONCE(ctrl->timeouts.io_ms)));
	ctrl->drained = true;
}

/* Called under hw_lock. */
void gmx_recovery_undrain(struct gmx_ctrl *ctrl)
{
	if (ctrl->drained)
		gmx_ns_unfreeze(ctrl);
	ctrl->drained = false;
}

/* First start, from probe. On error nothing runs, and the caller frees. */
int gmx_recovery_start(struct gmx_ctrl *ctrl)
{
	int ret;

	if (!gmx_ctrl_event(ctrl, GMX_EV_RESET))
		return -ENODEV;
	mutex_lock(&ctrl->hw_lock);
	ret = gmx_recovery_bring_up(ctrl, true);
	if (ret) {
		gmx_setup_disable(ctrl, false);
		gmx_tagset_unquiesce_admin(ctrl);
		gmx_ctrl_event(ctrl, GMX_EV_FAILED);
	} else {
		gmx_recovery_went_well(ctrl);
	}
	mutex_unlock(&ctrl->hw_lock);
	return ret;
}

void gmx_recovery_reset_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, reset_work);
	/* memory that is short may wait for the I/O that waits for this */
	unsigned int noio = memalloc_noio_save();
	enum gmx_state state;
	int ret;

	mutex_lock(&ctrl->hw_lock);
	state = gmx_ctrl_state(ctrl);
	/* queued by somebody who was faster than removal: nothing is left to be reset */
	if (state == GMX_DELETING)
		goto out;
	if (!gmx_pci_present(ctrl))
		gmx_recovery_gone(ctrl);
	if (ctrl->gone) {
		gmx_recovery_gave_up(ctrl, -ENODEV);
		gmx_recovery_undrain(ctrl);
		goto out;
	}
	if (state != GMX_RESETTING && state != GMX_RECOVERING)
		goto out;

	gmx_recovery_episode_begin(ctrl);
	/* The bus's error handling is at work: it asks again when the link is back. */
	if (pci_channel_offline(ctrl->pdev)) {
		gmx_setup_disable(ctrl, false);
		goto out;
	}
	gmx_dump_collect(ctrl);
	gmx_recovery_drain(ctrl);
	ret = gmx_recovery_bring_up(ctrl, gmx_setup_disable(ctrl, false));
	if (!ret)
		gmx_recovery_went_well(ctrl);
	else if (!ctrl->gone && pci_channel_offline(ctrl->pdev))
		/* Froze on the way: the bus's error handling waits for hw_lock, and asks again. */
		gmx_setup_disable(ctrl, false);
	else
		gmx_recovery_gave_up(ctrl, ret);
	gmx_dump_finish(ctrl);
	/* Removal began meanwhile: it finds a quiet controller and open gates. */
	if (gmx_ctrl_state(ctrl) == GMX_DELETING) {
		gmx_setup_disable(ctrl, false);
		gmx_tagset_unquiesce(ctrl);
		gmx_tagset_unquiesce_admin(ctrl);
	}
	gmx_recovery_undrain(ctrl);
out:
	mutex_unlock(&ctrl->hw_lock);
	memalloc_noio_restore(noio);
}

/* Surprise removal: no wait for the hardware ends in anything but an error, and all I/O ends now. */
void gmx_recovery_gone(struct gmx_ctrl *ctrl)
{
	if (ctrl->gone)
		return;
	WRITE_ONCE(ctrl->gone, true);
	dev_err(&ctrl->pdev->dev, "the device is gone\n");
	if (!gmx_ctrl_event(ctrl, GMX_EV_GONE))
		return;
	/* A bring-up may wait for an admin command, and I/O for the bring-up. */
	gmx_io_take_back(&ctrl->admin_tagset);
	gmx_tagset_unquiesce(ctrl);
	queue_work(gmx_reset_wq, &ctrl->reset_work);
}

/* All works but those of the scan, for removal and suspend. */
void gmx_recovery_stop(struct gmx_ctrl *ctrl)
{
	cancel_delayed_work_sync(&ctrl->watchdog);
	flush_work(&ctrl->reset_work);
	/* that reset may have started it again */
	cancel_delayed_work_sync(&ctrl->watchdog);
	gmx_recovery_episode_end(ctrl);
	cancel_delayed_work_sync(&ctrl->budget_work);
}

/*
 * Whether a controller that should be ready is: NULL, or why it must be reset. What is absent answers with all ones, or
 * with zeroes where the bridge swallows the read, so only configuration space tells the two apart.
 */
const char *gmx_recovery_trouble(struct gmx_ctrl *ctrl, u32 *csts)
{
	*csts = ctrl->gone ? GMX_CSTS_GONE : gmx_reg_read(ctrl, GMX_REG_CSTS);
	if (*csts == GMX_CSTS_GONE || !(*csts & GMX_CSTS_RDY)) {
		if (!gmx_pci_present(ctrl))
			gmx_recovery_gone(ctrl);
		return *csts == GMX_CSTS_GONE ? "registers read as all ones" : "controller is not ready";
	}
	if (*csts & GMX_CSTS_CFS)
		return "controller fatal status";
	if (GMX_CAP_NSSRS(ctrl->cap) && (*csts & GMX_CSTS_NSSRO))
		return "subsystem reset occurred";
	return NULL;
}

/* Once a second: a controller may die without I/O, and without an interrupt to say so. */
void gmx_recovery_watchdog(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(to_delayed_work(work), struct gmx_ctrl, watchdog);
	enum gmx_state state = gmx_ctrl_state(ctrl);
	const char *trouble;
	u32 csts;

	/* A bring-up starts it again. */
	if (state != GMX_LIVE && state != GMX_ADMIN_ONLY)
		return;
	if (!pci_channel_offline(ctrl->pdev)) {
		trouble = gmx_recovery_trouble(ctrl, &csts);
		if (!trouble && READ_ONCE(ctrl->plan_kept))
			trouble = "new queue layout";
		/* the state is asked once more: somebody may have begun a reset while we looked */
		if (trouble && gmx_ctrl_state(ctrl) == state) {
			gmx_recovery_reset(ctrl, trouble);
			return;
		}
	}
	mod_delayed_work(gmx_reset_wq, &ctrl->watchdog, HZ);
}
