namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>For test classes that need libtorch.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TorchConditionAttribute : ConditionBaseAttribute
{
    public TorchConditionAttribute() : base(ConditionMode.Include) => IgnoreMessage = TorchLibrary.CpuProblem;

    public override string GroupName => nameof(TorchConditionAttribute);

    public override bool IsConditionMet => TorchLibrary.CpuProblem is null;
}
