# SPDX-License-Identifier: GPL-2.0-or-later
# each engine, in order and at random, with PRPs, SGLs and a mixture, waited for and polled: data reads back right, and goes that way
# driver: gmx
# limit: 900
for form in use_sgl=0 sgl_threshold=1 sgl_threshold=4096; do
	for polled in 0 1; do
		MODULE_PARAMS="poll_queues=$polled $form"
		one_disk
		queue=$(($(cat "$SYS/queue_count") - 1))
		for engine in libaio io_uring; do
			# libaio does not poll
			[ "$engine $polled" != "libaio 1" ] || continue
			for rw in write randwrite; do
				say "$engine $rw $form polled=$polled"
				ftrace_start gmx/gmx_setup_cmd
				verify --ioengine=$engine --rw=$rw --bsrange=512-256k --iodepth=8 --size=$((SIZE / 32)) \
					$([ "$engine" = libaio ] || echo --hipri=$polled)
				ftrace_stop
				all=$(ftrace_count 'qid=[1-9].*opcode=0x[12] ')
				sgl=$(ftrace_count 'qid=[1-9].*opcode=0x[12] flags=0x[48]0 ')
				ge "$all" 16 "commands"
				case $form in
				use_sgl=0) is "$sgl" 0 "commands by SGL" ;;
				*) ge "$sgl" 1 "commands by SGL" ;;
				esac
				# two pages need no list, and so no SGL
				long=$(ftrace_count 'qid=[1-9].*opcode=0x[12] flags=0x0 .*cdw12=0x[1-9a-f][0-9a-f]+$')
				case $form in
				sgl_threshold=1) is "$long" 0 "commands of more than 8 KiB by PRP" ;;
				use_sgl=0) ge "$long" 1 "commands of more than 8 KiB by PRP" ;;
				esac
				[ $polled = 0 ] || is "$(ftrace_count "qid=$queue .*opcode=0x[12] ")" "$all" "commands by the poll queue"
			done
		done
	done
done
