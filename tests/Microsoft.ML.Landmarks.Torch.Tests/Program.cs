using Microsoft.ML.Landmarks.Tests.Conditions;
using Microsoft.ML.Landmarks.Torch.Tests;

return await MicrosoftTestingPlatformApplication.RunAsync(UnmetConditions.LeaveOut(args));
