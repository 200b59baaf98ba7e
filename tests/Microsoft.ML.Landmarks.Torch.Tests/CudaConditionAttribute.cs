namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>For test classes that need a GPU and libtorch for it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CudaConditionAttribute : ConditionBaseAttribute
{
    public CudaConditionAttribute() : base(ConditionMode.Include) => IgnoreMessage = TorchLibrary.CpuProblem ?? TorchLibrary.CudaProblem;

    public override string GroupName => nameof(CudaConditionAttribute);

    public override bool IsConditionMet => IgnoreMessage is null;
}
