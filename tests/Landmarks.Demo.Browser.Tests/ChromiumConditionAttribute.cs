namespace Landmarks.Demo.Browser.Tests;

/// <summary>For test classes that need a browser.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ChromiumConditionAttribute : ConditionBaseAttribute
{
    public ChromiumConditionAttribute() : base(ConditionMode.Include) => IgnoreMessage = Chromium.Problem;

    public override string GroupName => nameof(ChromiumConditionAttribute);

    public override bool IsConditionMet => Chromium.Problem is null;
}
