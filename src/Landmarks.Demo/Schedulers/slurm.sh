#!/usr/bin/env bash
# Fits a model on the nodes of Slurm: `bash slurm.sh` where jobs are submitted. Nodes see these folders and have landmarks on their PATH.
# After a failure run it again: shards that are complete are skipped. Of several kinds of processors --constraint chooses one.
set -euo pipefail

export PHOTOS=${PHOTOS:-/shared/photos}    # a folder of photographs for each landmark, and one of none
export SHARDS=${SHARDS:-/shared/shards}    # what jobs leave for those after them
export MODEL=${MODEL:-/shared/landmarks.zip}
export EMBED=${EMBED:-8} PENALTIES=${PENALTIES:-4}

# A job that can't come any more, since one before it failed, goes away. One whose node failed or was taken from it is run again.
submit() { sbatch --parsable --requeue --kill-on-invalid-dep=yes --cpus-per-task=8 "$@"; }

embed=$(submit --job-name=landmarks-embed --mem=8G --array="1-$EMBED" <<'JOB'
#!/usr/bin/env bash
exec landmarks embed --folder "$SHARDS" --shard "$SLURM_ARRAY_TASK_ID/$EMBED" \
  --train-folders "$PHOTOS" --non-landmark-folder none --no-cache
JOB
)

penalties=$(submit --job-name=landmarks-penalties --mem=16G --array="1-$PENALTIES" --dependency="afterok:$embed" <<'JOB'
#!/usr/bin/env bash
exec landmarks penalties --folder "$SHARDS" --shard "$SLURM_ARRAY_TASK_ID/$PENALTIES"
JOB
)

submit --job-name=landmarks-merge --mem=32G --dependency="afterok:$penalties" <<'JOB'
#!/usr/bin/env bash
exec landmarks merge --folder "$SHARDS" --output "$MODEL"
JOB
