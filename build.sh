#!/usr/bin/env bash
# Builds everything, checks the layout of the code and runs all tests; the search and the pixels once more without vector instructions.
set -euo pipefail
cd "$(dirname "$0")"

dotnet build
dotnet format --verify-no-changes --no-restore
dotnet test
names() { local IFS='|'; echo "${*/#/FullyQualifiedName~}"; }
# A dot ends the name of a folder, with which that of a test may begin: one that starts other programs is slow then.
DOTNET_EnableHWIntrinsic=0 dotnet test --no-build --project tests/Microsoft.ML.Landmarks.Tests --filter \
  "(($(names Landmarks.Tests.{Search,Vectors,Voting,Labels}.))&FullyQualifiedName!~FilterNeighborEngine)|$(names FilterNeighborEngineScalar Landmarks.Tests.Images. GoldenModels HardwareIntrinsics)"
