#!/usr/bin/env bash
# Fits a model on Azure Batch, on a pool that comes and goes with the job, of machines of one size: `bash azure-batch.sh` after `az login`
# and `az batch account login`. After a failure delete the job and run it again: shards that are complete are skipped.
set -euo pipefail

image=${IMAGE:?the container image with landmarks on its PATH}
share=${SHARE:?an NFS share as HOST:/PATH, with photos in it: a folder of photographs for each landmark, and one of none}
subnet=${SUBNET:?the resource id of a subnet that reaches the share}
embed=${EMBED:-8} penalties=${PENALTIES:-4}

requests=$(mktemp -d)
trap 'rm -rf "$requests"' EXIT

cat >"$requests/job.json" <<JSON
{
  "id": "landmarks",
  "usesTaskDependencies": true,
  "onTaskFailure": "performexitoptionsjobaction",
  "poolInfo": {
    "autoPoolSpecification": {
      "poolLifetimeOption": "job",
      "pool": {
        "vmSize": "standard_d8s_v5",
        "targetDedicatedNodes": $embed,
        "virtualMachineConfiguration": {
          "imageReference": {"publisher": "microsoft-dsvm", "offer": "ubuntu-hpc", "sku": "2204", "version": "latest"},
          "nodeAgentSKUId": "batch.node.ubuntu 22.04",
          "containerConfiguration": {"type": "dockerCompatible", "containerImageNames": ["$image"]}
        },
        "networkConfiguration": {"subnetId": "$subnet"},
        "mountConfiguration": [
          {"nfsMountConfiguration": {"source": "$share", "relativeMountPath": "data", "mountOptions": "-o vers=4,minorversion=1,sec=sys"}}
        ]
      }
    }
  }
}
JSON

# Writes a task that begins when those of a range are done, from $2 to $3.
id=0 comma=''
task() {
  id=$((id + 1))
  cat <<JSON
$comma{
  "id": "$id",
  "commandLine": "/bin/sh -c 'exec landmarks $1'",
  "containerSettings": {"imageName": "$image"},
  "constraints": {"maxTaskRetryCount": 3},
  "exitConditions": {"default": {"jobAction": "terminate"}},
  "dependsOn": {"taskIdRanges": [${2:+{\"start\": $2, \"end\": $3\}}]}
}
JSON
  comma=,
}

data='$AZ_BATCH_NODE_MOUNTS_DIR/data'
{
  echo '{"value": ['
  for shard in $(seq "$embed"); do
    task "embed --folder $data/shards --shard $shard/$embed --train-folders $data/photos --non-landmark-folder none --no-cache"
  done
  for shard in $(seq "$penalties"); do
    task "penalties --folder $data/shards --shard $shard/$penalties" 1 "$embed"
  done
  task "merge --folder $data/shards --output $data/landmarks.zip" $((embed + 1)) $((embed + penalties))
  echo ']}'
} >"$requests/tasks.json"

az batch job create --json-file "$requests/job.json"
az batch task create --job-id landmarks --json-file "$requests/tasks.json"
az batch job set --job-id landmarks --on-all-tasks-complete terminatejob
