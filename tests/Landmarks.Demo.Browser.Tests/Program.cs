using Landmarks.Demo.Browser.Tests;
using Microsoft.ML.Landmarks.Tests.Conditions;

return await MicrosoftTestingPlatformApplication.RunAsync(UnmetConditions.LeaveOut(args));
