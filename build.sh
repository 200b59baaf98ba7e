#!/usr/bin/env bash
# Builds everything, checks the layout of the code and runs all tests; the search and the pixels once more without vector instructions.
set -euo pipefail
cd "$(dirname "$0")"

dotnet build
dotnet format --verify-no-changes --no-restore
dotnet test
names() { local IFS='|'; echo "${*/#/FullyQualifiedName~}"; }
DOTNET_EnableHWIntrinsic=0 dotnet test --no-build --project tests/Microsoft.ML.Landmarks.Tests --filter \
  "(($(names Tests.Search Tests.Vectors Tests.Voting Tests.Labels))&FullyQualifiedName!~FilterNeighborEngine)|$(names FilterNeighborEngineScalar Tests.Images GoldenModels HardwareIntrinsics)"
